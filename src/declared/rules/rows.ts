import { encryptedWith } from '../../core/content.ts';
import type { Blind } from '../../core/gate.ts';
import { Unavailable } from '../../core/signals.ts';
import type { Expression, Part, Result } from '../expressions/language.ts';
import { celInWords, celOf } from '../expressions/values.ts';
import { type Datum, isList } from '../formats/datum.ts';
import { deepestAt, partAt, type Row } from '../tables/row.ts';
import { RowsUnknown } from '../tables/shelf.ts';
import type { Step } from '../tables/steps.ts';
import { RowValues } from './row-values.ts';
import type { Scope, Sighting } from './rule.ts';

/** Evaluates an expression for a row. A file that cannot be read makes that row unclear, not the whole gate. */
export function evaluateRow(expression: Part, row: Row, { host, budget }: Scope): Result | Blind {
  try {
    return expression.evaluate(new RowValues(row), host, budget);
  } catch (error) {
    if (error instanceof RowsUnknown) return { blind: error.message };
    if (error instanceof Unavailable) return { blind: `${row.subject}: ${error.message}` };
    throw error;
  }
}

/**
 * The rows of a table for which `when` holds. A row that lacks what `when` asks for is passed over.
 * Where `when` cannot be evaluated for another reason, nobody knows whether the row is meant: that is said, and the row is left out.
 */
export function* selectedRows(
  scope: Scope,
  table: string,
  when: Expression | undefined,
): Generator<Blind, readonly Row[]> {
  const { rows } = scope.table(table);
  if (!when) return rows;
  const selected: Row[] = [];
  for (const row of rows) {
    const result = evaluateRow(when, row, scope);
    if ('blind' in result) {
      yield result;
      continue;
    }
    const isMeant = 'value' in result && result.value === true;
    if (isMeant) selected.push(row);
    else if ('problem' in result && !result.isMissing) {
      scope.witness?.(sightingOf(row, when, 'unclear'));
      yield { blind: `${placeInWords(row)}: \`when\` cannot be evaluated for ${row.subject}: ${result.problem}` };
    } else if ('value' in result && typeof result.value !== 'boolean' && result.value !== null) {
      yield { blind: `${placeInWords(row)}: \`when\` is neither true nor false for ${row.subject}` };
    } else scope.witness?.(sightingOf(row, when, 'passed over'));
  }
  return selected;
}

/** What was seen of a row: every value that the expression asked it for. */
export function sightingOf(row: Row, expression: Expression | undefined, outcome: Sighting['outcome']): Sighting {
  return { at: row.at(), subject: row.subject, outcome, values: askedOf(row, expression) };
}

/** The values that an expression asks a row for, by path. */
export function askedOf(row: Row, expression: Part | undefined): Readonly<Record<string, string>> {
  const paths = expression?.rowPaths ?? [];
  return Object.fromEntries(
    paths.map((path) => {
      const part = partAt(row.datum, path);
      return [`row.${path.join('.')}`, part ? celInWords(celOf(part)) : 'nothing'];
    }),
  );
}

/** Where a finding about an expression points: the first value that it asks for and is there, else what lacks it. */
export function placeOfAsked(row: Row, expression: Part) {
  const [first] = expression.rowPaths;
  const found = expression.rowPaths.map((path) => partAt(row.datum, path)).find((part) => part !== undefined);
  if (found) return row.at(found);
  const deepest = first && deepestAt(row.datum, first);
  return deepest === row.datum || !deepest ? row.at() : row.at(deepest);
}

/** A field of a row: values that can be compared, each with the place where it stands. */
export interface FieldValue {
  readonly row: Row;
  readonly datum: Datum;
  readonly text: string;
}

/** A table and where in its rows a value stands. */
export interface FieldReference {
  readonly table: string;
  readonly steps: readonly Step[];
  /** `table.path` as it is written. */
  readonly text: string;
}

/** The single values that a field of a row holds: none where it is missing, several where it is a list. One that is encrypted is said to be unclear and left out. */
export function* fieldValues(row: Row, field: FieldReference): Generator<Blind, readonly FieldValue[]> {
  const values: FieldValue[] = [];
  for (const value of valuesAt(row, field)) {
    const by = encryptedWith(value.text);
    if (by === undefined) values.push(value);
    else yield { blind: `${placeInWords(row, value.datum)}: \`${field.text}\` is encrypted with ${by}` };
  }
  return values;
}

function valuesAt(row: Row, { steps }: FieldReference): readonly FieldValue[] {
  const [first] = steps;
  if (steps.length === 0 || (typeof first === 'object' && first.key === '#key'))
    return [{ row, datum: { offset: row.datum.offset, value: row.key }, text: row.key }];
  if (typeof first === 'object' && first.key === '#path')
    return [{ row, datum: { offset: row.datum.offset, value: row.path }, text: row.path }];
  return leaves(row.datum, steps).map((datum) => ({ row, datum, text: String(datum.value) }));
}

function leaves(datum: Datum, steps: readonly Step[]): readonly Datum[] {
  const [step, ...rest] = steps;
  const { value } = datum;
  if (step === undefined) {
    if (isList(datum)) return datum.value.flatMap((item) => leaves(item, []));
    return value === null || value instanceof Map || value === '' ? [] : [datum];
  }
  if (step === 'items') return isList(datum) ? datum.value.flatMap((item) => leaves(item, rest)) : [];
  if (!(value instanceof Map)) return isList(datum) ? datum.value.flatMap((item) => leaves(item, steps)) : [];
  if (step === 'values') return [...value.values()].flatMap((part: Datum) => leaves(part, rest));
  const part: Datum | undefined = value.get(step.key);
  return part ? leaves(part, rest) : [];
}

/** `path:line`, for sentences. */
export function placeInWords(row: Row, part?: Datum): string {
  const { path, line } = row.at(part).place;
  return line === null ? path : `${path}:${line}`;
}
