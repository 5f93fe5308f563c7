import type { TreeEntry } from '../core/snapshot.ts';

const MAX_LINKS = 40;

/** Joins and normalises a repo path (`.`/`..`/double slashes); undefined when it leaves the repo or is absolute. */
export function normalizePath(path: string): string | undefined {
  if (path.startsWith('/')) return undefined;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** Every folder of a tree with the names directly in it, bytewise sorted. The root is ''. */
export function indexFolders(paths: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of paths) {
    const parts = path.split('/');
    for (let depth = 0; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      const names = folders.get(folder) ?? new Set();
      folders.set(folder, names.add(parts[depth] ?? ''));
    }
  }
  return new Map([...folders].map(([folder, names]) => [folder, [...names].sort()]));
}

/**
 * Follows symbolic links in any part of a path, as the operating system does.
 * `readLink` gives a link's target text. Returns the path of a file or folder of the tree, or undefined where the path leads nowhere or out of the repo.
 */
export function followLinks(
  path: string,
  entries: ReadonlyMap<string, TreeEntry>,
  folders: ReadonlyMap<string, unknown>,
  readLink: (path: string) => string,
): string | undefined {
  let rest = path;
  for (let links = 0; links <= MAX_LINKS; links++) {
    const normal = normalizePath(rest);
    if (normal === undefined) return undefined;
    const parts = normal === '' ? [] : normal.split('/');
    const linkAt = parts.findIndex((_, i) => {
      const prefix = parts.slice(0, i + 1).join('/');
      return entries.get(prefix)?.mode === '120000';
    });
    if (linkAt < 0) return entries.has(normal) || folders.has(normal) ? normal : undefined;
    const link = parts.slice(0, linkAt + 1).join('/');
    const folder = parts.slice(0, linkAt).join('/');
    const target = readLink(link);
    if (target.startsWith('/')) return undefined;
    rest = [folder, target, ...parts.slice(linkAt + 1)].filter((part) => part !== '').join('/');
  }
  return undefined;
}
