import type { Expression } from '../expressions/language.ts';
import { type FieldReference, type FieldValue, fieldValues, selectedRows } from './rows.ts';
import type { Flaw, Rule, Scope } from './rule.ts';

export interface ContainedOptions {
  /** Only rows of the first side for which it holds. */
  readonly when: Expression | undefined;
  /** Both ways. */
  readonly same: boolean;
  readonly fold: (text: string) => string;
}

/** Every value of `inner` is one of the values of `outer`. */
export function containedRule(
  inner: readonly FieldReference[],
  outer: readonly FieldReference[],
  { when, same, fold }: ContainedOptions,
): Rule {
  const innerNames = namesOf(inner);
  const outerNames = namesOf(outer);
  return {
    tables: [...new Set([...inner, ...outer].map(({ table }) => table))],
    files: [],
    subjects: `values of ${innerNames}`,
    placeholders: ['value'],
    *check(scope) {
      const here = yield* valuesOf(scope, inner, when);
      const there = yield* valuesOf(scope, outer, undefined);
      const isWhole = (fields: readonly FieldReference[]) =>
        fields.every(({ table }) => scope.table(table).unread.length === 0);
      if (here.length > 0 && there.length === 0 && isWhole(outer)) {
        yield { blind: `there is nothing in ${outerNames} to compare with` };
        return 0;
      }
      const known = (values: readonly FieldValue[]) => new Set(values.map(({ text }) => fold(text)));
      // What is not among the rows that could be read may be among the others: the gate is blind for them as it is.
      if (isWhole(outer)) yield* missing(scope, here, known(there), 'in', outerNames);
      if (same && isWhole(inner)) yield* missing(scope, there, known(here), 'same', innerNames);
      return here.length;
    },
  };

  function* missing(
    scope: Scope,
    values: readonly FieldValue[],
    known: ReadonlySet<string>,
    rule: string,
    names: string,
  ): Generator<Flaw> {
    for (const { row, datum, text } of values) {
      scope.budget.spend(1);
      const isKnown = known.has(fold(text));
      const at = row.at(datum);
      scope.witness?.({ at, subject: row.subject, outcome: isKnown ? 'holds' : 'found', values: { value: text } });
      if (isKnown) continue;
      const subject = text === row.key ? row.subject : `${text} of ${row.subject}`;
      yield { rule, subject, at, message: `\`${text}\` is not among ${names}`, row, values: { value: text } };
    }
  }
}

function namesOf(fields: readonly FieldReference[]): string {
  return fields.map(({ text }) => `\`${text}\``).join(', ');
}

function* valuesOf(scope: Scope, fields: readonly FieldReference[], when: Expression | undefined) {
  const values: FieldValue[] = [];
  for (const field of fields) {
    const rows = yield* selectedRows(scope, field.table, when);
    for (const row of rows) values.push(...(yield* fieldValues(row, field)));
  }
  return values;
}
