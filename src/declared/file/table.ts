import { compilePattern, type Pattern, PatternError } from '../pattern.ts';
import { expandBraces } from '../tables/braces.ts';
import { formatOf } from '../tables/format.ts';
import { parseSteps } from '../tables/steps.ts';
import type { TableDefinition } from '../tables/table.ts';
import type { Mistake } from './mistakes.ts';
import type { PlacedTable } from './read.ts';

/** A table as `data` declares it; none where something is wrong with it, which then is among the `mistakes`. */
export function tableOf({ name, entry, at, places }: PlacedTable, mistakes: Mistake[]): readonly TableDefinition[] {
  const { path, line, column } = places.mistake(at, '', { atKey: true });
  const declared = { place: { repo: 'target', path, line, column } };
  if ('facts' in entry) {
    const { facts, key } = entry;
    return [{ name, facts, declared, files: [], except: [], each: [], path: '', key }];
  }
  const { files, except = [], each = '', format, rows, key, columns, delimiter, comment } = entry;
  const before = mistakes.length;
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
  if (mistakes.length > before) return [];
  return [
    {
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
  ];
}
