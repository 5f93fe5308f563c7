import { type CelInput, type CelMap, type CelValue, celList, celMap, isCelList, isCelMap } from '@bufbuild/cel';
import { encryptedWith } from '../../core/content.ts';
import { type Datum, isList, isMap } from '../formats/datum.ts';

const values = new WeakMap<object, CelValue>();
const weights = new WeakMap<object, number>();
/** Values that hold encrypted ones: with what, and whether as one of their own items. */
const encrypted = new WeakMap<object, { readonly by: string; readonly isOwn: boolean }>();

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
  noteEncrypted(built as object, parts);
  return built;
}

function noteEncrypted(built: object, parts: readonly CelValue[]): void {
  for (const part of parts) {
    const own = typeof part === 'string' ? encryptedWith(part) : undefined;
    const by = own ?? encryptedBelow(part, true);
    if (by === undefined) continue;
    encrypted.set(built, { by, isOwn: own !== undefined });
    if (own !== undefined) return;
  }
}

/** What values in a list are encrypted with, or anywhere in a list or map where `isWhole`; undefined where all are in clear. */
export function encryptedBelow(value: CelValue, isWhole: boolean): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const known = encrypted.get(value);
  if (!known || (!isWhole && !(known.isOwn && isCelList(value)))) return undefined;
  return known.by;
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
