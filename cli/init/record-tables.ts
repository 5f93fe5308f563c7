import { parseYaml } from '../../src/core/yaml/value.ts';
import { parseCsvData } from '../../src/declared/formats/csv.ts';
import { type Datum, isList, isMap, textOf } from '../../src/declared/formats/datum.ts';
import { dataOfDocuments, formatOf, parseAs } from '../../src/declared/tables/format.ts';

/** Records that were found in one file, or in many of one shape. */
export interface RecordTable {
  readonly name: string;
  /** The path, or a pattern for many. */
  readonly files: string;
  readonly each: string;
  readonly rows: readonly ReadonlyMap<string, Datum>[];
  /** What each row is called where its file or its map says it. */
  readonly keys: readonly string[] | undefined;
}

const LEAST_ROWS = 3;
const LEAST_FILES = 4;

/** Whether a file may hold records: a table of data, or a small file of facts. What a program is told to do is none. */
export function mayHoldRecords(path: string): boolean {
  if (
    /(?:^|\/)(?:\.|node_modules|vendor|fixtures?|testdata?|tests?|roles|tasks|handlers|playbooks?|templates?|charts?|examples?|dashboards?|alerts?|rules)\b/.test(
      path,
    )
  )
    return false;
  if (/example|sample/i.test(path)) return false;
  return (
    /\.(?:csv|tsv)$/.test(path) ||
    (/\.(?:ya?ml|toml)$/.test(path) &&
      !/compose|kustomization|workflow|values|lock|helmrelease|requirements|secret|\.sops\.|(?:^|\/)(?:chart|mkdocs|pyproject|cargo|ks)\./i.test(
        path,
      ))
  );
}

/** The tables of one file, the largest first. */
export function tablesInFile(path: string, text: string): readonly RecordTable[] {
  const [document, ...others] = documentsOf(path, text);
  if (!document || others.length > 0 || isForAProgram(document)) return [];
  const found: RecordTable[] = [];
  visit(document, '', 0);
  return found.toSorted((one, other) => other.rows.length - one.rows.length);

  function visit(datum: Datum, place: string, depth: number): void {
    if (isList(datum)) {
      add(/\.[ct]sv$/.test(path) ? '' : `${place}[]`, datum.value, undefined);
      return;
    }
    if (!isMap(datum) || depth > 3) return;
    const parts = [...datum.value];
    const keys = parts.map(([key]) => key);
    const values = parts.map(([, part]) => part);
    if (depth > 0) add(place === '' ? '{}' : `${place}.{}`, values, keys);
    for (const [key, part] of parts)
      if (/^[\w-]+$/.test(key)) visit(part, place === '' ? key : `${place}.${key}`, depth + 1);
  }

  function add(each: string, items: readonly Datum[], keys: readonly string[] | undefined): void {
    const rows = items.filter(isMap).map(({ value }) => value);
    if (rows.length < LEAST_ROWS || rows.length < items.length || rows.some(isTask)) return;
    found.push({ name: nameOf(stemOf(path), each), files: path, each, rows, keys });
  }
}

/** The tables of many files of one shape: every file is a row, and so is every item of a list that most of them have. */
export function tablesInFiles(pattern: string, texts: ReadonlyMap<string, string>): readonly RecordTable[] {
  const rows: ReadonlyMap<string, Datum>[] = [];
  const keys: string[] = [];
  for (const [path, text] of texts) {
    const [document, ...others] = documentsOf(path, text);
    if (!document || others.length > 0 || !isMap(document) || isForAProgram(document)) continue;
    rows.push(document.value);
    keys.push(stemOf(path));
  }
  if (rows.length < LEAST_FILES || rows.length < texts.size * 0.9) return [];
  const [first] = rows;
  const common = [...(first?.keys() ?? [])].filter((key) => rows.every((row) => row.has(key)));
  if (common.length === 0) return [];
  const folder = pattern.replace(/\/[^/]*\*[^/]*.*$/, '');
  const stem = stemOf(folder);
  const lists = common.filter((key) => /^[A-Za-z_]\w*$/.test(key));
  const nested = lists.flatMap((key): RecordTable[] => {
    const items = rows.flatMap((row) => {
      const part = row.get(key);
      return part && isList(part) ? part.value : [];
    });
    const maps = items.filter(isMap).map(({ value }) => value);
    const isTable = maps.length >= LEAST_ROWS && maps.length === items.length && !maps.some(isTask);
    return isTable ? [{ name: nameOf(stem, key), files: pattern, each: `${key}[]`, rows: maps, keys: undefined }] : [];
  });
  return [{ name: nameOf(stem, ''), files: pattern, each: '', rows, keys }, ...nested];
}

/** Groups of files that may have one shape, by a pattern for them. */
export function likeFiles(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const parts = path.split('/');
    const file = parts.pop() ?? '';
    const ending = file.slice(file.lastIndexOf('.'));
    const beside = [...parts, `*${ending}`].join('/');
    const below = parts.length > 1 ? [...parts.slice(0, -1), '*', file].join('/') : undefined;
    for (const pattern of below === undefined ? [beside] : [beside, below])
      groups.set(pattern, [...(groups.get(pattern) ?? []), path]);
  }
  return new Map([...groups].filter(([pattern, files]) => pattern.includes('/') && files.length >= LEAST_FILES));
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

/** A manifest of Kubernetes, or what sops encrypted. */
function isForAProgram(document: Datum): boolean {
  return isMap(document) && ['apiVersion', 'sops'].some((key) => document.value.has(key));
}

/** A play or a task of Ansible, or a step of a workflow. */
function isTask(row: ReadonlyMap<string, Datum>): boolean {
  return ['hosts', 'tasks', 'ansible.builtin.import_playbook', 'import_playbook', 'when', 'register', 'uses'].some(
    (key) => row.has(key) && textOf(row.get(key)) !== undefined,
  );
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(?<=.)\.[^.]*$/, '');
}

/** A name for a table: what the file is called, and the last key on the way to its rows. */
function nameOf(stem: string, each: string): string {
  const last = each
    .replace(/[[\]{}]/g, '')
    .split('.')
    .filter((part) => part !== '')
    .at(-1);
  return [...new Set([stem, ...(last ? [last] : [])])]
    .join('_')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .replace(/^(?=\d)/, 't')
    .slice(0, 36);
}
