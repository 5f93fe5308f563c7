import { parseYaml } from '../../src/core/yaml/value.ts';
import { parseCsvData } from '../../src/declared/formats/csv.ts';
import { type Datum, isList, isMap, textOf } from '../../src/declared/formats/datum.ts';
import { dataOfDocuments, formatOf, parseAs } from '../../src/declared/tables/format.ts';
import type { Candidate } from './candidate.ts';

/** Fields that should not stand twice, the most telling first. */
const NAMING = [
  'id',
  'vmid',
  'ct_id',
  'hostname',
  'name',
  'ip',
  'address',
  'ipv4',
  'ipv6',
  'mac',
  'serial',
  'port',
  'github',
];
const LEAST_ROWS = 3;

interface FoundTable {
  readonly each: string;
  readonly rows: readonly ReadonlyMap<string, Datum>[];
}

/** Gates about the records of one file: what names them is unique, and what all of them say is said. */
export function candidatesInFile(path: string, text: string): readonly Candidate[] {
  const [best] = tablesIn(path, text).toSorted((one, other) => other.rows.length - one.rows.length);
  if (!best) return [];
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const last = best.each
    .replace(/[[\]{}]/g, '')
    .split('.')
    .filter((part) => part !== '')
    .at(-1);
  const slug = [...new Set([stem, ...(last ? [last] : [])])]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 36);
  const table = slug.replace(/-/g, '_').replace(/^(?=\d)/, 't');
  if (table === '') return [];
  const each = best.each === '' ? '' : `, each: ${JSON.stringify(best.each)}`;
  const data = { [table]: `{ files: ${JSON.stringify(path)}${each} }` };
  const texts = (field: string) =>
    best.rows.map((row) => textOf(row.get(field))).filter((value) => value !== undefined && value !== '');
  const unique = NAMING.filter((field) => isDistinct(texts(field))).slice(0, 2);
  const [first] = best.rows;
  const always = [...(first?.keys() ?? [])]
    .filter(
      (field) => /^[A-Za-z_]\w*$/.test(field) && texts(field).length === best.rows.length && !unique.includes(field),
    )
    .slice(0, 3);
  return [
    ...unique.map((field) => ({
      id: `${slug}-${field.replace(/_/g, '-')}-is-unique`,
      reason: `All ${best.rows.length} records of ${path} differ in this today.`,
      data,
      gate: `unique: ${table}.${field}`,
    })),
    ...(always.length > 0
      ? [
          {
            id: `${slug}-is-complete`,
            reason: `All records of ${path} say this today.`,
            data,
            gate: `each: ${table}, must: ${always.map((field) => `row.${field} != null`).join(' && ')}`,
          },
        ]
      : []),
  ];
}

/** Whether a file may hold records: a table of data, or a small file of facts. */
export function mayHoldRecords(path: string): boolean {
  if (/(?:^|\/)(?:\.|node_modules|vendor|fixtures?|testdata?|roles|templates?|charts?|examples?)\b/.test(path))
    return false;
  return (
    /\.(?:csv|tsv)$/.test(path) ||
    (/\.(?:ya?ml|toml)$/.test(path) &&
      !/compose|kustomization|workflow|values|lock|helmrelease|requirements/i.test(path))
  );
}

function tablesIn(path: string, text: string): readonly FoundTable[] {
  const documents = documentsOf(path, text);
  const [document, ...others] = documents;
  if (!document || others.length > 0) return [];
  const found: FoundTable[] = [];
  visit(document, '', 0);
  return found;

  function visit(datum: Datum, place: string, depth: number): void {
    if (isList(datum)) {
      add(path.match(/\.[ct]sv$/) ? '' : `${place}[]`, datum.value);
      return;
    }
    if (!isMap(datum) || depth > 3) return;
    const parts = [...datum.value];
    if (depth > 0)
      add(
        place === '' ? '{}' : `${place}.{}`,
        parts.map(([, part]) => part),
      );
    for (const [key, part] of parts)
      if (/^[\w-]+$/.test(key)) visit(part, place === '' ? key : `${place}.${key}`, depth + 1);
  }

  function add(each: string, items: readonly Datum[]): void {
    const rows = items.filter(isMap).map(({ value }) => value);
    if (rows.length >= LEAST_ROWS && rows.length === items.length) found.push({ each, rows });
  }
}

function documentsOf(path: string, text: string): readonly Datum[] {
  const format = formatOf(path);
  if (format === 'csv' || format === 'tsv') {
    const parsed = parseCsvData(text, { delimiter: format === 'csv' ? ',' : '\t' });
    return 'message' in parsed ? [] : parsed;
  }
  if (format === 'yaml') {
    const parsed = parseYaml(text, 'target', path);
    if ('message' in parsed) return [];
    const data = dataOfDocuments(parsed);
    return 'message' in data ? [] : data;
  }
  if (format !== 'toml') return [];
  const parsed = parseAs('toml', text, {});
  return 'message' in parsed ? [] : parsed;
}

function isDistinct(values: readonly (string | undefined)[]): boolean {
  return values.length >= LEAST_ROWS && new Set(values).size === values.length;
}
