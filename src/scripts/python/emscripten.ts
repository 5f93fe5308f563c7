import type { OneInstance, WasmImports } from './one-instance.ts';
import type { Sqlite } from './sqlite/sql-js.ts';

/** What we use of the JavaScript half of CPython's Emscripten build. Modes and error numbers are those of its C library. */
export interface Emscripten {
  readonly FS: EmscriptenFiles;
  /** Environment variables; one that is set to undefined is not there. */
  readonly ENV: Record<string, string | undefined>;
  /** Runs `main` once. What our functions throw comes out here. */
  callMain(args: readonly string[]): number;
}

export interface EmscriptenFiles {
  readonly root: FileNode;
  readonly ErrnoError: new (errno: number) => Error;
  mkdirTree(path: string): void;
  readFile(path: string): Uint8Array;
  writeFile(path: string, contents: Uint8Array, options?: { readonly canOwn: boolean }): void;
  chdir(path: string): void;
  getPath(node: FileNode): string;
  createNode(parent: FileNode | null, name: string, mode: number, device: number): FileNode;
  mount(type: { mount(mount: unknown): FileNode }, options: object, at: string): void;
}

/** A file, a folder or a link. Emscripten keeps the node as long as it has a name. */
export interface FileNode {
  readonly id: number;
  readonly name: string;
  readonly parent: FileNode;
  mode: number;
  node_ops: NodeOperations;
  stream_ops: StreamOperations;
  /** Ours: what is in the file, once somebody has opened it. */
  bytes?: Uint8Array;
  /** Ours: it was written to, and the disk does not know yet. */
  isChanged?: boolean;
}

export interface Stream {
  readonly node: FileNode;
  readonly flags: number;
  position: number;
}

export interface NodeOperations {
  getattr?(node: FileNode): Attributes;
  setattr?(node: FileNode, attributes: { readonly mode?: number; readonly size?: number }): void;
  lookup?(parent: FileNode, name: string): FileNode;
  mknod?(parent: FileNode, name: string, mode: number, device: number): FileNode;
  readdir?(node: FileNode): readonly string[];
  readlink?(node: FileNode): string;
  rename?(node: FileNode, folder: FileNode, name: string): void;
  rmdir?(parent: FileNode, name: string): void;
  symlink?(parent: FileNode, name: string, target: string): FileNode;
  unlink?(parent: FileNode, name: string): void;
}

export interface StreamOperations {
  open?(stream: Stream): void;
  close?(stream: Stream): void;
  llseek?(stream: Stream, offset: number, whence: number): number;
  read?(stream: Stream, buffer: Uint8Array, offset: number, length: number, position: number): number;
  write?(stream: Stream, buffer: Uint8Array, offset: number, length: number, position: number): number;
}

export interface Attributes {
  readonly dev: number;
  readonly ino: number;
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: number;
  readonly size: number;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
  readonly blksize: number;
  readonly blocks: number;
}

export const ERROR = {
  exists: 20,
  invalid: 28,
  isFolder: 31,
  notFound: 44,
  notSupported: 52,
  notPermitted: 63,
  notFolder: 54,
  notEmpty: 55,
} as const;

export interface EmscriptenOptions {
  readonly noInitialRun: true;
  readonly thisProgram: string;
  readonly stdin: () => number | null;
  readonly stdout: (byte: number | null) => void;
  readonly stderr: (byte: number | null) => void;
  readonly preRun: readonly ((module: Emscripten) => void)[];
  readonly instantiateWasm: (
    imports: WebAssembly.Imports & { readonly env: WasmImports },
    receive: (instance: WebAssembly.Instance) => void,
  ) => WebAssembly.Exports;
}

/** What a Python is made of. One set serves any number of runs. */
export interface PythonParts {
  readonly create: (options: EmscriptenOptions) => Promise<Emscripten>;
  readonly interpreter: OneInstance;
  /** Zip archives of modules: the standard library, and what a machine mostly has beside it. */
  readonly library: Uint8Array;
  readonly packages: Uint8Array;
  /** SQLite, for programs that keep a database. */
  readonly sqlite: () => Promise<Sqlite>;
}
