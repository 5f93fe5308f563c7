import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { parseSource, type Source } from '../../core/yaml/source.ts';
import type { Leaf } from './comment-lines.ts';
import { placeComments } from './comments.ts';
import { integer, makeNode, nothing, plainTag, type Style, type YqNode } from './node.ts';
import { Unsupported, YqError } from './signals.ts';
import { bytesIn } from './strings.ts';

/** Stands in a document's leading text for the mark that begins a document. */
export const SEPARATOR = '$yqDocSeparator$';

const STYLES: Readonly<Record<string, Style>> = {
  QUOTE_DOUBLE: 'double',
  QUOTE_SINGLE: 'single',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** A text is no YAML from some line on; yq has answered for the documents before it by then. */
export class NotYaml extends YqError {
  override readonly name = 'NotYaml';
  readonly before: readonly YqNode[];

  constructor(message: string, before: readonly YqNode[]) {
    super(message);
    this.before = before;
  }
}

/** The documents of a text. None for an empty text. Throws `NotYaml`, and `Unsupported` for what only yq can read. */
export function readYaml(text: string): readonly YqNode[] {
  const { leading, rest } = cutLeading(text);
  const odd = oddityOf(text, rest);
  if (odd) throw new Unsupported(odd);
  return documentsIn(rest, leading);
}

/** What is read otherwise here than by yq's YAML library. */
function oddityOf(text: string, rest: string): string | null {
  if (/\r(?!\n)/.test(text)) return 'text with a carriage return that ends no line';
  if (text.startsWith('\ufeff')) return 'text that begins with a byte order mark';
  if (/^\.\.\.\s*$/m.test(rest)) return "text with the mark of a document's end";
  return /^%/m.test(rest) ? 'text with a directive' : null;
}

function documentsIn(text: string, leading: string): readonly YqNode[] {
  const parsed = parseSource(text, '', '');
  if ('message' in parsed) {
    if (isReadByYq(parsed, text)) throw new Unsupported(`YAML of which is said here: ${parsed.message}`);
    const complete = completeUntil(parsed.line, text);
    // yq looks a little ahead before it answers: whether as far as a mistake at a document's beginning is not known.
    if (complete !== '' && isAtBeginning(parsed.line, text)) {
      throw new Unsupported('documents before one that begins with a mistake');
    }
    const line = parsed.line + leading.split('\n').length - 1;
    throw new NotYaml(`yaml: line ${line}: ${parsed.message}`, complete === '' ? [] : documentsIn(complete, leading));
  }
  const { source, tops, documents } = parsed;
  if (documents.length === 0) return leading === '' ? [] : [{ ...nothing(''), leading }];
  const reader = new Reader(source);
  const read = tops.map((top, document) => {
    const node = top ? reader.read(top) : nothing('');
    return Object.assign(node, { document, leading: document === 0 ? leading : '' });
  });
  if (hasTabIndent(text, reader.leaves)) throw new Unsupported('text that is set in with tabs');
  placeComments(text, reader.leaves, reader.columns);
  return read;
}

/** Whether a line outside of all leaves is set in with tabs. */
function hasTabIndent(text: string, leaves: readonly Leaf[]): boolean {
  let next = 0;
  for (const { index } of text.matchAll(/^ *\t/gm)) {
    while ((leaves[next]?.end ?? Number.POSITIVE_INFINITY) <= index) next++;
    if ((leaves[next]?.start ?? index) >= index) return true;
  }
  return false;
}

interface Fault {
  readonly message: string;
  readonly line: number;
}

/** Three mistakes that yq's YAML library overlooks: a bracket closed too far to the left, blank lines that are set in above a block's text, and what ends a document by standing elsewhere than at its margin. */
function isReadByYq({ message, line }: Fault, text: string): boolean {
  if (/leading empty lines/.test(message)) return true;
  if (/sufficiently indented/.test(message)) return /^\s*[\]}]/m.test(text);
  if (!/at node end|in YAML stream/.test(message)) return false;
  const lines = text.split('\n').slice(0, line);
  const first = lines.slice(beginningOf(lines)).find((one) => /^\s*[^\s#]/.test(one) && !MARK.test(one));
  return columnOf(lines.at(-1)) !== columnOf(first);
}

const MARK = /^---(?:\s|$)/;

function columnOf(line: string | undefined): number {
  return line?.search(/\S/) ?? 0;
}

/** Where the last of the documents begins. */
function beginningOf(lines: readonly string[]): number {
  return Math.max(
    lines.findLastIndex((one) => MARK.test(one)),
    0,
  );
}

/** Whether the mistake is in the document's first line or in a text that begins there, or a comment stands above. */
function isAtBeginning(line: number, text: string): boolean {
  const lines = text.split('\n').slice(0, line);
  const document = lines.slice(beginningOf(lines)).filter((one) => !/^(?:---)?\s*$/.test(one));
  return document.length <= 1 || /(?:^|\s)#|^\s*["'|>]/.test(document[0] ?? '');
}

/** The documents before the one with the mistake. */
function completeUntil(line: number, text: string): string {
  const lines = text.split('\n');
  const before = lines.slice(0, beginningOf(lines.slice(0, line)));
  return before.map((one) => `${one}\n`).join('');
}

/** Comments, blank lines and a document mark before the first value; yq prints them as they stand. */
function cutLeading(text: string): { readonly leading: string; readonly rest: string } {
  let [leading, rest] = ['', text];
  while (bytesIn(rest.slice(0, 4)) >= 4) {
    const mark = /^---[ \n]/.exec(rest);
    const line = /^(?:\n|\s{0,3}#[^\n]*\n?|%YA[^\n]*\n?)/.exec(rest);
    if (mark) [leading, rest] = [`${leading}${SEPARATOR}\n`, rest.slice(4)];
    else if (line && (line[0] === '\n' || /^\s*[#%]/.test(rest.slice(0, 4)))) {
      [leading, rest] = [leading + line[0], rest.slice(line[0].length)];
    } else break;
  }
  return { leading, rest };
}

class Reader {
  readonly #source: Source;
  readonly #made = new Map<Node, YqNode>();
  /** In the order of the text. */
  readonly leaves: Leaf[] = [];
  /** How far in the entries of maps and lists stand that are not in brackets. */
  readonly columns = new Map<YqNode, number>();
  #bracket = 0;
  readonly #contentEnd: number;

  constructor(source: Source) {
    this.#source = source;
    this.#contentEnd = source.text.trimEnd().length;
  }

  read(node: Node): YqNode {
    const made = this.#nodeOf(node);
    this.#made.set(node, made);
    const [start, end] = node.range ?? [0, 0];
    if ((isScalar(node) || isAlias(node) || isFlow(node)) && start >= this.#bracket) {
      this.leaves.push({ node: made, start, end });
      if (isFlow(node)) this.#bracket = end;
    }
    if ((isMap(node) || isSeq(node)) && !isFlow(node))
      this.columns.set(made, start - this.#source.text.lastIndexOf('\n', start - 1) - 1);
    if (isMap(node)) this.#readPairs(made, node.items);
    if (isSeq(node)) this.#readItems(made, node.items as readonly (Node | null)[]);
    return made;
  }

  #nodeOf(node: Node): YqNode {
    if (isAlias(node)) {
      const target = this.#source.targets.get(node);
      return makeNode('alias', '', node.source, { target: (target && this.#made.get(target)) ?? null });
    }
    const anchor = node.anchor ?? '';
    if (node.tag === '!') throw new Unsupported('tag !');
    if (isScalar(node))
      return makeNode('scalar', tagOfScalar(node), this.#textOf(node), {
        style: styleOf(node),
        isTagged: node.tag !== undefined,
        anchor,
      });
    const [kind, tag] = isMap(node) ? (['map', '!!map'] as const) : (['seq', '!!seq'] as const);
    return makeNode(kind, shortTag(node.tag) ?? tag, '', {
      style: isFlow(node) ? 'flow' : '',
      isTagged: node.tag !== undefined,
      anchor,
    });
  }

  #textOf(scalar: Scalar): string {
    if (isPlain(scalar)) return plainText(scalar);
    const value = String(scalar.value ?? '');
    if (!isBlock(scalar)) return value;
    const { text } = this.#source;
    const [start, end] = scalar.range ?? [0, 0];
    const source = text.slice(start, end);
    if (!/\S/.test(value) && /[ \t]$/m.test(source)) throw new Unsupported('block of blanks alone');
    if (/^[|>][-+]?\d/.test(source)) throw new Unsupported('block of text with its indent given');
    if (start === 0 || text[start - 1] === '\n') throw new Unsupported('block of text that is a document');
    if (source.includes('\r')) throw new Unsupported('block of text with carriage returns');
    if (/^.*\n(?:[ \t]*\n)* *\t/.test(source)) throw new Unsupported('block of text that begins with a tab');
    if (end < this.#contentEnd || text.endsWith('\n')) return value;
    if (/\s$/.test(text)) throw new Unsupported('text that ends with blanks');
    // Of a block at the end of a text that ends without a line break, the library has one nevertheless.
    return value.replace(/\n$/, '');
  }

  #readPairs(map: YqNode, items: readonly { readonly key: unknown; readonly value: unknown }[]): void {
    const content: YqNode[] = [];
    for (const item of items) {
      const key = this.#child(item.key, map);
      key.isKey = true;
      const value = this.#child(item.value, map);
      value.key = key;
      content.push(key, value);
    }
    map.content = content;
  }

  #readItems(seq: YqNode, items: readonly (Node | null)[]): void {
    const content: YqNode[] = [];
    for (const [index, item] of items.entries()) {
      const value = this.#child(item, seq);
      value.key = { ...integer(index), isKey: true, parent: seq };
      content.push(value);
    }
    seq.content = content;
  }

  #child(item: unknown, parent: YqNode): YqNode {
    const node = item ? this.read(item as Node) : nothing('');
    node.parent = parent;
    return node;
  }
}

function isFlow(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true;
}

function isPlain(scalar: Scalar): boolean {
  return scalar.type === 'PLAIN' || scalar.type === undefined;
}

function isBlock(scalar: Scalar): boolean {
  return scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED';
}

function plainText(scalar: Scalar): string {
  return scalar.source ?? String(scalar.value ?? '');
}

function styleOf(scalar: Scalar): Style {
  return STYLES[scalar.type ?? ''] ?? '';
}

function shortTag(tag: string | undefined): string | undefined {
  return tag?.replace(/^tag:yaml\.org,2002:/, '!!');
}

function tagOfScalar(scalar: Scalar): string {
  const tag = shortTag(scalar.tag);
  if (tag) return tag;
  return isPlain(scalar) ? plainTag(plainText(scalar)) : '!!str';
}
