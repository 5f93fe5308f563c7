import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Located, Place } from './finding.ts';
import { Abort } from './signals.ts';
import { matchesWildcard } from './wildcard.ts';

/** Why a text is not YAML, with the 1-based line. */
export interface YamlFault {
  readonly message: string;
  readonly line: number;
}

interface Source {
  readonly text: string;
  readonly repo: string;
  readonly path: string;
  readonly lines: LineCounter;
}

/** A control character that no YAML stream may hold: mostly the sign of a binary file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;

const NULL = /^(?:~|null|Null|NULL)?$/;
const FALSE = /^(?:false|False|FALSE)$/;

/**
 * Parses a file's text into one value per document (an empty file is one absent value), or says why it is no YAML.
 * Duplicate keys are accepted, aliases are never expanded. Source of the rules: shared/gates/_common.md.
 */
export function parseYaml(text: string, repo: string, path: string): readonly YamlValue[] | YamlFault {
  const lines = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden) {
    const line = text.slice(0, forbidden.index).split('\n').length;
    return { message: 'control characters are not allowed in YAML (is it a binary file?)', line };
  }
  const source: Source = { text, repo, path, lines };
  const documents = parseAllDocuments(text, {
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  if ('empty' in documents) return [new YamlValue(source, null, undefined, 0)];
  for (const document of documents) {
    const [error] = document.errors;
    if (error) return { message: firstLine(error.message), line: lineAt(error.pos[0]) };
    const dangling = text.includes('*') ? danglingAlias(document) : undefined;
    if (dangling) {
      return {
        message: `unknown anchor '${dangling.source}'`,
        line: lineAt(dangling.range?.[0] ?? 0),
      };
    }
  }
  return documents.map((document) => new YamlValue(source, document, document.contents ?? undefined, 0));
}

/** The value of a file that holds nothing: every path of it is absent. */
export function nothingAt({ place: { repo, path } }: Located): YamlValue {
  return new YamlValue({ text: '', repo, path, lines: new LineCounter() }, null, undefined, 0);
}

function danglingAlias(document: Document): Alias | undefined {
  let found: Alias | undefined;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

/**
 * A value of a YAML file, or the absence of one: steps into nothing give nothing, so that a query never fails half-way.
 * What it prints (`raw`) is what the reference's query tool prints for the same path.
 */
export class YamlValue implements Located {
  readonly #source: Source;
  readonly #document: Document | null;
  /** undefined: absent. 'nothing': a step through a scalar, which prints nothing at all. */
  readonly #node: Node | 'nothing' | undefined;
  readonly #offset: number;

  constructor(source: Source, document: Document | null, node: Node | 'nothing' | undefined, offset: number) {
    this.#source = source;
    this.#document = document;
    this.#node = node;
    this.#offset = offset;
  }

  /** The line of the key it belongs to; for an item, its first line; for a missing key, the first line of the map that lacks it. */
  get place(): Place {
    const { repo, path, lines } = this.#source;
    return { repo, path, line: Math.max(1, lines.linePos(this.#offset).line) };
  }

  get kind(): 'absent' | 'null' | 'scalar' | 'list' | 'map' | 'alias' {
    const node = this.#node;
    if (node === undefined || node === 'nothing') return 'absent';
    if (isAlias(node)) return 'alias';
    if (isMap(node)) return 'map';
    if (isSeq(node)) return 'list';
    return isNull(node) ? 'null' : 'scalar';
  }

  /** What the value says in one line of text: `null` when absent, a scalar as spelled in the source without quotes. */
  get raw(): string {
    const node = this.#node;
    if (node === 'nothing') return '';
    return node === undefined ? 'null' : this.#print(node).replace(/\n+$/, '');
  }

  /** Whether nothing usable is there: `raw` is empty or the text `null`. */
  get isBlank(): boolean {
    return this.raw === '' || this.raw === 'null';
  }

  /** `raw`, or `fallback` when the value is absent, null in any spelling, or boolean false. */
  or(fallback: string): string {
    const node = this.#node;
    if (node === undefined || node === 'nothing') return fallback;
    if (isScalar(node) && (isNull(node) || (node.type === 'PLAIN' && FALSE.test(plainText(node))))) return fallback;
    return this.raw;
  }

  /** Whether the value is a scalar whose text matches `pattern` (`*` any run of characters, `?` one). Null equals nothing. */
  is(pattern: string): boolean {
    const node = this.#node;
    return isScalar(node) && !isNull(node) && matchesWildcard(this.raw, pattern);
  }

  /** Items of a list or values of a map, in order; nothing else has any. */
  get items(): readonly YamlValue[] {
    const node = this.#target();
    if (isSeq(node)) return node.items.map((item) => this.#child(item, nodeOffset(item, this.#offset)));
    if (isMap(node)) return this.entries.map(([, value]) => value);
    return [];
  }

  /** Keys and values of a map in order, repeated keys and merge keys (`<<`) included as they stand. */
  get entries(): readonly (readonly [key: string, value: YamlValue])[] {
    const node = this.#target();
    if (!isMap(node)) return [];
    return node.items.map((pair) => [this.#keyOf(pair), this.#pairValue(pair)] as const);
  }

  get keys(): readonly string[] {
    return this.entries.map(([key]) => key);
  }

  /** Count of a list or map, characters (bytes) of a text, 0 for nothing. */
  get length(): number {
    const node = this.#target();
    if (isMap(node) || isSeq(node)) return node.items.length;
    if (node === undefined || node === 'nothing' || isNull(node)) return 0;
    return new TextEncoder().encode(this.raw).length;
  }

  /** Whether the map itself holds the key; one that only comes through a merge does not count. */
  has(key: string): boolean {
    return this.keys.includes(key);
  }

  /**
   * Steps into maps by key, merges followed and the last of repeated keys winning.
   * A step into nothing is absent, into a scalar is empty; into a list it aborts, as the query tool does.
   */
  get(...path: readonly string[]): YamlValue {
    return path.reduce<YamlValue>((value, key) => value.#step(key), this);
  }

  /** Item `index` of a list (from 0); absent when there is none or the value is no list. */
  at(index: number): YamlValue {
    const node = this.#target();
    const item = isSeq(node) ? (node.items[index] as Node | undefined) : undefined;
    return item === undefined ? this.#absent() : this.#child(item, nodeOffset(item, this.#offset));
  }

  /** Every value below this one, itself included, each with the key it stands under (null for items); aliases are not entered. */
  *descendants(key: string | null = null): Generator<readonly [key: string | null, value: YamlValue]> {
    yield [key, this];
    if (isMap(this.#node)) for (const [name, value] of this.entries) yield* value.descendants(name);
    if (isSeq(this.#node)) for (const item of this.items) yield* item.descendants();
  }

  #step(key: string): YamlValue {
    const node = this.#target();
    if (isSeq(node)) throw new Abort(`cannot look up \`${key}\` in a list`, this, this.#source.path);
    if (isMap(node)) return this.#lookUp(node, key) ?? this.#absent();
    if (node === undefined || (node !== 'nothing' && isNull(node))) return this.#absent();
    return new YamlValue(this.#source, this.#document, 'nothing', this.#offset);
  }

  /** The query tool walks a map in order and lets a later match, merged or own, replace an earlier one. */
  #lookUp(map: YAMLMap, key: string): YamlValue | undefined {
    let found: YamlValue | undefined;
    for (const pair of map.items) {
      const name = this.#keyOf(pair);
      if (name === key) found = this.#pairValue(pair);
      else if (name === '<<') found = this.#lookUpMerged(pair, key) ?? found;
    }
    return found;
  }

  #lookUpMerged(merge: Pair, key: string): YamlValue | undefined {
    const value = this.#pairValue(merge);
    const sources = value.kind === 'list' ? value.items : [value];
    return sources.reduce<YamlValue | undefined>((found, source) => {
      const node = source.#target();
      return (isMap(node) ? source.#lookUp(node, key) : undefined) ?? found;
    }, undefined);
  }

  /** The node itself, aliases followed. */
  #target(): Node | 'nothing' | undefined {
    const node = this.#node;
    return isAlias(node) && this.#document ? node.resolve(this.#document) : node;
  }

  #absent(): YamlValue {
    return new YamlValue(this.#source, this.#document, undefined, this.#offset);
  }

  #child(node: unknown, offset: number): YamlValue {
    return new YamlValue(this.#source, this.#document, (node ?? undefined) as Node | undefined, offset);
  }

  #pairValue(pair: Pair): YamlValue {
    return this.#child(pair.value, nodeOffset(pair.key, this.#offset));
  }

  #keyOf(pair: Pair): string {
    return isScalar(pair.key) ? scalarText(pair.key) : this.#print(pair.key as Node);
  }

  #print(node: Node): string {
    if (isAlias(node)) return `*${node.source}`;
    if (isScalar(node)) return scalarText(node);
    const collection = node as YAMLMap | YAMLSeq;
    if (collection.flow || collection.items.length === 0) return this.#printFlow(collection);
    const [start, end] = collection.range ?? [0, 0];
    const column = this.#source.lines.linePos(start).col - 1;
    const block = this.#source.text.slice(start, end).split('\n');
    return block.map((line, index) => (index === 0 ? line : line.slice(Math.min(column, indentOf(line))))).join('\n');
  }

  #printFlow(collection: YAMLMap | YAMLSeq): string {
    const inner = collection.items.map((item) =>
      isPair(item) ? `${this.#sourceOf(item.key)}: ${this.#sourceOf(item.value)}` : this.#sourceOf(item),
    );
    const [open, close] = isMap(collection) ? '{}' : '[]';
    const comment = collection.comment ? ` #${collection.comment}` : '';
    return `${open}${inner.join(', ')}${close}${comment}`;
  }

  /** Inside a flow collection, scalars keep their quotes. */
  #sourceOf(value: unknown): string {
    const node = value as Node | null;
    if (!node) return '';
    if (!isScalar(node)) return this.#print(node);
    return node.range ? this.#source.text.slice(node.range[0], node.range[1]) : scalarText(node);
  }
}

function isNull(node: Node): boolean {
  return isScalar(node) && node.value === null && NULL.test(plainText(node));
}

function plainText(scalar: Scalar): string {
  return scalar.source ?? String(scalar.value ?? '');
}

function scalarText(scalar: Scalar): string {
  return scalar.type === 'PLAIN' || scalar.value === null ? plainText(scalar) : String(scalar.value);
}

function nodeOffset(value: unknown, fallback: number): number {
  return (value as Node | null)?.range?.[0] ?? fallback;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** `raw` over several values at once: the query tool prints one after the other, so two entries where one belongs give a text that equals nothing. */
export function joinRaw(values: readonly YamlValue[]): string {
  return values.map((value) => value.raw).join('\n');
}
