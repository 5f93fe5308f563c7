import type { Snapshot, TreeEntry } from '../../core/snapshot.ts';
import { globTest } from '../../core/text/glob.ts';
import { type Destination, followLinks, indexFolders, mayMatchBelow } from './paths.ts';

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
  readonly #submodules: readonly string[];
  readonly #readLink: (path: string) => string;
  readonly #globs = new Map<string, readonly string[]>();

  /** `readLink` gives the text of a symbolic link; it may suspend. */
  constructor({ entries }: Snapshot, readLink: (path: string) => string) {
    this.#entries = entries;
    this.#folders = indexFolders(entries.keys());
    this.#submodules = [...entries].filter(([, { mode }]) => mode === '160000').map(([path]) => path);
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
    if (this.#entries.has(found.path)) return { beyond: `${found.path} is a submodule` };
    return this.#folders.get(found.path) ?? [];
  }

  /** Paths of the regular files, links to them included, that match a pattern, bytewise sorted. */
  glob(pattern: string): readonly string[] | { readonly beyond: string } {
    const hidden = this.#hiding(pattern);
    return hidden === undefined ? this.#matching(pattern) : beyondSubmodule(hidden);
  }

  /** The same, where a pattern that crosses folders does not mean submodules: those are other repositories. */
  files(pattern: string): readonly string[] | { readonly beyond: string } {
    const hidden = this.#hiding(pattern);
    return hidden === undefined || !pattern.startsWith(`${hidden}/`)
      ? this.#matching(pattern)
      : beyondSubmodule(hidden);
  }

  /** A submodule in which something may match. */
  #hiding(pattern: string): string | undefined {
    const matches = (part: string, name: string) => globTest(part).test(name);
    return this.#submodules.find((folder) => mayMatchBelow(pattern, folder, matches));
  }

  #matching(pattern: string): readonly string[] {
    const known = this.#globs.get(pattern);
    if (known) return known;
    const glob = globTest(pattern);
    const found: string[] = [];
    for (const path of this.#entries.keys()) {
      if (!glob.test(path)) continue;
      const { kind } = this.find(path);
      if (kind === 'file' || kind === 'beyond') found.push(path);
    }
    found.sort();
    this.#globs.set(pattern, found);
    return found;
  }

  #follow(path: string): Destination {
    return followLinks(path, this.#entries, this.#folders, this.#readLink);
  }
}

function beyondSubmodule(folder: string): { readonly beyond: string } {
  return { beyond: `some of it may lie in the submodule ${folder}` };
}

function isPlain({ mode }: TreeEntry): boolean {
  return mode === '100644' || mode === '100755';
}
