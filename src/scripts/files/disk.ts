import type { TreeEntry } from '../../core/snapshot.ts';
import { entryAnswer, listingAnswer } from '../../core/trace.ts';
import { absolute, type FileStat, inFolder, type MakingFolder, nameOf, parentOf } from '../shell/file-system.ts';
import type { Access, Mount, Places } from './access.ts';
import { attributesIn, changedBy, foldersAbove } from './attributes.ts';
import { byteLength } from './bytes.ts';
import { DESCRIPTORS, isScratch, SCRATCH, SYSTEM } from './machine-folders.ts';
import type { Node, Scratch } from './node.ts';
import { readsNames, readsPath, touchesPath } from './touches.ts';
import { type Folder, isFolder, type SnapshotTree } from './tree.ts';

/** How a need of a place begins that the machine may have. */
export const PLACE = 'the path ';
const MOST_LINKS = 40;
const LINKS: Readonly<Record<string, string>> = { '/dev/stdin': '/dev/fd/0' };
const NO_SUCH_FILE = 'No such file or directory';

/** A file's text is not here yet: once its tree has fetched it, the same question is answered. */
export class NotFetched extends Error {
  override readonly name = 'NotFetched';
  readonly tree: SnapshotTree;
  readonly path: string;

  constructor({ tree }: Mount, path: string) {
    super(`${path} is not fetched yet`);
    this.tree = tree;
    this.path = path;
  }
}

/**
 * The snapshots where scripts expect them, with a layer in memory on top: what a script writes, only that script sees.
 * Every method may throw `NotFetched`, before it has changed anything.
 */
export class Disk {
  readonly #mounts: readonly Mount[];
  readonly #access: Access;
  readonly #home: string;
  readonly #siblings: readonly string[];
  readonly #absent: readonly string[];
  readonly #scratch = new Map<string, Scratch>();
  readonly #folders = new Set<string>();
  #changes = 0;

  constructor(mounts: readonly Mount[], { home, siblings, absent = [] }: Places, access: Access) {
    // The innermost mount comes first, where one lies in another.
    this.#mounts = [...mounts].sort((one, other) => other.root.length - one.root.length);
    this.#access = access;
    this.#home = home;
    this.#siblings = [...siblings.values()];
    this.#absent = absent;
    // A checkout's own folder is seen, as in any clone; what lies in it is not known.
    const roots = mounts.flatMap(({ root }) => [root, `${root}/.git`]);
    for (const path of [...SYSTEM, home, ...roots]) {
      for (let folder = path; !this.#folders.has(folder); folder = parentOf(folder)) this.#folders.add(folder);
    }
  }

  mountOf(path: string): Mount | undefined {
    return this.#mounts.find((mount) => inFolder(path, mount.root));
  }

  /** Folders at the very top, as far as they are here. */
  get tops(): readonly string[] {
    return [...this.#folders].filter((folder) => folder !== '/' && parentOf(folder) === '/').map(nameOf);
  }

  /** How often something was written or made. */
  get changes(): number {
    return this.#changes;
  }

  /** What the script has put into a checkout or taken from it, by paths from its root. */
  written({ root }: Mount): ReadonlyMap<string, Scratch> {
    const inside = [...this.#scratch].filter(([path]) => path !== root && this.mountOf(path)?.root === root);
    return new Map(inside.map(([path, node]) => [path.slice(root.length + 1), node]));
  }

  /** Remembers what has been written; the function that it returns undoes what was written since. */
  checkpoint(): () => void {
    const before = [...this.#scratch].map(([path, node]) => ({ path, node, was: { ...node } }));
    return () => {
      this.#scratch.clear();
      // A file stays the same one: whoever has it open goes on writing to it.
      for (const { path, node, was } of before) this.#scratch.set(path, Object.assign(node, was));
    };
  }

  /** Without `isAsking`, the answer makes no difference to the script: it is about to make what it names, or to remove it. */
  stat(path: string, follow = true, isAsking = true): FileStat | null {
    const node = this.#resolve(path, follow, isAsking);
    return node && this.#statOf(node.node);
  }

  #statOf(node: Node): FileStat {
    if (node.kind === 'file') return { kind: 'file', mode: node.mode, size: byteLength(node.text) };
    if (node.kind === 'sealed') return this.#statOfSealed(node);
    if (node.kind === 'folder') return { kind: 'folder', mode: node.mode, size: 4096 };
    if (node.kind === 'link') return { kind: 'link', mode: 0o777, size: byteLength(node.target) };
    if (node.kind === 'device') return { kind: 'device', mode: 0o666, size: 0 };
    const { mode, size } = node.entry;
    if (mode === '160000') return { kind: 'folder', mode: this.#checkedOut(0o777), size: 4096 };
    const bits = this.#checkedOut(mode === '100755' ? 0o777 : 0o666);
    return { kind: 'file', mode: bits, size: size ?? byteLength(this.#textOf(node) ?? ''), origin: 'checkout' };
  }

  /** Git keeps who may execute a file, and nothing else of its rights. */
  #checkedOut(mode: number): number {
    return mode & ~this.#access.surroundings.umask;
  }

  #made(mode: number): number {
    return mode & ~this.#access.umask();
  }

  #statOfSealed({ mode, what }: Extract<Node, { kind: 'sealed' }>): FileStat {
    const access = this.#access;
    return {
      kind: 'file',
      mode,
      origin: 'made',
      get size() {
        access.needs(what);
        return 1;
      },
    };
  }

  read(path: string): string | null {
    const found = this.#resolve(path, true);
    if (!found) return null;
    this.#access.races.needsOrder(found.path);
    if (found.node.kind === 'device') return '';
    if (found.node.kind === 'sealed') this.#access.needs(found.node.what);
    return found.node.kind === 'file' || found.node.kind === 'entry' ? this.#textOf(found.node) : null;
  }

  #textOf(node: Extract<Node, { kind: 'file' | 'entry' }>): string | null {
    if (node.kind === 'file') return node.text;
    if (node.entry.mode === '160000') return null;
    const { mount, path } = node;
    const text = this.#contentOf(mount, path);
    const attribute = text === null ? undefined : changedBy(path, this.#attributesAbove(mount, path));
    if (attribute !== undefined) this.#access.needs(`${path} as git checks it out, with ${attribute}`);
    return text;
  }

  /** What the repository holds at a path. Null where that cannot be read, which is a need. */
  #contentOf(mount: Mount, path: string): string | null {
    const text = mount.tree.known(path);
    if (text === undefined) throw new NotFetched(mount, path);
    if (typeof text === 'string') return text;
    this.#access.needs(`${path}, which could not be read: ${text.unavailable}`, text.isPassing);
    return null;
  }

  /** What git makes of a file as it checks it out need not be what the repository holds. */
  #attributesAbove(mount: Mount, path: string) {
    return foldersAbove(path).flatMap((folder) => {
      const file = attributesIn(folder);
      const entry = mount.tree.snapshot.entries.get(file);
      this.#access.asked(mount, 'entry', file, entryAnswer(entry));
      const text = entry?.mode.startsWith('100') ? this.#contentOf(mount, file) : null;
      return text === null ? [] : [[folder, mount.tree.attributesIn(text)] as const];
    });
  }

  list(path: string): readonly string[] | null {
    return this.#list(path, true);
  }

  #list(path: string, isAsking: boolean): readonly string[] | null {
    const found = this.#resolve(path, true);
    if (found?.node.kind === 'entry' && found.node.entry.mode === '160000')
      this.#access.needs(`what lies in the submodule ${found.node.path}`);
    if (found?.node.kind !== 'folder') return null;
    const folder = found.path;
    readsNames(this.#access.races, folder);
    const names = new Set<string>(this.#namesIn(folder, isAsking && !this.#isOwn(found.node, folder)));
    for (const known of this.#folders) if (known !== '/' && parentOf(known) === folder) names.add(nameOf(known));
    for (const [written, node] of this.#scratch) {
      if (parentOf(written) !== folder) continue;
      if (node.kind === 'gone') names.delete(nameOf(written));
      else names.add(nameOf(written));
    }
    return [...names].sort();
  }

  /** The same in the order of the disk, which is the machine's. */
  scan(path: string): readonly string[] | null {
    const names = this.list(path);
    if (names === null || names.length < 2) return names;
    this.#access.leansOn('listing');
    return this.#access.surroundings.listing === 'forward' ? names : [...names].reverse();
  }

  /** Whether the script made a folder, so that it knows what is in it. */
  #isOwn(node: Extract<Node, { kind: 'folder' }>, folder: string): boolean {
    return folder === DESCRIPTORS || (this.#scratch.has(folder) && !node.isShared);
  }

  #namesIn(folder: string, isAsking: boolean): readonly string[] {
    const mount = this.mountOf(folder);
    if (!mount) {
      // Every machine has a folder such as `/etc`, and each has something else in it.
      if (isAsking) this.#access.needs(`what lies in ${folder}`);
      return [];
    }
    const path = folder.slice(mount.root.length + 1);
    const node = mount.tree.at(this.#spelledAs(mount, path) ?? path);
    const names = node && isFolder(node) ? [...node.names.keys()].sort() : [];
    if (isAsking) for (const twin of mount.tree.twins) if (parentOf(`/${twin}`) === `/${path}`) this.#tellsCase(twin);
    this.#access.asked(mount, 'names', path, listingAnswer(names));
    return names;
  }

  readLink(path: string): string | null {
    const found = this.#resolve(path, false);
    if (found?.node.kind === 'link') return found.node.target;
    return null;
  }

  realPath(path: string): string | null {
    return this.#resolve(path, true)?.path ?? null;
  }

  /** Follows links in all parts of the path, and in the last one where asked. */
  #resolve(path: string, follow: boolean, isAsking = true, isReading = isAsking): { path: string; node: Node } | null {
    let left = MOST_LINKS;
    let done = '';
    const parts = path.split('/').filter((part) => part !== '');
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      const here = `${done}/${part}`;
      if (isReading || parts.length > 0) readsPath(this.#access.races, here);
      const node = this.#nodeAt(here);
      if (!node) {
        const missing = [here, ...parts].join('/');
        this.#outside(missing);
        if (isAsking && this.#mayBeThere(missing) && !this.#isStatedAbsent(missing))
          this.#access.needs(`whether there is ${missing}`);
        return null;
      }
      if (node.kind === 'link' && (parts.length > 0 || follow)) {
        if (left-- === 0) return null;
        const target = absolute(done === '' ? '/' : done, node.target);
        parts.unshift(...target.split('/').filter((piece) => piece !== ''));
        done = '';
        continue;
      }
      if (parts.length > 0 && node.kind !== 'folder') return null;
      done = here;
      if (parts.length === 0) return { path: here, node };
    }
    return { path: '/', node: { kind: 'folder', mode: 0o755 } };
  }

  #nodeAt(path: string): Node | null {
    const written = this.#scratch.get(path);
    if (written?.kind === 'gone') return null;
    if (written) return written;
    if (/^\/dev\/(?:null|tty|stdin|stdout|stderr|zero|u?random)$/.test(path)) {
      if (/random|tty|zero/.test(path)) this.#access.needs(path);
      return LINKS[path] ? { kind: 'link', target: LINKS[path] } : { kind: 'device' };
    }
    const mount = this.mountOf(path);
    if (mount) return this.#inMount(mount, path);
    return this.#folders.has(path) ? { kind: 'folder', mode: 0o755 } : null;
  }

  #inMount(mount: Mount, path: string): Node | null {
    const folder: Node = { kind: 'folder', mode: this.#checkedOut(0o777) };
    if (path === mount.root) return folder;
    const inner = path.slice(mount.root.length + 1);
    if (inner === '.git') return folder;
    if (inner.startsWith('.git/')) {
      this.#access.needs(`the file ${inner}`);
      return null;
    }
    const submodule = mount.tree.submoduleOver(inner);
    if (submodule !== undefined) this.#access.needs(`what lies in the submodule ${submodule}`);
    const node: Folder | TreeEntry | undefined = mount.tree.at(inner);
    this.#access.asked(mount, 'entry', inner, entryAnswer(node && isFolder(node) ? 'folder' : node));
    if (mount.tree.twins.has(inner)) this.#tellsCase(inner);
    const spelled = node ? undefined : this.#spelledAs(mount, inner);
    if (spelled !== undefined) return this.#inMount(mount, `${mount.root}/${spelled}`);
    if (!node || isFolder(node)) {
      const isMountAbove = !node && this.#folders.has(path);
      return node || isMountAbove ? folder : null;
    }
    if (node.mode !== '120000') return { kind: 'entry', mount, path: inner, entry: node };
    const target = this.#textOf({ kind: 'entry', mount, path: inner, entry: node });
    return { kind: 'link', target: target ?? '' };
  }

  /** Nothing is known about other places but that some are absent, so a question about one makes the verdict blind. */
  #outside(path: string): void {
    if (this.mountOf(path)) return;
    if (isScratch(path) || inFolder(path, DESCRIPTORS) || (this.#folders.has(path) && path !== this.#home)) return;
    if (this.#isStatedAbsent(path)) return;
    const shown = inFolder(path, this.#home) ? `~${path.slice(this.#home.length)}` : path;
    this.#access.needs(PLACE + shown);
  }

  #isStatedAbsent(path: string): boolean {
    const place = this.#absent.find((folder) => inFolder(path, folder));
    if (place === undefined || this.#siblings.some((root) => inFolder(path, root))) return false;
    this.#access.foundAbsent(place);
    return true;
  }

  /** Whether something may be where scripts put what they make that this script has neither made nor removed. */
  #mayBeThere(path: string): boolean {
    if (this.mountOf(path) || !isScratch(path)) return false;
    for (let known = path; !SCRATCH.includes(known); known = parentOf(known)) {
      const node = this.#scratch.get(known);
      if (node) return node.kind === 'folder' && node.isShared === true;
    }
    return true;
  }

  #tellsCase(path: string): void {
    this.#access.needs(`a disk that tells ${path} from the same in other letters`);
  }

  /** Where the disk does not tell upper case from lower: the path that is there, for one that is not. */
  #spelledAs({ tree }: Mount, path: string): string | undefined {
    if (tree.at(path)) return undefined;
    const spelled = tree.spelledAs(path);
    if (spelled === undefined) return undefined;
    this.#access.leansOn('system');
    return this.#access.surroundings.system === 'Darwin' ? spelled : undefined;
  }

  open(path: string, append: boolean): { write(text: string): void } | { readonly fault: string } {
    const found = this.#resolve(path, true, append, false);
    if (found?.node.kind === 'folder') return { fault: 'Is a directory' };
    if (found?.node.kind === 'device') return { write() {} };
    this.#changes++;
    const target = found?.path ?? this.#creatable(path);
    if (target === null) return { fault: NO_SUCH_FILE };
    touchesPath(this.#access.races, target, append ? 'adds' : 'changes', !found);
    const known = this.#scratch.get(target);
    if (known?.kind === 'file') {
      if (!append) known.text = '';
      return this.#appendingTo(known, target);
    }
    const before = append && found ? this.read(path) : null;
    const mode = found ? this.#statOf(found.node).mode : this.#made(0o666);
    const file = { kind: 'file' as const, text: before ?? '', mode };
    this.#scratch.set(target, file);
    return this.#appendingTo(file, target);
  }

  seal(path: string, what: string): string | null {
    const found = this.#resolve(path, true, false);
    if (found?.node.kind === 'folder' || found?.node.kind === 'device') return 'Is no file';
    const target = found?.path ?? this.#creatable(path);
    if (target === null) return NO_SUCH_FILE;
    this.#changes++;
    touchesPath(this.#access.races, target, 'changes', !found);
    this.#scratch.set(target, { kind: 'sealed', what, mode: this.#made(0o666) });
    return null;
  }

  /** The path under which something new may be made; null when its folder is not there. */
  #creatable(path: string): string | null {
    const folder = this.#resolve(parentOf(path), true);
    if (folder?.node.kind !== 'folder') return null;
    return folder.path === '/' ? `/${nameOf(path)}` : `${folder.path}/${nameOf(path)}`;
  }

  makeFolder(path: string, how: MakingFolder = 'alone'): string | null {
    this.#changes++;
    const found = this.#resolve(path, true, how === 'alone');
    if (found) return how === 'with parents' && found.node.kind === 'folder' ? null : 'File exists';
    const parent = parentOf(path);
    if (how === 'with parents' && !this.#resolve(parent, true, false)) {
      const fault = this.makeFolder(parent, how);
      if (fault) return fault;
    }
    const target = this.#creatable(path);
    if (target === null) return NO_SUCH_FILE;
    touchesPath(this.#access.races, target, 'changes', true);
    const isShared = how === 'with parents' && this.#mayBeThere(target);
    this.#scratch.set(target, { kind: 'folder', mode: this.#made(0o777), ...(isShared ? { isShared } : {}) });
    return null;
  }

  remove(path: string): string | null {
    this.#changes++;
    const found = this.#resolve(path, false, false);
    touchesPath(this.#access.races, found?.path ?? path, 'changes', true);
    if (!found) {
      // It is not there from now on, whether it was or not.
      if (this.#mayBeThere(path)) this.#scratch.set(path, { kind: 'gone' });
      return NO_SUCH_FILE;
    }
    if (found.node.kind === 'folder') {
      for (const name of this.#list(path, false) ?? []) this.remove(`${found.path}/${name}`);
    }
    this.#scratch.set(found.path, { kind: 'gone' });
    return null;
  }

  chmod(path: string, mode: number): string | null {
    this.#changes++;
    const found = this.#resolve(path, true);
    if (!found) return NO_SUCH_FILE;
    touchesPath(this.#access.races, found.path, 'changes', false);
    const { node } = found;
    if (node.kind === 'folder' || node.kind === 'sealed') this.#scratch.set(found.path, { ...node, mode });
    const text = node.kind === 'file' || node.kind === 'entry' ? this.#textOf(node) : null;
    if (text !== null) this.#scratch.set(found.path, { kind: 'file', text, mode });
    return null;
  }

  link(target: string, path: string): string | null {
    this.#changes++;
    if (this.#resolve(path, false)) return 'File exists';
    const place = this.#creatable(path);
    if (place === null) return NO_SUCH_FILE;
    touchesPath(this.#access.races, place, 'changes', true);
    this.#scratch.set(place, { kind: 'link', target });
    return null;
  }

  #appendingTo(file: { text: string }, path: string): { write(text: string): void } {
    return {
      write: (text) => {
        touchesPath(this.#access.races, path, 'adds', false);
        file.text += text;
      },
    };
  }
}
