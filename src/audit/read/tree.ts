import type { Snapshot, TreeEntry } from '../../core/snapshot.ts';
import { globTest, hasWildcards } from '../../core/text/glob.ts';
import { closedFolder, type Destination, followLinks, indexFolders, mayMatchBelow } from './paths.ts';

/** Where a path leads, links followed. */
export type Found =
  | { readonly kind: 'file'; readonly path: string; readonly entry: TreeEntry }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'absent' }
  /** Nobody can tell from here, with the reason. */
  | { readonly kind: 'beyond'; readonly reason: string };

const ABSENT: Found = { kind: 'absent' };

/** The files and folders of one snapshot, as a checkout without its submodules shows them. */
export class SnapshotTree {
  readonly #entries: ReadonlyMap<string, TreeEntry>;
  readonly #folders: ReadonlyMap<string, readonly string[]>;
  /** Submodules, and folders that may not be listed. */
  readonly #closed: readonly (readonly [path: string, entry: TreeEntry])[];
  readonly #readLink: (path: string) => string;
  readonly #globs = new Map<string, readonly string[]>();

  /** `readLink` gives the text of a symbolic link; it may suspend. */
  constructor({ entries }: Snapshot, readLink: (path: string) => string) {
    this.#entries = entries;
    this.#folders = indexFolders(entries.keys());
    this.#closed = [...entries].filter(([, { mode }]) => mode === '160000');
    this.#readLink = readLink;
  }

  find(path: string): Found {
    const direct = this.#entries.get(path);
    const destination = direct && isPlain(direct) ? path : this.#follow(path);
    if (destination === null) return ABSENT;
    if (typeof destination === 'object') return { kind: 'beyond', reason: destination.beyond };
    const entry = this.#entries.get(destination);
    // A submodule is a folder of the checkout, though an empty one.
    if (!entry || entry.mode === '160000') return { kind: 'folder', path: destination };
    return { kind: 'file', path: destination, entry };
  }

  /** What stands at a path itself, links not followed. */
  at(path: string): TreeEntry | 'folder' | undefined {
    return this.#entries.get(path) ?? (this.#folders.has(path) ? 'folder' : undefined);
  }

  /** Names directly in a folder; none where there is no folder. */
  names(folder: string): readonly string[] | { readonly beyond: string } {
    const found = this.find(folder);
    if (found.kind === 'beyond') return { beyond: found.reason };
    if (found.kind !== 'folder') return [];
    const closed = this.#entries.get(found.path);
    if (closed) return { beyond: `the names in it are in ${closedFolder(found.path, closed)}` };
    return this.#folders.get(found.path) ?? [];
  }

  /** Paths of the regular files, links to them included, that match a pattern, bytewise sorted. */
  glob(pattern: string): readonly string[] | { readonly beyond: string } {
    const hidden = this.#hiding(pattern);
    return hidden === undefined ? this.#matching(pattern) : this.#beyond(hidden);
  }

  /** The same, where a pattern that crosses folders does not mean submodules: those are other repositories. */
  files(pattern: string): readonly string[] | { readonly beyond: string } {
    const hidden = this.#hiding(
      pattern,
      (folder, { closed }) => closed !== undefined || pattern.startsWith(`${folder}/`),
    );
    return hidden === undefined ? this.#matching(pattern) : this.#beyond(hidden);
  }

  /** A folder that nobody can look into, that is meant, and in which something may match. */
  #hiding(pattern: string, isMeant: (folder: string, entry: TreeEntry) => boolean = () => true): string | undefined {
    const matches = (part: string, name: string) => globTest(part).test(name);
    const hidden = this.#closed.find(
      ([folder, entry]) => isMeant(folder, entry) && mayMatchBelow(pattern, folder, matches),
    );
    return hidden?.[0];
  }

  #matching(pattern: string): readonly string[] {
    const known = this.#globs.get(pattern);
    if (known) return known;
    const glob = globTest(pattern);
    const found: string[] = [];
    for (const path of this.#candidates(pattern)) {
      if (!glob.test(path)) continue;
      const { kind } = this.find(path);
      if (kind === 'file' || kind === 'beyond') found.push(path);
    }
    found.sort();
    this.#globs.set(pattern, found);
    return found;
  }

  /** Most patterns are plain paths: not all files are looked through for each of them. */
  #candidates(pattern: string): Iterable<string> {
    if (hasWildcards(pattern)) return this.#entries.keys();
    return this.#entries.has(pattern) ? [pattern] : [];
  }

  #beyond(folder: string): { readonly beyond: string } {
    const entry = this.#entries.get(folder);
    return { beyond: `some of it may lie in ${entry ? closedFolder(folder, entry) : folder}` };
  }

  #follow(path: string): Destination {
    return followLinks(path, this.#entries, this.#folders, this.#readLink);
  }
}

function isPlain({ mode }: TreeEntry): boolean {
  return mode === '100644' || mode === '100755';
}
