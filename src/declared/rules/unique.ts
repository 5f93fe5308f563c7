import type { Blind } from '../../core/gate.ts';
import type { Expression, Result } from '../expressions/language.ts';
import { celInWords } from '../expressions/values.ts';
import { evaluateRow, type FieldReference, type FieldValue, fieldValues, placeInWords, selectedRows } from './rows.ts';
import type { Rule } from './rule.ts';

export interface UniqueOptions {
  /** Only rows for which it holds. */
  readonly when: Expression | undefined;
  /** Only among rows for which it has the same value. */
  readonly per: Expression | undefined;
  readonly fold: (text: string) => string;
}

/** Places that a message names. */
const MOST_PLACES = 3;

/** No two rows have the same value in any of these fields. Each of those that share one is a finding, so that each can be fixed. */
export function uniqueRule(fields: readonly FieldReference[], { when, per, fold }: UniqueOptions): Rule {
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
          const group = per ? groupOf(evaluateRow(per, row, scope)) : '';
          if (typeof group !== 'string') {
            yield group;
            continue;
          }
          for (const value of yield* fieldValues(row, field)) {
            scope.budget.spend(1);
            const text = `${group}\n${fold(value.text)}`;
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
          const others = othersInWords(same, value);
          const message = `${names} \`${text}\` of \`${row.subject}\` is also at ${others}`;
          const subject = `${text} of ${row.subject}`;
          yield { rule: 'unique', subject, at, message, row, values: { value: text, others } };
        }
      }
      return judged;
    },
  };
}

function groupOf(result: Result | Blind): string | Blind {
  if ('blind' in result) return result;
  return 'value' in result ? celInWords(result.value) : '';
}

/** Where the same value also stands: a few places, and how many there are beside. */
function othersInWords(same: readonly FieldValue[], value: FieldValue): string {
  const near = same.slice(0, MOST_PLACES + 1).filter((other) => other !== value);
  const shown = near.slice(0, MOST_PLACES).map(({ row, datum }) => placeInWords(row, datum));
  const left = same.length - 1 - shown.length;
  return [...shown, ...(left > 0 ? [`${left} more`] : [])].join(', ');
}
