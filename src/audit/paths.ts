import type { TreeEntry } from '../core/snapshot.ts';

const MAX_LINKS = 40;

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
 * Walks a path part by part, as the operating system does: symbolic links are followed, and nothing lies below a file, not even `.` or `..`.
 * `readLink` gives a link's target text. Returns the path of a file or folder of the tree, or undefined where the path leads nowhere or out of the repo.
 */
export function followLinks(
  path: string,
  entries: ReadonlyMap<string, TreeEntry>,
  folders: ReadonlyMap<string, unknown>,
  readLink: (path: string) => string,
): string | undefined {
  if (path.startsWith('/')) return undefined;
  const here: string[] = [];
  let ahead = path.split('/');
  let links = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (!folders.has(here.join('/'))) return undefined;
    const next = [...here, part].join('/');
    if (part === '..' && here.pop() === undefined) return undefined;
    if (part === '' || part === '.' || part === '..') continue;
    if (entries.get(next)?.mode === '120000') {
      const target = readLink(next);
      if (target.startsWith('/') || ++links > MAX_LINKS) return undefined;
      ahead = [...target.split('/'), ...ahead];
    } else here.push(part);
  }
  const found = here.join('/');
  return entries.has(found) || folders.has(found) ? found : undefined;
}
