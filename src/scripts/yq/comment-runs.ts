import { ENDS_OPEN, type Leaf, type Line } from './comment-lines.ts';
import type { YqNode } from './node.ts';

/** How far in the entries of each map and list stand that is not in brackets. */
export type Columns = ReadonlyMap<YqNode, number>;

/** Comments with the blank lines among them, from one line of content to the next. */
export interface Run {
  readonly lines: readonly Line[];
  /** The line of content before. */
  readonly above: Line;
  /** Blank lines lie between. */
  readonly isApart: boolean;
  /** What `above` ends with. */
  readonly leaf: Leaf;
  /** The line of content behind; undefined at the end of the text. */
  readonly below: Line | undefined;
  /** What that begins with. */
  readonly next: Leaf | undefined;
}

/** Comments that yq keeps together. */
interface Piece {
  /** Of what is finished (`foot`) or of what follows (`head`). */
  readonly kind: 'foot' | 'head';
  readonly text: string;
  readonly column: number;
  readonly start: number;
  /** How far it was read on. */
  readonly end: number;
  /** The first place in the text at which something may take it; `AT_ONCE` for what stands right before. */
  readonly from: number;
}

/** A map or list that is open where the run stands, and its entry there. */
interface Block {
  readonly node: YqNode;
  readonly column: number;
  readonly entry: YqNode;
}

const AT_ONCE = -1;

/**
 * Gives comments between two entries to what yq's YAML library gives them to. Its scanner first cuts them into pieces, where
 * they end in a blank line or stand less far in than what is before them; a piece then belongs to the first map that ends at
 * its place or behind it, as the foot of that map's last entry, or else to the entry that follows. False where that is not known.
 */
export function placeBetween(run: Run, columns: Columns): boolean {
  const blocks = blocksAround(run.leaf, columns);
  const [innermost] = blocks ?? [];
  if (!blocks || !innermost || !isPlainEnd(run)) return false;
  const pieces = piecesOf(run, innermost.column);
  const all = [...pieces];
  const gifts: Gift[] = [];
  const [first] = pieces;
  if (first?.from === AT_ONCE) {
    // What is in brackets would be printed differently with a foot.
    if (run.leaf.node.style === 'flow' && innermost.node.kind === 'seq') return false;
    gifts.push({ owner: owned(innermost), place: 'foot', text: first.text });
    pieces.shift();
  }
  gifts.push(...takenByEnds(pieces, all, run, blocks));
  const rest = run.below ? takenByNext(pieces, run, run.below, blocks) : takenByDocument(pieces, blocks);
  if (!rest) return false;
  for (const { owner, place, text } of [...gifts, ...rest]) owner[place] = text.replace(/\n+$/, '');
  return true;
}

/** Whether all of the run belongs to what follows. */
export function isForNext(run: Run, columns: Columns): boolean {
  const indent = run.leaf.node.parent && columns.get(run.leaf.node.parent);
  return indent === undefined || indent === null || piecesOf(run, indent).every(({ kind }) => kind === 'head');
}

interface Gift {
  readonly owner: YqNode;
  readonly place: 'head' | 'foot';
  readonly text: string;
}

/** Takes from `pieces` what goes to the maps that end here. */
function takenByEnds(
  pieces: Piece[],
  all: readonly Piece[],
  { lines, below }: Run,
  blocks: readonly Block[],
): readonly Gift[] {
  const gifts: Gift[] = [];
  const last = lines.at(-1);
  // What is open in the text's last place ends behind all comments, unless one that reaches so far shows where it ends.
  const margin = below || !last ? Number.NEGATIVE_INFINITY : last.content.length;
  const isShown = (all.at(-1)?.end ?? 0) >= (last?.end ?? 0) - 1;
  let [place, isLast] = [AT_ONCE, false];
  let taken: string[] = [];
  for (const { node, column, entry } of blocks) {
    if (column <= (below?.column ?? -1)) break;
    if (column <= margin && !isLast) [place, isLast] = [Number.POSITIVE_INFINITY, true];
    const mark = isLast && !isShown ? undefined : all.find((piece) => piece.column === column);
    place = mark?.start ?? place;
    for (let piece = pieces[0]; piece?.kind === 'foot' && piece.from <= place; [piece] = pieces) {
      taken.push(piece.text);
      pieces.shift();
    }
    if (node.kind !== 'map' || taken.length === 0) continue;
    gifts.push({ owner: owned({ node, entry }), place: 'foot', text: taken.join('\n') });
    taken = [];
  }
  // A list that ends takes nothing: what stood there is the next one's.
  for (const text of taken.reverse())
    pieces.unshift({ kind: 'foot', text, column: 0, start: 0, end: 0, from: AT_ONCE });
  return gifts;
}

/** The entry below takes what is left: comments of what is finished go on to the entry before it. Null where yq does otherwise. */
function takenByNext(
  pieces: readonly Piece[],
  run: Run,
  below: Line,
  blocks: readonly Block[],
): readonly Gift[] | null {
  const kind = /^\s*-(?:\s|$)/.test(below.content) ? 'seq' : 'map';
  const level = blocks.find(({ column, node }) => column === below.column && node.kind === kind);
  if (!level || ENDS_OPEN.test(below.content)) return null;
  const gifts: Gift[] = [];
  const foot = textOf(pieces, 'foot');
  if (foot !== null) {
    if (kind === 'seq') return null;
    gifts.push({ owner: owned(level), place: 'foot', text: foot });
  }
  const head = textOf(pieces, 'head');
  if (head === null) return gifts;
  const entry = outermost(run.next);
  return entry && [...gifts, { owner: entry, place: 'head', text: head }];
}

function takenByDocument(pieces: readonly Piece[], blocks: readonly Block[]): readonly Gift[] | null {
  const top = blocks.at(-1)?.node;
  const [head, foot] = [textOf(pieces, 'head'), textOf(pieces, 'foot')];
  if (!top) return null;
  // yq loses the one where it has both.
  const text = foot ?? head;
  return text === null ? [] : [{ owner: top, place: 'foot', text }];
}

function textOf(pieces: readonly Piece[], kind: Piece['kind']): string | null {
  const texts = pieces.filter((piece) => piece.kind === kind).map(({ text }) => text);
  return texts.length > 0 ? texts.join('\n') : null;
}

/** Whether what stands before ends on its own line and is no block of text. */
function isPlainEnd({ above, leaf, lines }: Run): boolean {
  const { node, start, end } = leaf;
  if (node.style === 'literal' || node.style === 'folded' || isOpen(leaf)) return false;
  return start >= above.start && end <= above.end && !lines.some(({ content }) => content.endsWith('\r'));
}

/** From the inside out. Null within keys. */
function blocksAround({ node }: Leaf, columns: Columns): readonly Block[] | null {
  const blocks: Block[] = [];
  for (let at = node; at.parent; at = at.parent) {
    const column = columns.get(at.parent);
    if (at.isKey || column === undefined) return null;
    blocks.push({ node: at.parent, column, entry: at });
  }
  return blocks;
}

/** What has the foot of an entry: its key, or the item of a list. */
function owned({ node, entry }: Pick<Block, 'node' | 'entry'>): YqNode {
  return (node.kind === 'map' && entry.key) || entry;
}

/** The outermost entry that begins with a leaf. */
export function outermost(leaf: Leaf | undefined): YqNode | null {
  if (!leaf) return null;
  let entry = leaf.node;
  while (entry.parent?.content[0] === entry && entry.parent.parent?.kind === 'seq') entry = entry.parent;
  return entry.isKey || entry.parent?.kind === 'seq' ? entry : null;
}

/** Cuts the comments of a run into pieces. */
function piecesOf({ lines, above, isApart, leaf, below }: Run, indent: number): Piece[] {
  // Of the text's first line, only a plain value is known to stand right above.
  const isSeen = !isOpen(leaf) && (above.start > 0 || (isPlain(leaf.node) && above.comment === ''));
  const cutter = new Cutter(indent, isApart ? null : isSeen);
  // Behind the last line break there is no blank line.
  const known = below ? lines : lines.slice(0, lines.at(-1)?.kind === 'blank' ? -1 : undefined);
  for (const line of known) {
    if (line.kind === 'blank') cutter.blank(line.start);
    else cutter.comment(line);
  }
  if (below) cutter.content(below);
  else cutter.blank(Number.POSITIVE_INFINITY);
  return cutter.finish();
}

/** A key alone, whose value is yet to come or is none. */
function isOpen({ node, start, end }: Leaf): boolean {
  return node.isKey || start === end;
}

function isPlain({ kind, style }: YqNode): boolean {
  return kind === 'scalar' && style === '';
}

type Open = Pick<Piece, 'text' | 'column' | 'start'>;

class Cutter {
  readonly #pieces: Piece[] = [];
  readonly #indent: number;
  #open: Open | null = null;
  #from = AT_ONCE;
  #isFirst = true;
  #mayBeFoot: boolean;
  #isBelow: boolean;
  #wasBlank = false;

  /** `indent`: how far in the last entry stands. `isBelow`: the run begins right below it; null where blank lines lie between. */
  constructor(indent: number, isBelow: boolean | null) {
    this.#indent = indent;
    this.#mayBeFoot = isBelow !== null;
    this.#isBelow = isBelow === true;
  }

  comment(line: Line): void {
    this.content(line);
    const start = line.start + line.column;
    if (this.#open) this.#open = { ...this.#open, text: `${this.#open.text}\n${line.comment}` };
    else this.#open = { text: line.comment, column: line.column, start };
    this.#wasBlank = false;
  }

  blank(at: number): void {
    if (this.#wasBlank) return;
    const open = this.#open;
    if (open && this.#mayBeFoot && ((this.#isFirst && this.#isBelow) || this.#isFurtherOut(open)))
      this.#close(open, at, this.#isFurtherOut(open) ? open.start : this.#from);
    else if (open) this.#open = { ...open, text: `${open.text}\n` };
    [this.#mayBeFoot, this.#wasBlank] = [false, true];
  }

  content({ column, start }: Pick<Line, 'column' | 'start'>): void {
    const open = this.#open;
    if (open && column < this.#indent && column !== open.column) this.#close(open, start + column, this.#from);
  }

  finish(): Piece[] {
    const open = this.#open;
    return open
      ? [...this.#pieces, { ...open, kind: 'head', end: Number.POSITIVE_INFINITY, from: open.start }]
      : this.#pieces;
  }

  #isFurtherOut({ column }: Open): boolean {
    return column < this.#indent;
  }

  #close(open: Open, at: number, from: number): void {
    this.#pieces.push({ ...open, kind: 'foot', end: at, from });
    [this.#open, this.#from, this.#isFirst] = [null, at, false];
  }
}
