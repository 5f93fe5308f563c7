import type { YqNode } from './node.ts';

/** A scalar, an alias or a collection in brackets, with where it stands in the text. */
export interface Leaf {
  readonly node: YqNode;
  readonly start: number;
  readonly end: number;
}

/** A line of the text, with where it stands there. */
export interface Line {
  readonly kind: 'blank' | 'comment' | 'content';
  readonly start: number;
  readonly end: number;
  readonly column: number;
  readonly content: string;
  /** '' without one. */
  readonly comment: string;
  /** What stands between the comment and the value before it on the line; null without such a value. */
  readonly between: string | null;
  /** The last leaf that begins on the line or before it. */
  readonly leaf: number;
}

/** A dash or a document's mark alone: what follows is on a line of its own. */
export const ENDS_OPEN = /^(?:---|\.\.\.)|(?:^|\s)-(?:\s+[&!]\S+)*\s*(?:#.*)?$/;

export function linesOf(text: string, leaves: readonly Leaf[]): readonly Line[] {
  const lines: Line[] = [];
  let [start, next] = [0, 0];
  for (const content of text.split('\n')) {
    const end = start + content.length;
    while ((leaves[next]?.start ?? Number.POSITIVE_INFINITY) <= end) next++;
    const last = leaves[next - 1];
    const behind = Math.min(Math.max(last?.end ?? 0, start), end);
    const pattern = /(?:^|\s)#/g;
    pattern.lastIndex = Math.max(behind - 1 - start, 0);
    const found = pattern.exec(content);
    const at = found ? start + found.index + found[0].length - 1 : end;
    const column = content.search(/\S/);
    const kind = column < 0 ? 'blank' : at === start + column ? 'comment' : 'content';
    const comment = text.slice(at, end).replace(/\r$/, '');
    const between = last && last.end > start ? text.slice(behind, at) : null;
    lines.push({ kind, start, end, column, content, comment, between, leaf: next - 1 });
    start = end + 1;
  }
  return lines;
}
