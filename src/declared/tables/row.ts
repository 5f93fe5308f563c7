import type { Located } from '../../core/finding.ts';
import { shortHash } from '../../core/hash.ts';
import { type Datum, isList, isMap, textOf } from '../formats/datum.ts';

/** One thing that a gate can be about. */
export interface Row {
  readonly path: string;
  /** The document it stands in. */
  readonly document: Datum;
  readonly datum: Datum;
  /** Keys of the maps whose values were walked on the way, outermost first. */
  readonly keys: readonly string[];
  /** Its name among its siblings. */
  readonly key: string;
  /** Its name in the table: what a finding is remembered by, so it holds no position. */
  readonly subject: string;
  /** Where a part of it stands; without one, where it stands itself. */
  at(part?: Datum): Located;
}

/** Fields that name a thing, the first that is there. */
export const NAMING: readonly string[] = [
  'id',
  'name',
  'hostname',
  'host',
  'title',
  'key',
  'address',
  'ip',
  'path',
  'url',
  'source',
  'metadata.name',
];

/** What an item of a list is called: the first of the `fields` that it has, else its first text, else its content. */
export function nameOfItem(datum: Datum, fields: readonly string[] = NAMING): string {
  const own = textOf(datum);
  if (own !== undefined) return own;
  for (const field of fields) {
    const text = textOf(partAt(datum, field.split('.')));
    if (text !== undefined && text !== '') return text;
  }
  const children = isMap(datum) ? [...datum.value.values()] : isList(datum) ? datum.value : [];
  return children.map(textOf).find((text) => text !== undefined && text !== '') ?? shortHash(contentOf(datum, 4));
}

/** A part of a value by keys and, in lists, by index from 0; undefined where there is none. */
export function partAt(datum: Datum | undefined, path: readonly string[]): Datum | undefined {
  let part = datum;
  for (const key of path) {
    if (part && isMap(part)) part = part.value.get(key);
    else if (part && isList(part)) part = part.value[Number(key)];
    else return undefined;
  }
  return part;
}

/** The deepest part that is there along a path: the value itself, or what lacks it. */
export function deepestAt(datum: Datum, path: readonly string[]): Datum {
  for (let length = path.length; length > 0; length--) {
    const part = partAt(datum, path.slice(0, length));
    if (part) return part;
  }
  return datum;
}

function contentOf({ value }: Datum, depth: number): string {
  if (depth === 0) return '…';
  if (value instanceof Map)
    return `{${[...value].map(([key, child]) => `${key}:${contentOf(child, depth - 1)}`).join(',')}}`;
  if (Array.isArray(value)) return `[${value.map((child: Datum) => contentOf(child, depth - 1)).join(',')}]`;
  return String(value);
}
