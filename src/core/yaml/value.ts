import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar } from 'yaml';
import { encryptedWith } from '../content.ts';
import type { Located, Place } from '../finding.ts';
import { type Meter, UNMETERED } from '../meter.ts';
import { Abort, Unavailable } from '../signals.ts';
import { matchesWildcard } from '../text/wildcard.ts';
import { pairsOf } from './pairs.ts';
import { keyText, plainText, printNode } from './print.ts';
import { emptySource, lineAt, parseSource, type Source, type YamlFault, type YamlFile } from './source.ts';

export type { YamlFault, YamlFile };

const NULL = /^(?:~|null|Null|NULL)?$/;
const FALSE = /^(?:false|False|FALSE)$/;

/**
 * Parses a file's text into one value per document (an empty file is one absent value), or says why it is no YAML.
 * Duplicate keys are accepted, aliases are never expanded: docs/yaml-as-printed.md has the rules.
 */
export function parseYaml(text: string, repo: string, path: string): readonly YamlValue[] | YamlFault {
  const parsed = parseSource(text, repo, path);
  return 'message' in parsed ? parsed : documentsOf(parsed, UNMETERED);
}

/** One value per document of a file; `meter` pays for what is looked at. */
export function documentsOf({ source, tops }: YamlFile, meter: Meter): readonly YamlValue[] {
  return tops.map((top) => new YamlValue({ ...source, meter }, top, nodeOffset(top, 0)));
}

/** The value of a file that holds nothing: every path of it is absent. */
export function nothingAt({ place: { repo, path } }: Located): YamlValue {
  return new YamlValue(emptySource(repo, path), undefined, 0);
}

/**
 * A value of a YAML file, or the absence of one: steps into nothing give nothing, so that a query never fails half-way.
 * What it prints (`raw`) is what the reference's query tool prints for the same path.
 */
export class YamlValue implements Located {
  readonly #source: Source;
  /** undefined: absent. 'nothing': a step through a scalar, which prints nothing at all. */
  readonly #node: Node | 'nothing' | undefined;
  readonly #offset: number;

  constructor(source: Source, node: Node | 'nothing' | undefined, offset: number) {
    this.#source = source;
    this.#node = node;
    this.#offset = offset;
  }

  /** The line of the key it belongs to; for an item, its first line; for a missing key, the first line of the map that lacks it. */
  get place(): Place {
    const { repo, path } = this.#source;
    return { repo, path, line: lineAt(this.#source, this.#offset) };
  }

  get kind(): 'absent' | 'null' | 'scalar' | 'list' | 'map' | 'alias' {
    const node = this.#node;
    if (node === undefined || node === 'nothing') return 'absent';
    if (isAlias(node)) return 'alias';
    if (isMap(node)) return 'map';
    if (isSeq(node)) return 'list';
    return isNull(node) ? 'null' : 'scalar';
  }

  /** What it is made of, for readers that need types or columns; null for an absent value. */
  get syntax(): { readonly source: Source; readonly node: Node } | null {
    const node = this.#node;
    return node === undefined || node === 'nothing' ? null : { source: this.#source, node };
  }

  /** What an alias stands for; any other value itself. */
  get target(): YamlValue {
    return new YamlValue(this.#source, this.#target(), this.#offset);
  }

  /** What the value says in one line of text: `null` when absent, a scalar as spelled in the source without quotes. */
  get raw(): string {
    const node = this.#node;
    if (node === 'nothing') return '';
    if (node === undefined) return 'null';
    const text = printNode(this.#source, node).replace(/\n+$/, '');
    this.#source.meter.spend(1 + text.length / 100, this);
    return this.#inClear(text);
  }

  /** Whether nothing usable is there: `raw` is empty or the text `null`. */
  get isBlank(): boolean {
    return this.raw === '' || this.raw === 'null';
  }

  /** `raw`, or `fallback` when the value is absent, null in any spelling, or boolean false. */
  or(fallback: string): string {
    return this.#isUnset ? fallback : this.raw;
  }

  /** The value itself, or `fallback` where `or` would take its own. */
  otherwise(fallback: YamlValue): YamlValue {
    return this.#isUnset ? fallback : this;
  }

  /** Whether the value is a text: quoted, or not spelled like a number, a boolean or null. */
  get isText(): boolean {
    const node = this.#target();
    return isScalar(node) && typeof node.value === 'string';
  }

  /** Whether the value is a scalar whose text matches `pattern` (`*` any run of characters, `?` one). Null equals nothing. */
  is(pattern: string): boolean {
    const node = this.#node;
    return isScalar(node) && !isNull(node) && matchesWildcard(this.#inClear(printNode(this.#source, node)), pattern);
  }

  /** Items of a list, or a map's values (merges followed, the last of repeated keys winning), in order; nothing else has any. */
  get items(): readonly YamlValue[] {
    const node = this.#target();
    if (isSeq(node)) this.#source.meter.spend(node.items.length, this);
    if (isSeq(node)) return node.items.map((item) => this.#child(item, nodeOffset(item, this.#offset)));
    if (isMap(node)) return [...pairsOf(node, this.#source, this).values()].map((pair) => this.#pairValue(pair));
    return [];
  }

  /** Keys and values of a map in order, repeated keys and merge keys (`<<`) included as they stand. */
  get entries(): readonly (readonly [key: string, value: YamlValue])[] {
    const node = this.#target();
    if (!isMap(node)) return [];
    this.#source.meter.spend(node.items.length, this);
    return node.items.map((pair) => [keyText(this.#source, pair.key), this.#pairValue(pair)] as const);
  }

  get keys(): readonly string[] {
    return this.entries.map(([key]) => key);
  }

  /** Count of a list or map, characters (bytes) of a text, 0 for nothing and for an alias. */
  get length(): number {
    const node = this.#node;
    if (isMap(node) || isSeq(node)) return node.items.length;
    if (!isScalar(node) || isNull(node)) return 0;
    return new TextEncoder().encode(printNode(this.#source, node)).length;
  }

  /** Whether the map itself holds the key; one that only comes through a merge does not count, and an alias holds none. */
  has(key: string): boolean {
    return isMap(this.#node) && this.keys.includes(key);
  }

  /**
   * Steps into maps by key, merges followed and the last of repeated keys winning.
   * A step into nothing is absent, into a scalar is empty; into a list it aborts, as the query tool does.
   */
  get(...path: readonly string[]): YamlValue {
    return path.reduce<YamlValue>((value, key) => value.#step(key), this);
  }

  /** The values of all keys that match a pattern, as a name from another file selects them; one absent value where none does. */
  matching(pattern: string): readonly YamlValue[] {
    const node = this.#target();
    if (!isMap(node) || !/[*?]/.test(pattern)) return [this.#step(pattern)];
    const pairs = [...pairsOf(node, this.#source, this)].filter(([key]) => matchesWildcard(key, pattern));
    return pairs.length > 0 ? pairs.map(([, pair]) => this.#pairValue(pair)) : [this.#absent()];
  }

  /** Item `index` of a list (from 0); absent when there is none or the value is not a list. */
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

  /** A text of the file, unless it stands for one that nobody can read here. */
  #inClear(text: string): string {
    const by = encryptedWith(text);
    if (by === undefined) return text;
    const where = `${this.#source.path}:${this.place.line}`;
    throw new Unavailable(`${where} could not be read: it is encrypted with ${by}`, { isLasting: true });
  }

  get #isUnset(): boolean {
    const node = this.#node;
    return node === undefined || node === 'nothing' || isNull(node) || isFalse(node);
  }

  #step(key: string): YamlValue {
    const node = this.#target();
    this.#source.meter.spend(1, this);
    if (isSeq(node)) throw new Abort(`cannot look up \`${key}\` in a list`, this, this.#source.path);
    if (isMap(node)) {
      const pair = pairsOf(node, this.#source, this).get(key);
      return pair ? this.#pairValue(pair) : this.#absent();
    }
    if (node === undefined || isNull(node)) return this.#absent();
    return new YamlValue(this.#source, 'nothing', this.#offset);
  }

  /** The node itself, aliases followed. */
  #target(): Node | 'nothing' | undefined {
    return isAlias(this.#node) ? this.#source.targets.get(this.#node) : this.#node;
  }

  #absent(): YamlValue {
    return new YamlValue(this.#source, undefined, this.#offset);
  }

  #child(node: unknown, offset: number): YamlValue {
    // The parser leaves out values that are not there at all, as in `{a}`; they are empty, not absent.
    return new YamlValue(this.#source, (node ?? EMPTY) as Node, offset);
  }

  #pairValue(pair: Pair): YamlValue {
    return this.#child(pair.value, nodeOffset(pair.key, this.#offset));
  }
}

const EMPTY = Object.assign(new Scalar(null), { source: '', type: Scalar.PLAIN });

function isNull(node: unknown): boolean {
  return isScalar(node) && node.value === null && NULL.test(plainText(node));
}

function isFalse(node: unknown): boolean {
  return isScalar(node) && node.value === false && FALSE.test(plainText(node));
}

function nodeOffset(value: unknown, fallback: number): number {
  return (value as Node | null | undefined)?.range?.[0] ?? fallback;
}

/** `raw` over several values at once: the query tool prints one after the other, so two entries where one belongs give a text that equals nothing. */
export function joinRaw(values: readonly YamlValue[]): string {
  return joinTexts(values.map((value) => value.raw));
}

/** Texts as the shell gets them when they are printed one after the other: trailing line breaks are gone. */
export function joinTexts(texts: readonly string[]): string {
  return texts.join('\n').replace(/\n+$/, '');
}
