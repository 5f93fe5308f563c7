import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Commit,
  type FileContent,
  type FileMode,
  type HistoryAnswer,
  type HistoryQuery,
  type Snapshot,
  SnapshotError,
  type TreeEntry,
} from '../core/snapshot.ts';
import { git, readObjects } from './git.ts';

/**
 * Opens a local clone, bare or not.
 * With `at` (any revision) it is that commit; without, the work tree as it lies on disk, uncommitted and ignored files included.
 * Throws `SnapshotError`: `not-found` for a directory or revision that does not exist, `empty` for a repository without commits.
 */
export async function directorySnapshot(directory: string, at?: string): Promise<Snapshot> {
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) throw new SnapshotError('not-found', `${directory} is not a directory`);
  const isBare = (await git(directory, 'rev-parse', '--is-bare-repository').catch(() => 'false')).trim() === 'true';
  if (at !== undefined) return commitSnapshot(directory, at);
  return isBare ? commitSnapshot(directory, 'HEAD') : workTreeSnapshot(directory);
}

async function commitSnapshot(directory: string, revision: string): Promise<Snapshot> {
  const sha = await resolveCommit(directory, revision);
  const entries = new Map<string, TreeEntry>();
  for (const record of (await git(directory, 'ls-tree', '-r', '-l', '-z', '--full-tree', sha)).split('\0')) {
    const [, mode, blob, size, path] = /^(\d+) \w+ (\w+) +(-|\d+)\t([\s\S]+)$/.exec(record) ?? [];
    if (!mode || !blob || !path) continue;
    entries.set(path, {
      mode: mode as FileMode,
      sha: blob,
      size: size === '-' ? null : Number(size),
    });
  }
  return {
    repo: directory,
    sha,
    entries,
    async read(paths) {
      const ids = paths.map((path) => entries.get(path)?.sha ?? '');
      const objects = await readObjects(directory, ids);
      return new Map(paths.map((path, index) => [path, contentOf(objects.get(ids[index] ?? ''))]));
    },
    history: (query) => searchHistory(directory, sha, query),
    uncommitted: async () => [],
  };
}

function contentOf(bytes: Uint8Array | undefined): FileContent {
  return bytes ? { bytes } : { unavailable: 'the object is not in this clone' };
}

async function resolveCommit(directory: string, revision: string): Promise<string> {
  try {
    return (
      await git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`)
    ).trim();
  } catch (cause) {
    const isRepository = await git(directory, 'rev-parse', '--git-dir').catch(() => undefined);
    if (isRepository === undefined)
      throw new SnapshotError('not-found', `${directory} is not a git repository`, { cause });
    const isEmpty = (await git(directory, 'rev-list', '-n', '1', '--all')).trim() === '';
    if (isEmpty) throw new SnapshotError('empty', `${directory} has no commit yet`, { cause });
    throw new SnapshotError('not-found', `${directory} has no commit ${JSON.stringify(revision)}`, {
      cause,
    });
  }
}

async function workTreeSnapshot(directory: string): Promise<Snapshot> {
  const entries = new Map<string, TreeEntry>();
  await walk(directory, '', entries);
  const head = await git(directory, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}').catch(() => undefined);
  const isRoot = head !== undefined && (await git(directory, 'rev-parse', '--show-prefix')).trim() === '';
  const changed = isRoot ? await changedPaths(directory) : [];
  return {
    repo: directory,
    sha: isRoot && changed.length === 0 ? (head?.trim() ?? null) : null,
    entries,
    async read(paths) {
      return new Map(
        await Promise.all(paths.map(async (path) => [path, await readFromDisk(directory, path)] as const)),
      );
    },
    async history(query) {
      return isRoot
        ? searchHistory(directory, 'HEAD', query)
        : { unavailable: `${directory} is not the root of a git repository` };
    },
    uncommitted: async () => changed,
  };
}

async function walk(root: string, folder: string, entries: Map<string, TreeEntry>): Promise<void> {
  const children = await readdir(join(root, folder), { withFileTypes: true });
  await Promise.all(
    children.map(async (child) => {
      const path = folder === '' ? child.name : `${folder}/${child.name}`;
      if (child.isDirectory()) {
        if (child.name !== '.git') await walk(root, path, entries);
      } else if (child.isSymbolicLink()) entries.set(path, { mode: '120000', sha: null, size: null });
      else if (child.isFile() && child.name !== '.git') {
        const { mode, size } = await lstat(join(root, path));
        entries.set(path, { mode: mode & 0o100 ? '100755' : '100644', sha: null, size });
      }
    }),
  );
}

async function readFromDisk(directory: string, path: string): Promise<FileContent> {
  const place = join(directory, path);
  try {
    const isLink = (await lstat(place)).isSymbolicLink();
    return {
      bytes: isLink ? new TextEncoder().encode(await readlink(place)) : new Uint8Array(await readFile(place)),
    };
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}

async function changedPaths(directory: string): Promise<readonly string[]> {
  const status = await git(directory, 'status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames');
  return status
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => record.slice(3));
}

/** What git takes for a number. */
const MAX_COUNT = 2 ** 31 - 1;

/** `HEAD` in a query means the snapshot, whatever the clone has checked out. */
async function searchHistory(directory: string, head: string, query: HistoryQuery): Promise<HistoryAnswer> {
  const { paths, limit } = query;
  const after = query.after.replace(/^(?:HEAD|@)(?![\w{/.-])/, head);
  const isAncestor = await git(directory, 'merge-base', '--is-ancestor', '--end-of-options', after, head).then(
    () => true,
    () => false,
  );
  if (!isAncestor) return { isAncestor, commits: [] };
  const count = limit === null ? [] : [`--max-count=${Math.min(limit, MAX_COUNT)}`];
  const format = ['--no-show-signature', '--format=%H%n%B%x00'];
  const log = await git(directory, 'log', ...format, ...count, `${after}..${head}`, '--', ...paths);
  const commits = log
    .split('\0')
    .map((record) => record.replace(/^\n/, ''))
    .filter((record) => record !== '')
    .map(parseCommit);
  return { isAncestor, commits };
}

function parseCommit(record: string): Commit {
  const end = record.indexOf('\n');
  return { sha: record.slice(0, end), message: record.slice(end + 1) };
}
