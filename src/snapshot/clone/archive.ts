import type { CommitGraph } from '../../core/commit-graph.ts';
import type { FileContent, FileMode, Snapshot, TreeEntry } from '../../core/snapshot.ts';
import { SnapshotError } from '../../core/snapshot.ts';
import { asFileMode } from '../file-mode.ts';
import { cloneCommitGraph } from './commit-graph.ts';
import { contentOf } from './content-of.ts';
import { readLog, searchHistory } from './history.ts';
import { type ObjectReader, openObjects } from './objects.ts';

/** A local clone of which many commits are read: its processes stay, and what commits share is read once. */
export interface CloneArchive {
  readonly graph: CommitGraph;
  /** The snapshot of a commit, by its full sha. Throws `SnapshotError` where the clone lacks it. */
  readonly open: (sha: string) => Promise<Snapshot>;
  readonly close: () => void;
}

/** Folders of which the entries are remembered, and blobs of which the sizes are. */
const MOST_REMEMBERED = 50_000;

export function cloneArchive(directory: string): CloneArchive {
  const objects = openObjects(directory);
  const folders = new Map<string, readonly Named[]>();
  const sizes = new Map<string, number>();
  return {
    graph: cloneCommitGraph(directory),
    async open(sha) {
      const root = await treeOf(sha, directory, objects);
      await readFolders(root, objects, folders);
      const entries = new Map<string, TreeEntry>();
      addEntries(root, '', folders, entries);
      await addSizes(entries, objects, sizes);
      for (const memory of [folders, sizes]) if (memory.size > MOST_REMEMBERED) memory.clear();
      return {
        repo: directory,
        sha,
        entries,
        read: (paths) => readFiles(paths, entries, objects),
        history: (query) => searchHistory(directory, sha, query),
        log: (query) => readLog(directory, sha, query),
        uncommitted: async () => [],
      };
    },
    close: () => objects.close(),
  };
}

/** An entry of a folder, by its name there. */
interface Named {
  readonly name: string;
  readonly id: string;
  /** Null for a folder. */
  readonly mode: FileMode | null;
}

async function treeOf(sha: string, directory: string, objects: ObjectReader): Promise<string> {
  const commit = (await objects.contents([sha])).get(sha);
  const tree = commit && /^tree ([0-9a-f]{40})\n/.exec(new TextDecoder().decode(commit))?.[1];
  if (tree) return tree;
  throw new SnapshotError('not-found', `${directory} has no commit ${JSON.stringify(sha)}`);
}

/** Reads a tree and all folders below it that are not remembered, a level at a time. */
async function readFolders(root: string, objects: ObjectReader, folders: Map<string, readonly Named[]>): Promise<void> {
  const seen = new Set<string>();
  let level = [root];
  while (level.length > 0) {
    const unknown = level.filter((id) => !folders.has(id));
    const contents = await objects.contents(unknown);
    for (const id of unknown) folders.set(id, parseTree(contents.get(id) ?? new Uint8Array()));
    const below = level.flatMap((id) => (folders.get(id) ?? []).flatMap((one) => (one.mode === null ? [one.id] : [])));
    level = [...new Set(below)].filter((id) => !seen.has(id));
    for (const id of level) seen.add(id);
  }
}

/** `mode name NUL` and the 20 bytes of an id, again and again. */
function parseTree(bytes: Uint8Array): readonly Named[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Named[] = [];
  for (let at = 0; at < buffer.length; ) {
    const space = buffer.indexOf(' ', at);
    const end = buffer.indexOf(0, space);
    const mode = buffer.toString('latin1', at, space);
    const id = buffer.toString('hex', end + 1, end + 21);
    found.push({ name: buffer.toString('utf8', space + 1, end), id, mode: mode === '40000' ? null : asFileMode(mode) });
    at = end + 21;
  }
  return found;
}

function addEntries(
  folder: string,
  prefix: string,
  folders: ReadonlyMap<string, readonly Named[]>,
  entries: Map<string, TreeEntry>,
): void {
  for (const { name, id, mode } of folders.get(folder) ?? []) {
    if (mode === null) addEntries(id, `${prefix}${name}/`, folders, entries);
    else entries.set(`${prefix}${name}`, { mode, sha: id, size: null });
  }
}

async function addSizes(entries: Map<string, TreeEntry>, objects: ObjectReader, sizes: Map<string, number>) {
  const unknown = new Set<string>();
  for (const { sha, mode } of entries.values()) if (sha && mode !== '160000' && !sizes.has(sha)) unknown.add(sha);
  for (const [id, size] of await objects.sizes([...unknown])) sizes.set(id, size);
  for (const [path, entry] of entries) {
    const size = entry.mode === '160000' ? null : (sizes.get(entry.sha ?? '') ?? null);
    if (size !== null) entries.set(path, { ...entry, size });
  }
}

async function readFiles(
  paths: readonly string[],
  entries: ReadonlyMap<string, TreeEntry>,
  objects: ObjectReader,
): Promise<ReadonlyMap<string, FileContent>> {
  const ids = paths.flatMap((path) => {
    const entry = entries.get(path);
    return entry?.sha && entry.mode !== '160000' ? [entry.sha] : [];
  });
  const contents = await objects.contents([...new Set(ids)]);
  return new Map(paths.map((path) => [path, contentOf(entries.get(path), contents)]));
}
