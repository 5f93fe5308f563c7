import { Unavailable } from '../core/signals.ts';
import type { Budget } from './expressions/budget.ts';
import { ExpressionError } from './expressions/error.ts';
import type { Host } from './expressions/host.ts';
import type { Expression, ExpressionLanguage } from './expressions/language.ts';
import { celInWords } from './expressions/values.ts';
import { ROW_VARIABLES, RowValues } from './rules/row-values.ts';
import type { Flaw } from './rules/rule.ts';

/** A gate's own sentence about one flaw. */
export type Message = (flaw: Flaw, host: Host, budget: Budget) => string;

/** Compiles a sentence with expressions in braces. `placeholders` are known beside what is known of a row. Throws `ExpressionError` with the column in the sentence. */
export function compileMessage(
  sentence: string,
  placeholders: readonly string[],
  compile: (source: string, variables: readonly string[], column: number) => ReturnType<ExpressionLanguage['compile']>,
): Message {
  const parts: (string | Expression)[] = [];
  let end = 0;
  for (const { 0: whole, 1: source = '', index } of sentence.matchAll(/\{([^{}]*)\}/g)) {
    parts.push(sentence.slice(end, index), compile(source, [...ROW_VARIABLES, ...placeholders], index + 1));
    end = index + whole.length;
  }
  const open = sentence.indexOf('{', end);
  if (open >= 0) throw new ExpressionError('`{` is never closed', open);
  parts.push(sentence.slice(end));
  return ({ row, values = {}, subject }, host, budget) => {
    const known = row ? Object.assign(new RowValues(row), values) : values;
    const isBare = parts.every((part) => typeof part === 'string');
    const said = parts.map((part) => (typeof part === 'string' ? part : spoken(part, known, host, budget))).join('');
    // A sentence without placeholders is about the subject: `is not dumped`.
    return isBare ? `\`${subject}\` ${said.trim()}` : said;
  };
}

function spoken(part: Expression, values: Parameters<Expression['evaluate']>[0], host: Host, budget: Budget): string {
  try {
    const result = part.evaluate(values, host, budget);
    return 'value' in result ? celInWords(result.value) : '?';
  } catch (error) {
    if (error instanceof Unavailable) return '?';
    throw error;
  }
}
