import type { FileContent, TreeEntry } from '../../core/snapshot.ts';
import { SUBMODULE } from '../file-mode.ts';

/** What a commit's entry holds, of the objects that could be read. */
export function contentOf(entry: TreeEntry | undefined, objects: ReadonlyMap<string, Uint8Array>): FileContent {
  if (!entry) return { unavailable: 'it is not a file of this commit' };
  if (entry.mode === '160000') return { unavailable: SUBMODULE };
  const bytes = objects.get(entry.sha ?? '');
  return bytes ? { bytes } : { unavailable: 'the object is not in this clone' };
}
