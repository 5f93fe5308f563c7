import type { Expression, Part, Result } from '../expressions/language.ts';
import type { Row } from '../tables/row.ts';
import { strayColumn } from './columns.ts';
import { askedOf, evaluateRow, placeOfAsked, selectedRows, sightingOf } from './rows.ts';
import type { Flaw, Rule, Scope } from './rule.ts';

/** Every row for which `when` holds must satisfy `must`. A row for which `must` cannot be evaluated does not satisfy it. */
export function eachRule(table: string, when: Expression | undefined, must: Expression): Rule {
  return {
    tables: [table],
    files: [],
    subjects: when ? `rows for which \`${when.source}\` holds` : 'rows',
    placeholders: [],
    *check(scope) {
      const stray = strayColumn(scope.table(table), [...(when?.rowPaths ?? []), ...must.rowPaths]);
      if (stray !== undefined) {
        yield { blind: stray };
        return 0;
      }
      const rows = yield* selectedRows(scope, table, when);
      // Kept back until one row has an answer: without any, it is no question, and says nothing of any row.
      let kept: Flaw[] = [];
      let judged = 0;
      let noAnswer: string | undefined;
      let answers = 0;
      for (const row of rows) {
        const result = evaluateRow(must, row, scope);
        if ('blind' in result) {
          yield result;
          continue;
        }
        judged++;
        if (isAnswer(result, must)) answers++;
        else noAnswer ??= 'problem' in result ? `cannot be true: ${result.problem}` : 'is neither true nor false';
        const holds = 'value' in result && result.value === true;
        scope.witness?.(sightingOf(row, must, holds ? 'holds' : 'found'));
        if (holds) continue;
        const broken = brokenPartOf(must, row, scope);
        const at = placeOfAsked(row, broken);
        kept.push({ rule: 'must', subject: row.subject, at, message: messageOf(row.subject), row });
        if (answers > 0) {
          yield* kept;
          kept = [];
        }

        function messageOf(subject: string): string {
          const source = shortened(must.source, 160);
          if ('problem' in result) return `\`${subject}\`: \`${source}\` cannot be true: ${result.problem}`;
          const asked = Object.entries(askedOf(row, broken)).slice(0, 4);
          const seen = asked.map(([name, value]) => `${name} is ${shortened(value)}`).join(', ');
          return `\`${subject}\`: \`${source}\` is not true${seen && ` (${seen})`}`;
        }
      }
      if (noAnswer !== undefined && answers === 0)
        yield { blind: `\`must\`: \`${shortened(must.source, 160)}\` ${noAnswer}` };
      else yield* kept;
      return judged;
    },
  };
}

/** Whether it is true, false or null, or fails because of the row. */
function isAnswer(result: Result, must: Expression): boolean {
  if ('problem' in result) return result.isMissing || must.rowPaths.length > 0;
  return typeof result.value === 'boolean' || result.value === null;
}

/** Which part of `a && b` does not hold for a row: the first. */
function brokenPartOf(must: Expression, row: Row, scope: Scope): Part {
  const [only, ...others] = must.conjuncts;
  if (!only || others.length === 0) return must;
  const broken = must.conjuncts.find((part) => {
    const result = evaluateRow(part, row, scope);
    return !('value' in result && result.value === true);
  });
  return broken ?? must;
}

function shortened(value: string, limit = 60): string {
  return value.length > limit ? `${value.slice(0, limit - 1)}…` : value;
}
