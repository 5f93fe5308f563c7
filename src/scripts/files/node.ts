import type { TreeEntry } from '../../core/snapshot.ts';
import type { Mount } from './access.ts';

/** What stands at a path. */
export type Node =
  | { readonly kind: 'file'; readonly text: string; readonly mode: number }
  | { readonly kind: 'entry'; readonly mount: Mount; readonly path: string; readonly entry: TreeEntry }
  | {
      readonly kind: 'folder';
      readonly mode: number;
      /** It may have been there before the script, with something in it. */
      readonly isShared?: true;
    }
  | { readonly kind: 'link'; readonly target: string }
  /** It was made here, and nobody knows its bytes. */
  | { readonly kind: 'sealed'; readonly what: string; readonly mode: number }
  | { readonly kind: 'device' };

/** What a script has put at a path, or taken from it. */
export type Scratch = { kind: 'file'; text: string; mode: number } | Exclude<Node, { kind: 'file' }> | { kind: 'gone' };
