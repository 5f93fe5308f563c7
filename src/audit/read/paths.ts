import type { TreeEntry } from '../../core/snapshot.ts';

const MAX_LINKS = 40;
/** The operating system's own limit: a longer path leads nowhere. */
const MAX_PATH = 4096;

/** Every folder of a tree with the names directly in it, bytewise sorted. The root is ''. */
export function indexFolders(paths: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of paths) {
    // From the file upwards, as far as nobody has been before.
    for (let end = path.length, isNew = true; isNew && end > 0; ) {
      const slash = path.lastIndexOf('/', end - 1);
      const folder = slash < 0 ? '' : path.slice(0, slash);
      const names = folders.get(folder);
      isNew = names === undefined;
      if (names) names.add(path.slice(slash + 1, end));
      else folders.set(folder, new Set([path.slice(slash + 1, end)]));
      end = slash;
    }
  }
  return new Map([...folders].map(([folder, names]) => [folder, [...names].sort()]));
}

/** Where a path leads: a path of the tree, nowhere (null), or beyond what this repository holds. */
export type Destination = string | null | { readonly beyond: string };

/**
 * Walks a path part by part, as the operating system does: symbolic links are followed, and nothing lies below a file, not even `.` or `..`.
 * `readLink` gives a link's target text. A path below a submodule, or one that git-annex keeps, leads beyond the repository.
 */
export function followLinks(
  path: string,
  entries: ReadonlyMap<string, TreeEntry>,
  folders: ReadonlyMap<string, unknown>,
  readLink: (path: string) => string,
): Destination {
  if (path.startsWith('/') || path.length > MAX_PATH) return null;
  const here: string[] = [];
  let ahead = path.split('/');
  let links = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    const folder = here.join('/');
    const closed = entries.get(folder);
    if (closed?.mode === '160000') return { beyond: `it lies in ${closedFolder(folder, closed)}` };
    if (!folders.has(folder)) return null;
    if (part === '..' && here.pop() === undefined) return null;
    if (part === '' || part === '.' || part === '..') continue;
    const next = folder === '' ? part : `${folder}/${part}`;
    if (entries.get(next)?.mode === '120000') {
      const target = readLink(next);
      if (target.includes('.git/annex/objects/')) return { beyond: 'it is kept by git-annex' };
      if (target.startsWith('/') || target.length > MAX_PATH || ++links > MAX_LINKS) return null;
      ahead = [...target.split('/'), ...ahead];
    } else here.push(part);
  }
  const found = here.join('/');
  return entries.has(found) || folders.has(found) ? found : null;
}

/** A folder that nobody can look into, in words. */
export function closedFolder(path: string, { closed }: TreeEntry): string {
  return closed === undefined ? `the submodule ${path}` : `${path}, which cannot be listed (${closed})`;
}

/** Whether a shell pattern may match something below `folder`, which cannot be looked into. */
export function mayMatchBelow(pattern: string, folder: string, matches: (pattern: string, path: string) => boolean) {
  const parts = pattern.split('/');
  const names = folder.split('/');
  for (const [depth, name] of names.entries()) {
    const part = parts[depth];
    if (part === undefined) return false;
    if (part.includes('**')) return true;
    if (!matches(part, name)) return false;
  }
  return parts.length > names.length;
}
