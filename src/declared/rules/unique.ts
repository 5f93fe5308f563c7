import type { Expression } from '../expressions/language.ts';
import { type FieldReference, type FieldValue, fieldValues, placeInWords, selectedRows } from './rows.ts';
import type { Rule } from './rule.ts';

/** No two rows have the same value in any of these fields. Each of those that share one is a finding, so that each can be mended. */
export function uniqueRule(
  fields: readonly FieldReference[],
  when: Expression | undefined,
  fold: (text: string) => string,
): Rule {
  const names = fields.map(({ text }) => `\`${text}\``).join(', ');
  return {
    tables: [...new Set(fields.map(({ table }) => table))],
    files: [],
    subjects: `values of ${names}`,
    placeholders: ['value', 'others'],
    *check(scope) {
      const byText = new Map<string, FieldValue[]>();
      let judged = 0;
      for (const field of fields) {
        const rows = yield* selectedRows(scope, field.table, when);
        for (const row of rows) {
          for (const value of fieldValues(row, field)) {
            scope.budget.spend(1);
            const text = fold(value.text);
            const same = byText.get(text);
            if (same) same.push(value);
            else byText.set(text, [value]);
            judged++;
          }
        }
      }
      for (const same of byText.values()) {
        for (const value of same) {
          const { row, datum, text } = value;
          const at = row.at(datum);
          const isAlone = same.length === 1;
          scope.witness?.({
            at,
            subject: row.subject,
            outcome: isAlone ? 'holds' : 'found',
            values: { [names]: text },
          });
          if (isAlone) continue;
          const others = same.filter((other) => other !== value).map((other) => placeInWords(other.row, other.datum));
          const listed = others.length > 3 ? [...others.slice(0, 3), `${others.length - 3} more`] : others;
          const message = `${names} \`${text}\` of \`${row.subject}\` is also at ${listed.join(', ')}`;
          const subject = `${text} of ${row.subject}`;
          yield { rule: 'unique', subject, at, message, row, values: { value: text, others: listed.join(', ') } };
        }
      }
      return judged;
    },
  };
}
