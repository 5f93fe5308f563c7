import type { Expression } from '../expressions/language.ts';
import { type AddressRange, parseRange } from '../network.ts';
import { type FieldReference, type FieldValue, fieldValues, placeInWords, selectedRows } from './rows.ts';
import type { Rule } from './rule.ts';

/** Reading an address and finding its place among the others takes longer than a step does. */
const STEPS_PER_RANGE = 4;

interface Taken extends FieldValue {
  readonly range: AddressRange;
}

/** No two of these prefixes, ranges or addresses overlap. What is none of the three is a finding, too. */
export function disjointRule(fields: readonly FieldReference[], when: Expression | undefined): Rule {
  const names = fields.map(({ text }) => `\`${text}\``).join(', ');
  return {
    tables: [...new Set(fields.map(({ table }) => table))],
    files: [],
    subjects: `prefixes, ranges or addresses in ${names}`,
    placeholders: ['value', 'other'],
    *check(scope) {
      const taken: Taken[] = [];
      let judged = 0;
      for (const field of fields) {
        const rows = yield* selectedRows(scope, field.table, when);
        const values: FieldValue[] = [];
        for (const row of rows) values.push(...(yield* fieldValues(row, field)));
        for (const value of values) {
          const { row, datum, text } = value;
          scope.budget.spend(STEPS_PER_RANGE);
          const range = parseRange(text);
          judged++;
          if (range) {
            taken.push({ ...value, range });
            continue;
          }
          const message = `\`${text}\` of \`${row.subject}\` is not a prefix, range or address`;
          yield {
            rule: 'address',
            subject: row.subject,
            at: row.at(datum),
            message,
            row,
            values: { value: text, other: '' },
          };
        }
      }
      for (const { one, other } of overlaps(taken)) {
        scope.budget.spend(1);
        const { row, datum, text } = one;
        const message = `\`${text}\` of \`${row.subject}\` overlaps \`${other.text}\` of \`${other.row.subject}\` at ${placeInWords(other.row, other.datum)}`;
        const subject = `${text} of ${row.subject}`;
        yield {
          rule: 'disjoint',
          subject,
          at: row.at(datum),
          message,
          row,
          values: { value: text, other: other.text },
        };
      }
      for (const { row, datum, text } of scope.witness ? taken : [])
        scope.witness?.({ at: row.at(datum), subject: row.subject, outcome: 'holds', values: { value: text } });
      return judged;
    },
  };
}

/** Each that overlaps another, once, with one that it overlaps: sorted by where they begin, only the one that reaches farthest counts. */
function* overlaps(taken: readonly Taken[]): Generator<{ readonly one: Taken; readonly other: Taken }> {
  const sorted = taken.toSorted(
    (one, other) =>
      one.range.version - other.range.version ||
      compare(one.range.first, other.range.first) ||
      compare(other.range.last, one.range.last),
  );
  const said = new Set<Taken>();
  let farthest: Taken | undefined;
  for (const next of sorted) {
    if (farthest && farthest.range.version === next.range.version && next.range.first <= farthest.range.last) {
      if (!said.has(farthest)) yield { one: farthest, other: next };
      said.add(farthest);
      said.add(next);
      yield { one: next, other: farthest };
    }
    const reaches = farthest?.range.version === next.range.version && farthest.range.last >= next.range.last;
    if (!reaches) farthest = next;
  }
}

function compare(one: bigint, other: bigint): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
