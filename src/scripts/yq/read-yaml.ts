import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { parseSource, type Source } from '../../core/yaml/source.ts';
import { integer, makeNode, nothing, plainTag, type Style, type YqNode } from './node.ts';
import { YqError } from './signals.ts';

/** Stands in a document's leading text for the mark that begins a document. */
export const SEPARATOR = '$yqDocSeparator$';

const STYLES: Readonly<Record<string, Style>> = {
  QUOTE_DOUBLE: 'double',
  QUOTE_SINGLE: 'single',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** The documents of a text. None for an empty text. Throws `YqError` for what is no YAML. */
export function readYaml(text: string): readonly YqNode[] {
  const { leading, rest } = cutLeading(text);
  const parsed = parseSource(rest, '', '');
  if ('message' in parsed) {
    const line = parsed.line + text.slice(0, text.length - rest.length).split('\n').length - 1;
    throw new YqError(`yaml: line ${line}: ${parsed.message}`);
  }
  const { source, tops, documents } = parsed;
  if (documents.length === 0) return leading === '' ? [] : [{ ...nothing(''), leading }];
  const reader = new Reader(source);
  return tops.map((top, document) => {
    const node = top ? reader.read(top) : nothing('');
    const comment = documents[document]?.comment ?? '';
    return Object.assign(node, {
      document,
      leading: document === 0 ? leading : '',
      foot: joined(node.foot, commentText(comment)),
    });
  });
}

/** Comments, blank lines and a document mark before the first value; yq prints them as they stand. */
function cutLeading(text: string): { readonly leading: string; readonly rest: string } {
  let [leading, rest] = ['', text];
  while (rest.length >= 4) {
    const mark = /^---[ \n]/.exec(rest);
    const line = /^(?:\n|\s{0,3}#[^\n]*\n?|%YA[^\n]*\n?)/.exec(rest);
    if (mark) [leading, rest] = [`${leading}${SEPARATOR}\n`, rest.slice(4)];
    else if (line && (line[0] === '\n' || /^\s*[#%]/.test(rest.slice(0, 4)))) {
      [leading, rest] = [leading + line[0], rest.slice(line[0].length)];
    } else break;
  }
  return { leading, rest };
}

/** Comment lines as they are printed, from the library's, which lack their `#`. */
function commentText(comment: string | null | undefined): string {
  if (!comment) return '';
  return (
    comment
      .split('\n')
      // The library gives a blank for a mark alone.
      .map((line) => (line === '' ? '' : `#${line === ' ' ? '' : line}`))
      .join('\n')
      .replace(/^\n+|\n+$/g, '')
  );
}

function joined(...comments: readonly string[]): string {
  return comments.filter((comment) => comment !== '').join('\n');
}

class Reader {
  readonly #source: Source;
  readonly #made = new Map<Node, YqNode>();

  constructor(source: Source) {
    this.#source = source;
  }

  read(node: Node): YqNode {
    const made = this.#nodeOf(node);
    this.#made.set(node, made);
    if (!isScalar(node) && !isAlias(node)) made.foot = commentText(isFlow(node) ? '' : node.comment);
    if (isMap(node)) this.#readPairs(made, node.items);
    if (isSeq(node)) this.#readItems(made, node.items as readonly (Node | null)[]);
    return made;
  }

  #nodeOf(node: Node): YqNode {
    if (isAlias(node)) {
      const target = this.#source.targets.get(node);
      return makeNode('alias', '', node.source, { target: (target && this.#made.get(target)) ?? null });
    }
    const line = isScalar(node) || isFlow(node) ? commentText(node.comment) : '';
    const anchor = node.anchor ?? '';
    if (isScalar(node))
      return makeNode('scalar', tagOfScalar(node), textOf(node), {
        style: styleOf(node),
        isTagged: node.tag !== undefined,
        line,
        anchor,
      });
    const [kind, tag] = isMap(node) ? (['map', '!!map'] as const) : (['seq', '!!seq'] as const);
    return makeNode(kind, shortTag(node.tag) ?? tag, '', {
      style: isFlow(node) ? 'flow' : '',
      isTagged: node.tag !== undefined,
      line,
      anchor,
    });
  }

  #readPairs(map: YqNode, items: readonly { readonly key: unknown; readonly value: unknown }[]): void {
    const content: YqNode[] = [];
    for (const item of items) {
      const key = this.#child(item.key, map);
      key.isKey = true;
      const value = this.#child(item.value, map);
      value.key = key;
      this.#placeComment(key, item.key, content.at(-2));
      const below = (item.value as Node | null)?.commentBefore;
      // A comment between a key and the block below it belongs to the first thing in that block.
      if (below && value.content[0]) value.content[0].head = joined(commentText(below), value.content[0].head);
      content.push(key, value);
    }
    map.content = content;
    this.#lastComment(map, content.at(-2));
  }

  #readItems(seq: YqNode, items: readonly (Node | null)[]): void {
    const content: YqNode[] = [];
    for (const [index, item] of items.entries()) {
      const value = this.#child(item, seq);
      value.key = { ...integer(index), isKey: true, parent: seq };
      this.#placeComment(value, item, content.at(-1));
      content.push(value);
    }
    seq.content = content;
    this.#lastComment(seq, content.at(-1));
  }

  /** What stands apart above an entry belongs to the one before. */
  #placeComment(node: YqNode, item: unknown, previous: YqNode | undefined): void {
    const comment = commentText((item as Node | null)?.commentBefore);
    const gap = previous ? comment.indexOf('\n\n') : -1;
    if (previous && gap >= 0) previous.foot = joined(previous.foot, comment.slice(0, gap));
    const head = gap >= 0 ? comment.slice(gap).replace(/^\n+/, '') : comment;
    node.head = joined(head, node.head);
  }

  /** A comment at the end of a block belongs to its last entry. */
  #lastComment(collection: YqNode, last: YqNode | undefined): void {
    if (!last || collection.foot === '') return;
    last.foot = joined(last.foot, collection.foot);
    collection.foot = '';
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

function textOf(scalar: Scalar): string {
  return isPlain(scalar) ? (scalar.source ?? String(scalar.value ?? '')) : String(scalar.value ?? '');
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
  return isPlain(scalar) ? plainTag(textOf(scalar)) : '!!str';
}
