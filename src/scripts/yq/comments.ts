import type { YqNode } from './node.ts';

/** A scalar, an alias or a collection in brackets, with where it stands in the text. */
export interface Leaf {
  readonly node: YqNode;
  readonly start: number;
  readonly end: number;
}

interface Line {
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

/**
 * Gives each comment to what it belongs to. yq's YAML library decides by indents, blank lines and the state of its
 * scanner whether a comment belongs above, beside or below; here only those in the usual places are given to something:
 * right above an entry and as far in, and behind a value on its line. What stands next to any other is unsure.
 */
export function placeComments(text: string, leaves: readonly Leaf[]): void {
  if (!text.includes('#')) return;
  const lines = linesOf(text, leaves);
  let [before, isApart] = ['', false];
  for (let index = 0, length = 1; index < lines.length; index += length) {
    const line = lines[index];
    if (!line) break;
    const [last, next] = [leaves[line.leaf], leaves[line.leaf + 1]];
    let isPlaced = line.comment === '';
    length = 1;
    if (line.kind === 'comment') {
      const own = placeBelow(lines, index, leaves);
      length = own || runFrom(lines, index).length;
      const above = { isApart, below: lines[index + length], leaf: next };
      isPlaced = own > 0 || (!ENDS_OPEN.test(before) && placeAbove(lines.slice(index, index + length), above));
    } else if (!isPlaced) isPlaced = placeBehind(line, last);
    if (line.kind === 'content') before = line.content;
    isApart = line.kind === 'blank' || (line.kind === 'content' && /:\s*$/.test(line.content));
    if (isPlaced) continue;
    mark(last?.node);
    mark(next?.node);
    // Where the one before is empty, it may belong to what stands before that.
    if (last && last.start === last.end) mark(leaves[line.leaf - 1]?.node);
  }
  for (const { node, start, end } of leaves) if (hasComment(node, text.slice(start, end))) mark(node);
}

/** To the entry on the line right above and as far in, where the comment ends in a blank line or its block ends with it. Gives the number of its lines, 0 where it does not belong there. */
function placeBelow(lines: readonly Line[], from: number, leaves: readonly Leaf[]): number {
  const [above, first] = [lines[from - 1], lines[from]];
  const leaf = above && leaves[above.leaf];
  if (
    !first ||
    !leaf ||
    above.kind !== 'content' ||
    above.comment !== '' ||
    leaf.start < above.start ||
    leaf.end > above.end
  )
    return 0;
  let to = from;
  while (lines[to]?.kind === 'comment') to++;
  const [run, below] = [lines.slice(from, to), lines[to]];
  if (run.some(({ column, content }) => column !== first.column || content.endsWith('\r'))) return 0;
  if (below?.kind === 'content' && (below.column >= first.column || ENDS_OPEN.test(below.content))) return 0;
  const entry = entryOf(leaf, above, leaves);
  if (!entry || entry.column !== first.column) return 0;
  entry.node.foot = run.map(({ comment }) => comment).join('\n');
  return run.length;
}

interface Entry {
  readonly node: YqNode;
  readonly column: number;
}

/** The entry on the line, and how far in it stands. Null where its value is not a plain one: for those other rules hold. */
function entryOf({ node, start, end }: Leaf, line: Line, leaves: readonly Leaf[]): Entry | null {
  const isPlain = node.kind === 'scalar' && node.style === '' && node.anchor === '' && !node.isTagged;
  if (!isPlain || node.isKey || start === end || !node.parent) return null;
  if (node.parent.kind === 'seq') return /^\s*-\s+[^-\s]/.test(line.content) ? { node, column: line.column } : null;
  const key = leaves[line.leaf - 1];
  return key && key.node === node.key && key.start >= line.start
    ? { node: key.node, column: key.start - line.start }
    : null;
}

/** Whether there is a comment between brackets, or behind the sign that begins a block of text. */
function hasComment({ kind, style }: YqNode, text: string): boolean {
  if (kind === 'scalar') return (style === 'literal' || style === 'folded') && /^[^\n]*\s#/.test(text);
  return kind !== 'alias' && /\s#/.test(text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/gs, ''));
}

/** A comment with all that follows before the next content; any other line by itself. */
function runFrom(lines: readonly Line[], from: number): readonly Line[] {
  let to = from + 1;
  if (lines[from]?.kind === 'comment') while (to < lines.length && lines[to]?.kind !== 'content') to++;
  return lines.slice(from, to);
}

/** A dash or a document's mark alone: what follows is on a line of its own. */
const ENDS_OPEN = /^(?:---|\.\.\.)|(?:^|\s)-(?:\s+[&!]\S+)*\s*(?:#.*)?$/;

function linesOf(text: string, leaves: readonly Leaf[]): readonly Line[] {
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

interface Place {
  /** A blank line stands above. */
  readonly isApart: boolean;
  readonly below: Line | undefined;
  /** The next one. */
  readonly leaf: Leaf | undefined;
}

/** To the outermost entry that begins on the line below. Blank lines between do not matter where one stands above. */
function placeAbove(run: readonly Line[], { isApart, below, leaf }: Place): boolean {
  const [first] = run;
  // What stands above all content is a document's own, where it is not cut off before.
  if (!leaf || !below || !first || first.leaf < 0 || below.leaf === first.leaf || ENDS_OPEN.test(below.content))
    return false;
  if (run.some(({ content }) => content.endsWith('\r'))) return false;
  if (run.some(({ kind, column }) => (kind === 'blank' ? !isApart : column !== below.column))) return false;
  let entry = leaf.node;
  while (entry.parent?.content[0] === entry && entry.parent.parent?.kind === 'seq') entry = entry.parent;
  if (!entry.isKey && entry.parent?.kind !== 'seq') return false;
  const comment = run.map((line) => line.comment).join('\n');
  entry.head = comment.replace(/\n{3,}/g, '\n\n').trimEnd();
  return true;
}

function placeBehind({ comment, between }: Line, leaf: Leaf | undefined): boolean {
  if (!leaf || between === null || !/^\s*:?\s*$/.test(between)) return false;
  const { node, start, end } = leaf;
  const isEmpty = start === end;
  if (isEmpty && node.parent?.kind !== 'map') return false;
  const owner = isEmpty ? node.key : node;
  if (owner) owner.line = comment;
  return true;
}

/** Marks a value and all that it stands in. */
function mark(node: YqNode | undefined): void {
  for (let at: YqNode | null = node ?? null; at; at = at.parent) {
    at.isUnsure = true;
    if (at.key) at.key.isUnsure = true;
  }
}
