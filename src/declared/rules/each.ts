import type { Expression } from '../expressions/language.ts';
import { askedOf, evaluateRow, placeOfAsked, selectedRows, sightingOf } from './rows.ts';
import type { Rule } from './rule.ts';

/** Every row for which `when` holds must satisfy `must`. A row for which `must` cannot be evaluated does not satisfy it. */
export function eachRule(table: string, when: Expression | undefined, must: Expression): Rule {
  return {
    tables: [table],
    files: [],
    subjects: when ? `rows for which \`${when.source}\` holds` : 'rows',
    placeholders: [],
    *check(scope) {
      const rows = yield* selectedRows(scope, table, when);
      let judged = 0;
      for (const row of rows) {
        const result = evaluateRow(must, row, scope);
        if ('blind' in result) {
          yield result;
          continue;
        }
        judged++;
        const holds = 'value' in result && result.value === true;
        scope.witness?.(sightingOf(row, must, holds ? 'holds' : 'found'));
        if (holds) continue;
        yield { rule: 'must', subject: row.subject, at: placeOfAsked(row, must), message: messageOf(row.subject), row };

        function messageOf(subject: string): string {
          const source = shortened(must.source, 160);
          if ('problem' in result) return `\`${subject}\`: \`${source}\` cannot be true: ${result.problem}`;
          const asked = Object.entries(askedOf(row, must)).slice(0, 4);
          const seen = asked.map(([name, value]) => `${name} is ${shortened(value)}`).join(', ');
          return `\`${subject}\`: \`${source}\` is not true${seen && ` (${seen})`}`;
        }
      }
      return judged;
    },
  };
}

function shortened(value: string, limit = 60): string {
  return value.length > limit ? `${value.slice(0, limit - 1)}…` : value;
}
