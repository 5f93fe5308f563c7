import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileContent, type FileMode, type Snapshot, SnapshotError, type TreeEntry } from '../../core/snapshot.ts';
import { asFileMode, SUBMODULE } from '../file-mode.ts';
import { inParallel } from '../in-parallel.ts';
import { git } from './git.ts';
import { readLog, searchHistory } from './history.ts';
import { placeInClone, whyNoHistory } from './place.ts';

/**
 * Opens a directory as it lies on disk, ignored files included, whether it is a git work tree or not.
 * Only the root of a work tree has uncommitted paths and a history. What lies in a folder that may not be listed is blind, and left out where git ignores it.
 * Throws `SnapshotError` where the directory itself may not be listed.
 */
export async function workTreeSnapshot(directory: string): Promise<Snapshot> {
  const place = await placeInClone(directory);
  const isWorkTree = place.kind === 'root';
  const problem = isWorkTree ? '' : whyNoHistory(directory, place);
  const { submodules, unwatched } = isWorkTree ? await readIndex(directory) : NO_INDEX;
  const entries = new Map(submodules);
  const closed = await walk(directory, '', entries);
  for (const [folder, reason] of closed) {
    if (isWorkTree && (await isIgnored(directory, folder))) continue;
    entries.set(folder, { mode: '160000', sha: null, size: null, closed: reason });
  }
  for (const [path, mode] of unwatched) {
    if (!entries.has(path)) entries.set(path, { mode, sha: null, size: null, closed: NOT_CHECKED_OUT });
  }
  const head = await git(directory, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}').catch(() => undefined);
  const changed = isWorkTree ? await listChanged(directory) : [];
  const isWatched = unwatched.size === 0;
  return {
    repo: directory,
    sha: isWorkTree && isWatched && changed.length === 0 ? (head?.trim() ?? null) : null,
    entries,
    async read(paths) {
      const contents = new Map<string, FileContent>();
      await inParallel(paths, async (path) => {
        const reason = submodules.has(path) ? SUBMODULE : entries.get(path)?.closed;
        contents.set(path, reason === undefined ? await readFromDisk(directory, path) : { unavailable: reason });
      });
      return contents;
    },
    history: async (query) => (isWorkTree ? searchHistory(directory, 'HEAD', query) : { unavailable: problem }),
    log: async (query) => (isWorkTree ? readLog(directory, 'HEAD', query) : { unavailable: problem }),
    uncommitted: async () => changed,
  };
}

/** What the index says that the disk does not. */
interface Index {
  readonly submodules: ReadonlyMap<string, TreeEntry>;
  /** Files that git was told not to look at, as a sparse checkout does: `git status` never names them, whatever lies on disk. */
  readonly unwatched: ReadonlyMap<string, FileMode>;
}

const NO_INDEX: Index = { submodules: new Map(), unwatched: new Map() };
const NOT_CHECKED_OUT =
  'this work tree does not have it, since git was told not to look for it (a sparse checkout); `git sparse-checkout disable` brings it, `--at HEAD` reads the commit';

async function readIndex(directory: string): Promise<Index> {
  const index = await git(directory, 'ls-files', '--stage', '-v', '-z');
  const submodules = new Map<string, TreeEntry>();
  const unwatched = new Map<string, FileMode>();
  for (const record of index.split('\0')) {
    const [, tag = '', mode, sha, path] = /^(\S) (\d+) (\w+) \d\t([\s\S]+)$/.exec(record) ?? [];
    if (!mode || !sha || !path) continue;
    if (mode === '160000') submodules.set(path, { mode, sha, size: null });
    // A small letter stands for `--assume-unchanged`, S and s for `--skip-worktree`.
    else if (/[a-zS]/.test(tag)) unwatched.set(path, asFileMode(mode));
  }
  return { submodules, unwatched };
}

/** Whether git ignores a folder as a whole and knows no file of it: a container's data, say. */
async function isIgnored(directory: string, folder: string): Promise<boolean> {
  const known = await git(directory, 'ls-files', '-z', '--', folder);
  if (known !== '') return false;
  // It takes paths and no patterns, and refuses to be told so.
  const isMatched = git(directory, '--no-literal-pathspecs', 'check-ignore', '--quiet', '--', folder);
  return isMatched.then(
    () => true,
    () => false,
  );
}

/** Adds all files and links, and gives the folders that may not be listed, each with the reason. What `entries` already holds is a submodule and not entered. */
async function walk(
  root: string,
  folder: string,
  entries: Map<string, TreeEntry>,
  closed = new Map<string, string>(),
): Promise<ReadonlyMap<string, string>> {
  const children = await readdir(join(root, folder), { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (folder === '') throw new SnapshotError('forbidden', `${root} cannot be listed (${cause.message})`, { cause });
    closed.set(folder, cause.code ?? cause.message);
    return [];
  });
  await Promise.all(
    children.map(async (child) => {
      const path = folder === '' ? child.name : `${folder}/${child.name}`;
      if (child.name === '.git' || entries.has(path)) return;
      if (child.isDirectory()) await walk(root, path, entries, closed);
      else if (child.isSymbolicLink()) entries.set(path, { mode: '120000', sha: null, size: null });
      else if (child.isFile()) entries.set(path, await fileEntry(join(root, path)));
    }),
  );
  return closed;
}

async function fileEntry(place: string): Promise<TreeEntry> {
  // It may be gone again, or its name may not be UTF-8: then reading it says so.
  const found = await lstat(place).catch(() => undefined);
  return { mode: found && found.mode & 0o100 ? '100755' : '100644', sha: null, size: found?.size ?? null };
}

async function readFromDisk(directory: string, path: string): Promise<FileContent> {
  const place = join(directory, path);
  try {
    const isLink = (await lstat(place)).isSymbolicLink();
    const content = isLink ? await readlink(place, { encoding: 'buffer' }) : await readFile(place);
    return { bytes: new Uint8Array(content.buffer, content.byteOffset, content.length) };
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}

async function listChanged(directory: string): Promise<readonly string[]> {
  const status = await git(directory, 'status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames');
  return status
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => record.slice(3));
}
