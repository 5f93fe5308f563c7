import { stat } from 'node:fs/promises';
import { type Snapshot, SnapshotError, type TreeEntry } from '../../core/snapshot.ts';
import { asFileMode } from '../file-mode.ts';
import { contentOf } from './content-of.ts';
import { git, readObjects } from './git.ts';
import { readLog, searchHistory } from './history.ts';
import { workTreeSnapshot } from './work-tree.ts';

/**
 * Opens a local clone, bare or not.
 * With `at` (any revision) it is that commit; without, the work tree as it lies on disk, uncommitted and ignored files included.
 * Throws `SnapshotError`: `not-found` for a directory or revision that does not exist, `empty` for a repository without commits, `transport` for one that git cannot read.
 */
export async function directorySnapshot(directory: string, at?: string): Promise<Snapshot> {
  try {
    return await open(directory, at);
  } catch (cause) {
    if (cause instanceof SnapshotError || !(cause instanceof Error)) throw cause;
    throw new SnapshotError('transport', `${directory} cannot be read (${cause.message})`, { cause });
  }
}

async function open(directory: string, at: string | undefined): Promise<Snapshot> {
  if (at !== undefined) return commitSnapshot(directory, at);
  await requireDirectory(directory);
  // A bare repository, or the `.git` of one that is not.
  const isGitDirectory = await git(directory, 'rev-parse', '--is-inside-git-dir').catch(() => 'false');
  return isGitDirectory.trim() === 'true' ? commitSnapshot(directory, 'HEAD') : workTreeSnapshot(directory);
}

async function requireDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) throw new SnapshotError('not-found', `${directory} is not a directory`);
}

async function commitSnapshot(directory: string, revision: string): Promise<Snapshot> {
  const sha = await resolveCommit(directory, revision);
  const entries = new Map<string, TreeEntry>();
  for (const record of (await git(directory, 'ls-tree', '-r', '-l', '-z', '--full-tree', sha)).split('\0')) {
    // The size is `-` for a submodule and `BAD` for an object that the clone lacks.
    const [, mode, id, size = '', path] = /^(\d+) \w+ (\w+) +(\S+)\t([\s\S]+)$/.exec(record) ?? [];
    if (!mode || !id || !path) continue;
    entries.set(path, { mode: asFileMode(mode), sha: id, size: /^\d+$/.test(size) ? Number(size) : null });
  }
  return {
    repo: directory,
    sha,
    entries,
    async read(paths) {
      const files = paths.filter((path) => entries.get(path)?.mode !== '160000');
      const objects = await readObjects(
        directory,
        files.flatMap((path) => entries.get(path)?.sha ?? []),
      );
      return new Map(paths.map((path) => [path, contentOf(entries.get(path), objects)]));
    },
    history: (query) => searchHistory(directory, sha, query),
    log: (query) => readLog(directory, sha, query),
    uncommitted: async () => [],
  };
}

/** The full sha of a revision. Throws `SnapshotError` that says what is missing: the directory, a repository, any commit, this one. */
export async function resolveCommit(directory: string, revision: string): Promise<string> {
  await requireDirectory(directory);
  try {
    const commit = `${revision}^{commit}`;
    return (await git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', commit)).trim();
  } catch (cause) {
    await git(directory, 'rev-parse', '--git-dir').catch((reason: Error) => {
      const message = `${directory} cannot be opened as a git repository (${reason.message})`;
      throw new SnapshotError('not-found', message, { cause: reason });
    });
    const isEmpty = (await git(directory, 'rev-list', '-n', '1', '--all')).trim() === '';
    if (isEmpty) throw new SnapshotError('empty', `${directory} has no commit yet`, { cause });
    throw new SnapshotError('not-found', `${directory} has no commit ${JSON.stringify(revision)}`, { cause });
  }
}

/** The commit where `one` and `other` parted. Throws `SnapshotError` where a revision is missing or they share none. */
export async function mergeBase(directory: string, one: string, other: string): Promise<string> {
  const [from, to] = [await resolveCommit(directory, one), await resolveCommit(directory, other)];
  const found = await git(directory, 'merge-base', from, to).catch(() => '');
  if (found.trim() !== '') return found.trim();
  const message = `${one} and ${other} share no commit in ${directory}; a shallow clone needs more history (git fetch --unshallow)`;
  throw new SnapshotError('not-found', message);
}
