import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar as YamlScalar } from 'yaml';
import type { Source } from '../../core/yaml/source.ts';
import type { YamlValue } from '../../core/yaml/value.ts';
import type { Datum, FormatFault, Scalar } from './datum.ts';

/** A file of aliases may stand for more than any memory holds. */
const MOST_VALUES = 1_000_000;
const MAX_DEPTH = 256;
const WHOLE_NUMBER = /^[-+]?(?:\d+|0x[\da-fA-F]+|0o[0-7]+)$/;

/** What a value comes to when every alias in it is followed. */
interface Extent {
  readonly values: number;
  readonly depth: number;
}

/** What documents hold: several tables are made of the same files. */
const known = new WeakMap<Node, Datum | FormatFault>();

/** A document's data. Aliases are shared rather than copied, merge keys are followed, the last of repeated keys wins. */
export function dataOfYaml({ syntax }: YamlValue): Datum | FormatFault {
  if (!syntax) return { offset: 0, value: null };
  const { node, source } = syntax;
  const data = known.get(node) ?? readNode(node, source);
  known.set(node, data);
  return data;
}

function readNode(node: Node, source: Source): Datum | FormatFault {
  try {
    return new NodeReader(source).read(node);
  } catch (error) {
    if (error instanceof TooMuch) return { message: error.message, offset: error.offset };
    throw error;
  }
}

class TooMuch extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

class NodeReader {
  readonly #source: Source;
  readonly #known = new Map<Node, Datum>();
  readonly #extents = new Map<Datum, Extent>();
  readonly #open = new Set<Node>();

  constructor(source: Source) {
    this.#source = source;
  }

  read(node: Node): Datum {
    // Without aliases a document stands for no more than it holds, and the parser has bounded that.
    if (this.#source.targets.size === 0) return this.#build(node, node.range?.[0] ?? 0);
    const known = this.#known.get(node);
    if (known) return known;
    const offset = node.range?.[0] ?? 0;
    if (this.#open.has(node)) throw new TooMuch('an alias stands inside of what it stands for', offset);
    this.#open.add(node);
    const datum = this.#build(node, offset);
    this.#open.delete(node);
    this.#known.set(node, datum);
    return datum;
  }

  #build(node: Node, offset: number): Datum {
    if (isAlias(node)) {
      const target = this.#source.targets.get(node);
      return target ? this.#placed(this.read(target), offset) : { offset, value: null };
    }
    if (isScalar(node)) return this.#measured({ offset, value: scalarValue(node) }, []);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#child(item, offset));
      return this.#measured({ offset, value: items }, items);
    }
    if (isMap(node)) {
      const entries = this.#entries(node.items);
      return this.#measured({ offset, value: entries }, entries.values());
    }
    return { offset, value: null };
  }

  /** What a map itself says goes before what it merges. */
  #entries(pairs: readonly Pair[]): ReadonlyMap<string, Datum> {
    const own = new Map<string, Datum>();
    const merged = new Map<string, Datum>();
    for (const { key, value } of pairs) {
      const name = isScalar(key) ? (key.source ?? String(key.value ?? '')) : String(key ?? '');
      const offset = (key as Node | null)?.range?.[0] ?? 0;
      const child = this.#child(value, offset);
      if (name !== '<<') own.set(name, this.#placed(child, offset));
      else for (const part of Array.isArray(child.value) ? child.value : [child]) mergeInto(merged, part);
    }
    for (const [name, value] of merged) if (!own.has(name)) own.set(name, value);
    return own;
  }

  #child(node: unknown, offset: number): Datum {
    return node === null || node === undefined ? { offset, value: null } : this.read(node as Node);
  }

  /** The same value where its key or its alias stands. */
  #placed(datum: Datum, offset: number): Datum {
    if (datum.offset === offset) return datum;
    const placed = { offset, value: datum.value };
    if (this.#source.targets.size > 0) this.#extents.set(placed, this.#extentOf(datum));
    return placed;
  }

  #measured(datum: Datum, children: Iterable<Datum>): Datum {
    if (this.#source.targets.size === 0) return datum;
    let [values, depth] = [1, 0];
    for (const child of children) {
      const extent = this.#extentOf(child);
      values += extent.values;
      depth = Math.max(depth, extent.depth);
    }
    if (values > MOST_VALUES)
      throw new TooMuch(`its aliases stand for more than ${MOST_VALUES.toLocaleString('en')} values`, datum.offset);
    if (depth >= MAX_DEPTH) throw new TooMuch(`nested more than ${MAX_DEPTH} levels deep`, datum.offset);
    this.#extents.set(datum, { values, depth: depth + 1 });
    return datum;
  }

  #extentOf(datum: Datum): Extent {
    return this.#extents.get(datum) ?? { values: 1, depth: 1 };
  }
}

function mergeInto(merged: Map<string, Datum>, { value }: Datum): void {
  if (!(value instanceof Map)) return;
  for (const [key, datum] of value) if (!merged.has(key)) merged.set(key, datum);
}

function scalarValue(node: YamlScalar): Scalar {
  const { value, source = '' } = node;
  if (typeof value === 'number' && Number.isInteger(value) && WHOLE_NUMBER.test(source)) return wholeNumber(source);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'bigint' ? value : null;
}

function wholeNumber(source: string): bigint {
  return source.startsWith('-') ? -BigInt(source.slice(1)) : BigInt(source.replace('+', ''));
}
