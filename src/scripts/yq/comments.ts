import { ENDS_OPEN, type Leaf, type Line, linesOf } from './comment-lines.ts';
import { type Columns, isForNext, outermost, placeBetween } from './comment-runs.ts';
import type { YqNode } from './node.ts';

/**
 * Gives each comment to what it belongs to. yq's YAML library decides by indents, blank lines and the state of its
 * scanner whether a comment belongs above, beside or below; here only those in the usual places are given to something:
 * right above an entry and as far in, and behind a value on its line. What stands next to any other is unsure.
 */
export function placeComments(text: string, leaves: readonly Leaf[], columns: Columns): void {
  if (!text.includes('#')) return;
  const lines = linesOf(text, leaves);
  let above: Line | undefined;
  let [isApart, isOpened] = [false, false];
  for (let index = 0, length = 1; index < lines.length; index += length) {
    const line = lines[index];
    if (!line) break;
    const [last, next] = [leaves[line.leaf], leaves[line.leaf + 1]];
    let isPlaced = line.comment === '';
    length = 1;
    if (line.kind === 'comment') {
      const run = runFrom(lines, index);
      length = run.length;
      const below = lines[index + length];
      const between = above && last && { lines: run, above, isApart, leaf: last, below, next };
      isPlaced =
        (between !== undefined && placeBetween(between, columns)) ||
        (!ENDS_OPEN.test(above?.content ?? '') &&
          (!between || isForNext(between, columns)) &&
          placeAbove(run, { isApart: isApart || isOpened, below, leaf: next }));
    } else if (!isPlaced) isPlaced = placeBehind(line, last);
    if (line.kind === 'content') above = line;
    isApart = line.kind === 'blank';
    isOpened = line.kind === 'content' && /:\s*$/.test(line.content);
    if (isPlaced) continue;
    mark(last?.node);
    mark(next?.node);
    // Where the one before is empty, it may belong to what stands before that.
    if (last && last.start === last.end) mark(leaves[line.leaf - 1]?.node);
  }
  for (const { node, start, end } of leaves) if (hasComment(node, text.slice(start, end))) mark(node);
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
  const entry = outermost(leaf);
  if (!entry) return false;
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
