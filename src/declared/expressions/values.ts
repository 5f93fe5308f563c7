import { type CelInput, type CelMap, type CelValue, celList, celMap, isCelList, isCelMap } from '@bufbuild/cel';
import { type Datum, isList, isMap } from '../formats/datum.ts';

const values = new WeakMap<object, CelValue>();
const weights = new WeakMap<object, number>();

/** A value of a file as CEL sees it. Parts that are shared stay shared. */
export function celOf({ value }: Datum): CelValue {
  if (typeof value !== 'object' || value === null) return value;
  const known = values.get(value);
  if (known !== undefined) return known;
  const datum = { offset: 0, value };
  const parts = (isMap(datum) ? [...datum.value.values()] : isList(datum) ? datum.value : []).map(celOf);
  const built = isMap(datum) ? mapOf(datum.value, parts) : celList(parts);
  values.set(value, built);
  weights.set(
    built as object,
    parts.reduce<number>((sum, part) => sum + weightOf(part), 1),
  );
  return built;
}

function mapOf(entries: ReadonlyMap<string, Datum>, parts: readonly CelInput[]): CelMap {
  return celMap(new Map([...entries.keys()].map((key, index) => [key, parts[index] ?? null])));
}

/** How many values one holds, itself included; a guess for those that an expression made. */
export function weightOf(value: CelValue): number {
  if (typeof value === 'string') return 1 + value.length / 64;
  if (typeof value !== 'object' || value === null) return 1;
  const known = weights.get(value);
  if (known !== undefined) return known;
  return isCelList(value) || isCelMap(value) ? 1 + value.size : 1;
}

/** A value as text for messages and keys; undefined for null and for anything with parts. */
export function celText(value: CelValue): string | undefined {
  const isPlain =
    typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? String(value) : undefined;
}

/** A value in messages: texts as they are, lists with commas. */
export function celInWords(value: CelValue): string {
  if (value === null) return 'nothing';
  if (isCelList(value)) return [...value].slice(0, 10).map(celInWords).join(', ');
  if (isCelMap(value))
    return [...value.entries()]
      .slice(0, 10)
      .map(([key, part]) => `${String(key)}: ${celInWords(part)}`)
      .join(', ');
  return celText(value) ?? String(value);
}
