import type { FileMode } from '../core/snapshot.ts';

/** The mode of a tree entry; old trees hold a few more, all of them plain files. */
export function asFileMode(mode: string): FileMode {
  return mode === '100755' || mode === '120000' || mode === '160000' ? mode : '100644';
}

/** Why a submodule has no content. */
export const SUBMODULE = 'it is a submodule, whose content is in another repository';
