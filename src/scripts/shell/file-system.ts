export interface FileStat {
  readonly kind: 'file' | 'folder' | 'link' | 'device';
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
  /** Which of two is younger, where that is known: what was checked out and never touched, or an archive that the script made. */
  readonly origin?: 'checkout' | 'made';
}

/** As `mkdir` does, as `mkdir -p`, or under a name that nobody else has. */
export type MakingFolder = 'alone' | 'with parents' | 'fresh';

/**
 * What a script sees as its disk. Paths are absolute and normal (no `.`, no `..`, no double slash).
 * Reading may wait for a fetch; writing goes to memory and is done at once.
 */
export interface FileSystem {
  /**
   * Null where there is nothing. A link is followed unless `follow` is false. Without `isAsking` the answer makes no difference to the script:
   * it is about to make what it names, or to remove it.
   */
  stat(path: string, follow?: boolean, isAsking?: boolean): Promise<FileStat | null>;
  /** A file's text, following links; null for a folder or nothing. Bytes that are no UTF-8 come as lone surrogates. */
  read(path: string): Promise<string | null>;
  /** Names in a folder, bytewise sorted; null when it is none. */
  list(path: string): Promise<readonly string[] | null>;
  /** The same in the order of the disk; the script then leans on that. */
  scan(path: string): Promise<readonly string[] | null>;
  /** Where a link points, as written; null when it is none. */
  readLink(path: string): Promise<string | null>;
  /** The path without any link in it; null when it leads nowhere. */
  realPath(path: string): Promise<string | null>;
  /** A handle that writes to a file, or why it cannot be written. */
  open(path: string, append: boolean): Promise<{ write(text: string): void } | { readonly fault: string }>;
  /** Puts a file there whose content is not known: `what` is needed by whoever looks into it. Or says why it cannot. */
  seal(path: string, what: string): Promise<string | null>;
  makeFolder(path: string, how?: MakingFolder): Promise<string | null>;
  remove(path: string): Promise<string | null>;
  chmod(path: string, mode: number): Promise<string | null>;
  link(target: string, path: string): Promise<string | null>;
}

/** `path` seen from `folder`, without `.`, `..` and double slashes. */
export function absolute(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function inFolder(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}
