import { SnapshotError } from '../../core/snapshot.ts';
import { git } from './git.ts';

/** What a directory is to git: the root of a work tree (or git's own directory), a folder in one, or nothing. */
export type Place =
  | { readonly kind: 'root' }
  | { readonly kind: 'folder'; readonly root: string }
  | { readonly kind: 'none'; readonly reason: string };

/** Where a directory lies. For one that there is not, git says so in `reason`. */
export async function placeInClone(directory: string): Promise<Place> {
  try {
    const prefix = (await git(directory, 'rev-parse', '--show-prefix')).trimEnd();
    if (prefix === '') return { kind: 'root' };
    return { kind: 'folder', root: (await git(directory, 'rev-parse', '--show-toplevel')).trimEnd() };
  } catch (error) {
    return { kind: 'none', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Why what is no root has no history, in git's words where it has some. */
export function whyNoHistory(directory: string, place: Exclude<Place, { kind: 'root' }>): string {
  if (place.kind === 'folder') return `${directory} is not the root of its git repository`;
  return `${directory} is not a git repository (${place.reason})`;
}

/**
 * Refuses a part of a clone: gates name paths from the root, so nearly all would find nothing there and be content.
 * A folder of which git knows no file is no part of it. Throws `SnapshotError` that names the root.
 */
export async function requireWhole(directory: string): Promise<void> {
  const place = await placeInClone(directory);
  if (place.kind !== 'folder') return;
  const known = await git(directory, 'ls-files', '-z', '--', '.');
  if (known === '') return;
  const message = `${directory} is a folder of the clone ${place.root}; paths in gates begin at its root, so name that`;
  throw new SnapshotError('not-found', message);
}
