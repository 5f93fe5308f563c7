import { replacedAtCheckout } from '../../core/content.ts';
import type { Snapshot, TreeEntry } from '../../core/snapshot.ts';
import { type AttributeRule, attributeRules } from './attributes.ts';
import { textOf } from './bytes.ts';

/** How much decoded text of one repo is kept; beyond it, what was used longest ago goes. */
const CACHED_CHARACTERS = 24_000_000;
/** A larger file is not read; the same bound as for gates of our own. */
const LARGEST = 8_000_000;

/** Why a file has no text here; `isPassing` where it may have one next time. */
interface Unavailable {
  readonly unavailable: string;
  readonly isPassing: boolean;
}

export interface Folder {
  readonly names: Map<string, Folder | TreeEntry>;
}

export function isFolder(node: Folder | TreeEntry): node is Folder {
  return 'names' in node;
}

/** A snapshot as a tree of folders, shared by all scripts that look at it; each file is fetched and decoded once. */
export class SnapshotTree {
  readonly snapshot: Snapshot;
  readonly root: Folder = { names: new Map() };
  /** Names by the same in lower case. */
  readonly #folded = new WeakMap<Folder, ReadonlyMap<string, string>>();
  #twins: ReadonlySet<string> | null = null;
  /** By the text of a `.gitattributes`. */
  readonly #attributes = new Map<string, readonly AttributeRule[]>();
  readonly #texts = new Map<string, string>();
  #characters = 0;
  readonly #unavailable = new Map<string, Unavailable>();
  #queue: { readonly paths: Set<string>; readonly arrival: Promise<void> } | null = null;

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    for (const [path, entry] of snapshot.entries) this.#insert(path.split('/'), entry);
  }

  #insert(parts: readonly string[], entry: TreeEntry): void {
    let folder = this.root;
    for (const [index, name] of parts.entries()) {
      if (index === parts.length - 1) {
        folder.names.set(name, entry);
        return;
      }
      const known = folder.names.get(name);
      const next = known && isFolder(known) ? known : { names: new Map() };
      folder.names.set(name, next);
      folder = next;
    }
  }

  /** The node at a path inside the repo, links not followed. */
  at(path: string): Folder | TreeEntry | undefined {
    if (path === '') return this.root;
    const entry = this.snapshot.entries.get(path);
    if (entry) return entry;
    let node: Folder | TreeEntry = this.root;
    for (const name of path.split('/')) {
      const next: Folder | TreeEntry | undefined = isFolder(node) ? node.names.get(name) : undefined;
      if (!next) return undefined;
      node = next;
    }
    return node;
  }

  /** The path that is there and differs from this one in nothing but case: on some disks both are one. */
  spelledAs(path: string): string | undefined {
    let node: Folder | TreeEntry | undefined = this.root;
    const spelled: string[] = [];
    for (const part of path.split('/')) {
      if (!node || !isFolder(node)) return undefined;
      const name: string | undefined = node.names.has(part) ? part : this.#foldedIn(node).get(part.toLowerCase());
      if (name === undefined) return undefined;
      spelled.push(name);
      node = node.names.get(name);
    }
    return spelled.join('/');
  }

  /** Paths beside which there is another that differs from them only in case. */
  get twins(): ReadonlySet<string> {
    this.#twins ??= new Set(twinsIn(this.root, ''));
    return this.#twins;
  }

  #foldedIn(folder: Folder): ReadonlyMap<string, string> {
    const known = this.#folded.get(folder);
    if (known) return known;
    const folded = new Map([...folder.names.keys()].map((name) => [name.toLowerCase(), name]));
    this.#folded.set(folder, folded);
    return folded;
  }

  /** What the text of a `.gitattributes` says, read once for all scripts. */
  attributesIn(text: string): readonly AttributeRule[] {
    const rules = this.#attributes.get(text) ?? attributeRules(text);
    this.#attributes.set(text, rules);
    return rules;
  }

  /** The submodule that a path lies in; what is in there is another repository. */
  submoduleOver(path: string): string | undefined {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (this.snapshot.entries.get(folder)?.mode === '160000') return folder;
    }
    return undefined;
  }

  /** The text of an entry, or why there is none; undefined for what was not fetched yet. */
  known(path: string): string | Unavailable | undefined {
    const text = this.#texts.get(path);
    if (text === undefined) return this.#unavailable.get(path);
    this.#texts.delete(path);
    this.#texts.set(path, text);
    return text;
  }

  /** Fetches the text of an entry. Requests that are made together go out together. Throws `SnapshotError`. */
  fetch(path: string): Promise<void> {
    const size = this.snapshot.entries.get(path)?.size ?? 0;
    if (size > LARGEST) {
      this.#unavailable.set(path, { unavailable: `it is larger than ${LARGEST / 1_000_000} MB`, isPassing: false });
      return Promise.resolve();
    }
    if (!this.#queue) {
      const paths = new Set<string>();
      this.#queue = { paths, arrival: Promise.resolve().then(() => this.#fetchAll(paths)) };
    }
    this.#queue.paths.add(path);
    return this.#queue.arrival;
  }

  async #fetchAll(paths: ReadonlySet<string>): Promise<void> {
    this.#queue = null;
    const contents = await this.snapshot.read([...paths]);
    for (const path of paths) {
      const content = contents.get(path) ?? { unavailable: 'the source gave no answer for it' };
      if ('bytes' in content) this.#decode(path, content.bytes);
      else this.#unavailable.set(path, { ...content, isPassing: true });
    }
  }

  #decode(path: string, bytes: Uint8Array): void {
    const text = textOf(bytes);
    const unavailable = replacedAtCheckout(text);
    if (unavailable === undefined) this.#keep(path, text);
    else this.#unavailable.set(path, { unavailable, isPassing: false });
  }

  #keep(path: string, text: string): void {
    this.#texts.set(path, text);
    this.#characters += text.length;
    for (const [oldest, old] of this.#texts) {
      if (this.#characters <= CACHED_CHARACTERS || oldest === path) break;
      this.#texts.delete(oldest);
      this.#characters -= old.length;
    }
  }
}

function* twinsIn({ names }: Folder, prefix: string): Generator<string> {
  const spellings = new Map<string, string>();
  for (const [name, node] of names) {
    const other = spellings.get(name.toLowerCase());
    if (other !== undefined) yield* [prefix + other, prefix + name];
    spellings.set(name.toLowerCase(), name);
    if (isFolder(node)) yield* twinsIn(node, `${prefix}${name}/`);
  }
}
