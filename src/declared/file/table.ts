import { compilePattern, type Pattern, PatternError } from '../pattern.ts';
import { expandBraces } from '../tables/braces.ts';
import { formatOf } from '../tables/format.ts';
import { parseSteps } from '../tables/steps.ts';
import type { TableDefinition } from '../tables/table.ts';
import type { TableEntry } from './form.ts';
import type { Mistake } from './mistakes.ts';
import type { GateFile, PlacedTable } from './read.ts';

/** The tables of all gate files, by names that gates may use. */
export interface CompiledTables {
  readonly definitions: readonly TableDefinition[];
  /** Tables that cannot be used, with the reason. */
  readonly spoilt: ReadonlyMap<string, Mistake>;
  readonly names: ReadonlySet<string>;
}

/** Compiles tables, and notes among the `mistakes` what is wrong with them. */
export function compileTables(files: readonly GateFile[], mistakes: Mistake[]): CompiledTables {
  const spoilt = new Map(
    files.flatMap(({ brokenTables }) => brokenTables.map(({ name, mistake }) => [name, mistake] as const)),
  );
  const placed = files.flatMap(({ tables }) => tables);
  const definitions: TableDefinition[] = [];
  for (const table of placed) {
    const read = tableOf(table);
    if ('definition' in read) definitions.push(read.definition);
    else {
      mistakes.push(...read.mistakes);
      for (const mistake of read.mistakes.slice(0, 1)) spoilt.set(table.name, mistake);
    }
  }
  return { definitions, spoilt, names: new Set([...placed.map(({ name }) => name), ...spoilt.keys()]) };
}

/** A table as `data` declares it, or what is wrong with it. */
function tableOf({
  name,
  entry,
  at,
  places,
}: PlacedTable): { readonly definition: TableDefinition } | { readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  const { path, line, column } = places.mistake(at, '', { atKey: true });
  const declared = { place: { repo: 'target', path, line, column } };
  if ('facts' in entry) {
    const { facts, key } = entry;
    return { definition: { name, facts, declared, files: [], except: [], each: [], path: '', key } };
  }
  const { files, except = [], each = '', format, rows, key, columns, delimiter, comment } = entry;
  const patterns = [files].flat();
  const steps = parseSteps(each);
  if (!steps)
    mistakes.push(
      places.mistake(
        [...at, 'each'],
        `\`${each}\` is not a path: keys with dots between them, \`[]\` for items, \`{}\` for values, such as \`sites.{}.hosts[]\``,
      ),
    );
  let pattern: Pattern | undefined;
  try {
    pattern = rows === undefined ? undefined : compilePattern(rows, { multiline: true });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    mistakes.push(places.mistake([...at, 'rows'], error.message));
  }
  const unclear = patterns.flatMap(expandBraces).find((path) => formatOf(path) === undefined);
  if (unclear !== undefined && format === undefined && rows === undefined)
    mistakes.push(
      places.mistake(
        [...at, 'files'],
        `nothing says which format \`${unclear}\` has: add \`format\` (or \`rows\`, for a regular expression)`,
      ),
    );
  mistakes.push(...wordsOfCsv(entry, patterns, { at, places }));
  if (mistakes.length > 0) return { mistakes };
  return {
    definition: {
      name,
      declared,
      files: patterns,
      except: [except].flat(),
      format,
      each: steps ?? [],
      path: each,
      pattern,
      key,
      columns,
      comment,
      delimiter,
    },
  };
}

const CSV_WORDS = ['columns', 'delimiter', 'comment'] as const;

/** What is said of the columns of files that have none. */
function wordsOfCsv(
  entry: Extract<TableEntry, { readonly files: unknown }>,
  patterns: readonly string[],
  { at, places }: Pick<PlacedTable, 'at' | 'places'>,
): readonly Mistake[] {
  const { format, rows } = entry;
  const told = rows === undefined ? format : 'rows';
  const formats = new Set(told === undefined ? patterns.flatMap(expandBraces).map(formatOf) : [told]);
  if (formats.has('csv') || formats.has('tsv') || formats.has(undefined)) return [];
  const [other = ''] = formats;
  const what = other === 'rows' ? '`rows` makes the rows of these files' : `these files are read as ${other}`;
  return CSV_WORDS.filter((word) => entry[word] !== undefined).map((word) =>
    places.mistake([...at, word], `\`${word}\` is for CSV and TSV, and ${what}`, { atKey: true }),
  );
}
