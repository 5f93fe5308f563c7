import type { Located } from '../../core/finding.ts';
import type { Repo } from '../../core/repo.ts';
import { Abort, Unavailable } from '../../core/signals.ts';
import type { Datum, FormatFault } from '../formats/datum.ts';
import type { Pattern } from '../pattern.ts';
import { type PostedFacts, rowsOfFacts } from './facts.ts';
import { filesMatching } from './files.ts';
import { dataOfDocuments, type Format, formatOf, parseAs } from './format.ts';
import { linesOf } from './lines.ts';
import { nameOfItem, type Row } from './row.ts';
import type { Step } from './steps.ts';
import { itemName, walk } from './walk.ts';

/** What `data` says of one table. */
export interface TableDefinition {
  readonly name: string;
  /** The facts it is made of, in the place of files. */
  readonly facts?: string | undefined;
  /** Where it is declared. */
  readonly declared: Located;
  readonly files: readonly string[];
  readonly except: readonly string[];
  /** Without it, each file's name says. */
  readonly format?: Format | undefined;
  /** Where the rows are in a document; the document itself where it is empty. */
  readonly each: readonly Step[];
  /** `each` as it is written, for messages. */
  readonly path: string;
  /** One row per match of it, instead of a format. */
  readonly pattern?: Pattern | undefined;
  /** The field that names an item. */
  readonly key?: string | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly comment?: string | undefined;
  readonly delimiter?: string | undefined;
}

export interface Table {
  readonly definition: TableDefinition;
  /** Whether there is anything that it could be made of: a file, or facts that a machine posted. */
  readonly isThere: boolean;
  readonly rows: readonly Row[];
  /** Files and machines whose rows are not there, each with the reason. */
  readonly unread: readonly string[];
}

/** Beyond these, a table is read no further: a Worker has 128 MB. */
const LIMITS = { rows: 100_000, characters: 24_000_000, yamlBytes: 1_500_000 };

/** Reads a table's files and makes its rows. Reading may suspend; a file that cannot be read or has another form costs its own rows only. */
export function buildTable(definition: TableDefinition, repo: Repo): Table {
  const files = filesMatching(repo, definition.files, definition.except);
  const rows: Row[] = [];
  const unread: string[] = [];
  const subjects = new Map<string, number>();
  if (definition.format !== 'file') repo.prefetch(files);
  let characters = 0;
  for (const path of files) {
    const found = rowsOfFile(definition, repo, path);
    unread.push(...found.unread);
    characters += found.characters;
    for (const row of found.rows) rows.push(distinct(row, subjects));
    if (rows.length > LIMITS.rows || characters > LIMITS.characters) {
      unread.push(tooMuch(definition, rows.length > LIMITS.rows));
      break;
    }
  }
  return { definition, isThere: files.length > 0, rows: rows.slice(0, LIMITS.rows), unread };
}

/** A table of what machines posted. */
export function factsTable(definition: TableDefinition, { isPosted, believed, unread }: PostedFacts): Table {
  const subjects = new Map<string, number>();
  const rows = rowsOfFacts(believed, definition.key, definition.declared).map((row) => distinct(row, subjects));
  return { definition, isThere: isPosted, rows, unread };
}

/** The rows of a table in words: what was looked for, and where. */
export function tableInWords({ name, files, path, facts }: TableDefinition): string {
  if (facts !== undefined) return `\`${name}\` (the facts \`${facts}\`)`;
  return `\`${name}\` (${path === '' ? '' : `\`${path}\` in `}${files.map((file) => `\`${file}\``).join(', ')})`;
}

function tooMuch({ name }: TableDefinition, isRows: boolean): string {
  const limit = isRows ? `${LIMITS.rows.toLocaleString('en')} rows` : `${LIMITS.characters / 1_000_000} MB of text`;
  return `the table \`${name}\` has more than ${limit}, and the rest was not looked at`;
}

/** Rows of one table that would be called the same are told apart by their order. */
function distinct(row: Row, subjects: Map<string, number>): Row {
  const count = (subjects.get(row.subject) ?? 0) + 1;
  subjects.set(row.subject, count);
  return count === 1 ? row : { ...row, subject: `${row.subject} (${count})` };
}

interface FileRows {
  readonly rows: readonly Row[];
  readonly unread: readonly string[];
  readonly characters: number;
}

function rowsOfFile(definition: TableDefinition, repo: Repo, path: string): FileRows {
  try {
    return rowsOfReadableFile(definition, repo, path);
  } catch (error) {
    if (error instanceof Unavailable) return { rows: [], unread: [error.message], characters: 0 };
    if (!(error instanceof Abort)) throw error;
    const { line } = error.place;
    return { rows: [], unread: [`${path}${line === null ? '' : `:${line}`}: ${error.message}`], characters: 0 };
  }
}

function rowsOfReadableFile(definition: TableDefinition, repo: Repo, path: string): FileRows {
  const { pattern, format = formatOf(path) } = definition;
  const here = repo.at(path).place;
  if (!pattern && format === 'file') {
    return { rows: [fileRow(definition, path, () => ({ place: here }))], unread: [], characters: 0 };
  }
  if (!pattern && format === 'yaml' && repo.size(path) > LIMITS.yamlBytes) {
    const unread = [`${path} is larger than ${LIMITS.yamlBytes / 1_000_000} MB, which takes too long to read as YAML`];
    return { rows: [], unread, characters: 0 };
  }
  const text = repo.text(path);
  const positionOf = linesOf(text);
  const at = ({ offset }: Datum): Located => ({ place: { ...here, ...positionOf(offset) } });
  const characters = text.length;
  if (pattern) return { rows: matchRows(definition, path, text, pattern, at), unread: [], characters };
  if (!format || format === 'file')
    return { rows: [], unread: [`${path}: nothing says which format it has`], characters };
  // Two names that differ in such a byte would read alike.
  const strange = format === 'yaml' ? -1 : text.indexOf('\uFFFD');
  if (strange >= 0) {
    const { line } = positionOf(strange);
    return { rows: [], unread: [`${path}:${line}: not readable as ${format}: it is not UTF-8`], characters };
  }
  const documents = format === 'yaml' ? dataOfDocuments(repo.yamlDocuments(path)) : parseAs(format, text, definition);
  const fault = (problem: FormatFault, what: string) => {
    const { line, column } = positionOf(problem.offset);
    return `${path}:${line}:${column}: ${what}${problem.message}`;
  };
  if ('message' in documents)
    return { rows: [], unread: [fault(documents, `not readable as ${format}: `)], characters };
  const rows: Row[] = [];
  const unread: string[] = [];
  const steps: readonly Step[] =
    (format === 'csv' || format === 'tsv') && definition.each.length === 0 ? ['items'] : definition.each;
  for (const [index, document] of documents.entries()) {
    const base = { path, document, at: (part: Datum | undefined, own: Datum) => at(part ?? own) };
    const problem = walk(
      document,
      steps,
      [],
      (datum, keys, key) => {
        rows.push(
          createRow(definition, base, datum, keys, key ?? stemOf(path, documents.length > 1 ? document : undefined)),
        );
      },
      definition.key,
    );
    if (problem) unread.push(fault(problem, ''));
    if (index > LIMITS.rows) break;
  }
  return { rows, unread, characters };
}

interface RowBase {
  readonly path: string;
  readonly document: Datum;
  readonly at: (part: Datum | undefined, own: Datum) => Located;
}

function createRow(
  definition: TableDefinition,
  { path, document, at }: RowBase,
  datum: Datum,
  keys: readonly string[],
  key: string,
): Row {
  const names = keys.at(-1) === key ? keys : [...keys, key];
  return {
    path,
    document,
    datum,
    keys,
    key,
    subject: subjectOf(definition, path, names),
    at: (part) => at(part, datum),
  };
}

/** A table of one named file needs no path in its subjects, and a row that is a whole file is called by its path. */
function subjectOf({ files, each, pattern, format }: TableDefinition, path: string, names: readonly string[]): string {
  const isWholeFile = each.length === 0 && !pattern && !/\.[ct]sv$/.test(path) && format !== 'csv' && format !== 'tsv';
  const [file = '', ...others] = files;
  const isOneFile = others.length === 0 && !/[*?[{]/.test(file);
  if (isWholeFile)
    return names.length > 0 && names[0] !== stemOf(path, undefined) ? `${path}: ${names.join('/')}` : path;
  return isOneFile ? names.join('/') : `${path}: ${names.join('/')}`;
}

function matchRows(
  definition: TableDefinition,
  path: string,
  text: string,
  pattern: Pattern,
  at: (datum: Datum) => Located,
): readonly Row[] {
  const rows: Row[] = [];
  for (const match of pattern.matches(text)) {
    const groups = [...match.groups].map(
      ([name, group]) => [name, { offset: group.offset, value: group.text }] as const,
    );
    const datum: Datum = { offset: match.offset, value: new Map(groups) };
    const base = { path, document: datum, at: (part: Datum | undefined, own: Datum) => at(part ?? own) };
    const name = groups.length === 0 ? match.text : itemName(datum, definition.key);
    rows.push(createRow(definition, base, datum, [], name));
    if (rows.length > LIMITS.rows) break;
  }
  return rows;
}

function fileRow(definition: TableDefinition, path: string, at: () => Located): Row {
  const datum: Datum = { offset: 0, value: new Map() };
  return createRow(definition, { path, document: datum, at }, datum, [], stemOf(path, undefined));
}

/** What a whole file is called: its name without the extension. One of several documents says its own name. */
function stemOf(path: string, document: Datum | undefined): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.replace(/(?<=.)\.[^.]*$/, '');
  return document ? `${stem}/${nameOfItem(document)}` : stem;
}
