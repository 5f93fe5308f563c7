import { nearest } from '../nearest.ts';
import { formatOf } from '../tables/format.ts';
import type { Table } from '../tables/table.ts';

/** A column that is asked for and that a CSV or TSV table does not have, as a sentence: it would read as null in every row, and a slip could pass for a gate that holds. */
export function strayColumn(
  { definition: { name, files, format, pattern }, rows }: Table,
  asked: readonly (readonly string[])[],
): string | undefined {
  const formats = format === undefined ? files.map(formatOf) : [format];
  const isColumnar = !pattern && formats.every((one) => one === 'csv' || one === 'tsv');
  if (!isColumnar || rows.length === 0) return undefined;
  const isThere = (column: string) => rows.some(({ datum: { value } }) => value instanceof Map && value.has(column));
  const stray = asked.map(([column]) => column).find((column) => column !== undefined && !isThere(column));
  if (stray === undefined) return undefined;
  const columns = rows.slice(0, 1).flatMap(({ datum: { value } }) => (value instanceof Map ? [...value.keys()] : []));
  const near = nearest(stray, columns);
  const hint = near === undefined ? `the columns are ${columns.slice(0, 20).join(', ')}` : `did you mean \`${near}\`?`;
  return `\`${name}\` has no column \`${stray}\`: ${hint}`;
}
