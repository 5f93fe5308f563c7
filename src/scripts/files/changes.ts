import type { TreeEntry } from '../../core/snapshot.ts';
import type { Changes } from '../git/checkout.ts';
import type { Mount } from './access.ts';
import { NotFetched } from './disk.ts';
import type { Scratch } from './node.ts';

/**
 * What git would see of all that a script has written in a checkout: folders are nothing to it, and neither is what was put back as it was.
 * Throws `NotFetched` where the text that was committed is not here yet.
 */
export function changesIn(mount: Mount, written: ReadonlyMap<string, Scratch>): Changes {
  const changed: string[] = [];
  const made: string[] = [];
  for (const [path, now] of written) {
    const entry = mount.tree.snapshot.entries.get(path);
    if (entry && !isAsCommitted(mount, path, entry, now)) changed.push(path);
    if (!entry && now.kind !== 'gone' && now.kind !== 'folder') made.push(path);
  }
  return { changed, made };
}

function isAsCommitted(mount: Mount, path: string, { mode }: TreeEntry, now: Scratch): boolean {
  const kind = mode === '120000' ? 'link' : 'file';
  if (now.kind !== kind) return false;
  const committed = mount.tree.known(path);
  if (committed === undefined) throw new NotFetched(mount, path);
  if (now.kind === 'link') return now.target === committed;
  const mayRun = (now.mode & 0o100) !== 0;
  return now.text === committed && mayRun === (mode === '100755');
}
