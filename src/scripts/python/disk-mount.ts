import { SECOND } from '../../core/durations.ts';
import { bytesOf, textOf } from '../files/bytes.ts';
import type { Disk } from '../files/disk.ts';
import type { FileStat } from '../shell/file-system.ts';
import type { Surroundings } from '../surroundings.ts';
import {
  type Attributes,
  type EmscriptenFiles,
  ERROR,
  type FileNode,
  type NodeOperations,
  type StreamOperations,
} from './emscripten.ts';

const MODE = { file: 0o100_000, folder: 0o040_000, link: 0o120_000, device: 0o100_000 } as const;
/** What Emscripten needs at the top for itself. */
const OWN_FOLDERS = ['dev', 'proc'];
const MOST_MADE = 20_000;
const NUMBERED_FILES = '/dev/fd';
const SEEK_FROM_HERE = 1;
const SEEK_FROM_END = 2;

/** A disk under Emscripten's file system. */
export interface MountedDisk {
  /** Writes what is open and changed. */
  flush(): void;
}

export interface MountSurroundings {
  /** Python's own folder, where its library lies. */
  readonly home: string;
  readonly listing: Surroundings['listing'];
  /** Wraps every question to the disk: Emscripten swallows some errors, so what it throws must be remembered by whoever gives it. */
  ask<Answer>(question: () => Answer): Answer;
  /** Ends the program. */
  exceeds(what: string): never;
  /** Whether the program runs: before, Emscripten makes what it needs. */
  isReady(): boolean;
}

/** Mounts a script's disk at every folder of its top, and hears of questions about other places. */
export function mountDisk(
  fs: EmscriptenFiles,
  disk: Disk,
  { home, listing, ask, exceeds, isReady }: MountSurroundings,
): MountedDisk {
  let made = 0;
  const changed = new Set<FileNode>();
  const fail = (errno: number): never => {
    throw new fs.ErrnoError(errno);
  };
  const check = (fault: string | null) => {
    if (fault === null) return;
    fail(fault === 'File exists' ? ERROR.exists : ERROR.notFound);
  };
  const inside = (parent: FileNode, name: string) => `${fs.getPath(parent)}/${name}`.replace(/^\/\//, '/');
  const bytesIn = (node: FileNode): Uint8Array => {
    node.bytes ??= bytesOf(ask(() => disk.read(fs.getPath(node))) ?? '');
    return node.bytes;
  };
  const store = (node: FileNode) => {
    if (!node.isChanged) return;
    const handle = disk.open(fs.getPath(node), false);
    if ('fault' in handle) fail(ERROR.invalid);
    else handle.write(textOf(bytesIn(node)));
    node.isChanged = false;
    changed.delete(node);
  };
  const change = (node: FileNode, bytes: Uint8Array) => {
    node.bytes = bytes;
    node.isChanged = true;
    changed.add(node);
  };
  const nodeOf = (parent: FileNode | null, name: string, stat: FileStat): FileNode => {
    const node = fs.createNode(parent, name, MODE[stat.kind] | stat.mode, 0);
    node.node_ops = nodeOperations;
    node.stream_ops = streamOperations;
    return node;
  };
  const found = (parent: FileNode, name: string): FileNode => {
    // A traceback looks for the source of `<stdin>`.
    if (/^<.*>$/.test(name)) fail(ERROR.notFound);
    // Python looks for what it is about to make. Who asks only to know is told apart in `lanekeeper_files`.
    const stat = ask(() => disk.stat(inside(parent, name), false, false));
    return stat ? nodeOf(parent, name, stat) : fail(ERROR.notFound);
  };

  const nodeOperations: NodeOperations = {
    getattr: (node) => attributesOf(node, node.bytes?.length ?? sizeOf(node)),
    setattr(node, { mode, size }) {
      if (mode !== undefined) {
        node.mode = mode;
        check(ask(() => disk.chmod(fs.getPath(node), mode & 0o7777)));
      }
      if (size !== undefined) {
        const bytes = new Uint8Array(size);
        // What is cut to nothing need not be read.
        if (size > 0) bytes.set(bytesIn(node).subarray(0, size));
        change(node, bytes);
      }
    },
    lookup: found,
    mknod(parent, name, mode) {
      const path = inside(parent, name);
      made++;
      if (made > MOST_MADE) exceeds(`memory: more than ${MOST_MADE} files`);
      if ((mode & 0o170_000) === MODE.folder) check(ask(() => disk.makeFolder(path, 'fresh')));
      else if ('fault' in ask(() => disk.open(path, false))) fail(ERROR.invalid);
      return found(parent, name);
    },
    readdir(node) {
      const names = ask(() => disk.list(fs.getPath(node))) ?? fail(ERROR.notFolder);
      // Whether the program hears of their order, Python tells: it lists folders to import from them, too.
      return ['.', '..', ...(listing === 'forward' ? names : [...names].reverse())];
    },
    readlink: (node) => ask(() => disk.readLink(fs.getPath(node))) ?? fail(ERROR.invalid),
    rename(node, folder, name) {
      if ((node.mode & 0o170_000) !== MODE.file) fail(ERROR.notSupported);
      const bytes = bytesIn(node);
      check(ask(() => disk.remove(fs.getPath(node))));
      const handle = ask(() => disk.open(inside(folder, name), false));
      if ('fault' in handle) fail(ERROR.invalid);
      else handle.write(textOf(bytes));
    },
    rmdir(parent, name) {
      const path = inside(parent, name);
      if ((ask(() => disk.list(path)) ?? []).length > 0) fail(ERROR.notEmpty);
      check(disk.remove(path));
    },
    symlink(parent, name, target) {
      check(ask(() => disk.link(target, inside(parent, name))));
      return found(parent, name);
    },
    unlink: (parent, name) => check(ask(() => disk.remove(inside(parent, name)))),
  };
  const sizeOf = (node: FileNode) => ask(() => disk.stat(fs.getPath(node), false))?.size ?? 0;

  const streamOperations: StreamOperations = {
    close: ({ node }) => store(node),
    llseek(stream, offset, whence) {
      let position = offset;
      if (whence === SEEK_FROM_HERE) position += stream.position;
      if (whence === SEEK_FROM_END) position += bytesIn(stream.node).length;
      return position < 0 ? fail(ERROR.invalid) : position;
    },
    read({ node }, buffer, offset, length, position) {
      const part = bytesIn(node).subarray(position, position + length);
      buffer.set(part, offset);
      return part.length;
    },
    write({ node }, buffer, offset, length, position) {
      const before = bytesIn(node);
      const bytes = new Uint8Array(Math.max(before.length, position + length));
      bytes.set(before);
      bytes.set(buffer.subarray(offset, offset + length), position);
      change(node, bytes);
      return length;
    },
  };

  for (const top of disk.tops) {
    if (OWN_FOLDERS.includes(top)) continue;
    fs.mkdirTree(`/${top}`);
    const folder = { kind: 'folder', mode: 0o755, size: 0 } as const;
    fs.mount({ mount: () => nodeOf(null, '/', folder) }, {}, `/${top}`);
  }
  // Files that the shell hands over by a number.
  fs.mkdirTree(NUMBERED_FILES);
  fs.mount({ mount: () => nodeOf(null, '/', { kind: 'folder', mode: 0o755, size: 0 }) }, {}, NUMBERED_FILES);
  // All folders that are Emscripten's own share these operations; what it does not find in them may be a place that is not here.
  fs.root.node_ops.lookup = (parent, name) => {
    const path = inside(parent, name);
    if (path !== home && !path.startsWith(`${home}/`)) ask(() => disk.stat(path));
    return fail(ERROR.notFound);
  };
  const make = fs.root.node_ops.mknod;
  fs.root.node_ops.mknod = (parent, name, mode, device) => {
    const path = inside(parent, name);
    if (isReady() && !path.startsWith(`${home}/`)) fail(ERROR.notPermitted);
    return make ? make(parent, name, mode, device) : fail(ERROR.notPermitted);
  };
  return {
    flush() {
      for (const node of changed) store(node);
    },
  };
}

function attributesOf(node: FileNode, size: number): Attributes {
  // Nobody is told when a file was changed: a snapshot does not know. But no two are of the same time, since `filecmp` takes files of one size and time for equal.
  const time = new Date(node.id * SECOND);
  return {
    dev: 1,
    ino: node.id,
    mode: node.mode,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    size,
    atime: time,
    mtime: time,
    ctime: time,
    blksize: 4096,
    blocks: Math.ceil(size / 512),
  };
}
