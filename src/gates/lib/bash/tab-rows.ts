import type { YamlValue } from '../../../core/yaml/value.ts';
import { membersOf } from '../files/members.ts';

/** In place of a column's key: the key (or index) under which the item itself stands. */
export const ITEM_KEY = Symbol('item key');

/** What a column prints: a field of the item, alone or with what stands for absent, null and false. */
export type Column = typeof ITEM_KEY | string | readonly [field: string, fallback: string];

export interface Row {
  /** The texts by position. Empty ones fell out, so the later ones have moved left and the last slots are missing. */
  readonly values: readonly string[];
  /** The item that the row was made from; the collection when it holds none. */
  readonly item: YamlValue;
}

/**
 * The items of a list or map as the scripts see them: printed tab-separated, then read back with the tab as a blank.
 * One list in place of an item, or one list, map or alias in a column, and the script has no row at all.
 * Without items there is one row without values. Takes only items that `isWanted`.
 */
export function tabRows(
  collection: YamlValue,
  columns: readonly Column[],
  isWanted: (item: YamlValue) => boolean = () => true,
): readonly Row[] {
  const items = columns.includes(ITEM_KEY)
    ? membersOf(collection)
    : collection.items.map((item) => ['', item] as const);
  if (items.some(([, item]) => item.target.kind === 'list')) return [];
  const rows: Row[] = [];
  for (const [key, item] of items.filter(([, candidate]) => isWanted(candidate))) {
    const cells: string[] = [];
    for (const column of columns) {
      const cell = printCell(column, key, item);
      if (cell === undefined) return [];
      cells.push(cell);
    }
    const lines = cells.map(quote).join('\t').split('\n');
    rows.push(...lines.map((line) => ({ values: readBack(line, columns.length), item })));
  }
  return rows.length > 0 ? rows : [{ values: [], item: collection }];
}

function printCell(column: Column, key: string, item: YamlValue): string | undefined {
  if (column === ITEM_KEY) return key;
  const [field, fallback] = typeof column === 'string' ? [column] : column;
  const value = item.get(field);
  if (!['scalar', 'null', 'absent'].includes(value.kind)) return undefined;
  const text = fallback === undefined ? value.raw : value.or(fallback);
  return value.kind === 'scalar' ? text + '\n'.repeat(lineBreaksAtEnd(value)) : text;
}

/** A shell drops them from a single value, but inside a row they stay. */
function lineBreaksAtEnd(scalar: YamlValue): number {
  return scalar.length - new TextEncoder().encode(scalar.raw).length;
}

function quote(cell: string): string {
  return /^\s|[\t\n\r"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The last slot takes whatever is left over. */
function readBack(line: string, slots: number): readonly string[] {
  const parts = line.split('\t').filter((part) => part !== '');
  if (parts.length <= slots) return parts;
  return [...parts.slice(0, slots - 1), parts.slice(slots - 1).join('\t')];
}
