import type { Token } from './lexer.ts';
import { tokensOf } from './parser.ts';
import { YqError } from './signals.ts';

/**
 * Whether yq makes nothing of the expression, and jq may: what stands in `\(…)` within a text may hold texts of its own
 * to jq, as in `"\(.a // "none")"`. To yq, the second quote ends the text.
 */
export function isForJq(expression: string): boolean {
  if (!expression.includes('\\(')) return false;
  let tokens: readonly Token[];
  try {
    tokens = tokensOf(expression);
  } catch (error) {
    return error instanceof YqError;
  }
  return tokens.some(
    (token) => 'operation' in token && token.operation.operator.name === 'string' && isCutShort(token.operation.text),
  );
}

/** Whether a text ends within `\(…)`. */
function isCutShort(text: string): boolean {
  let depth = 0;
  for (const [piece] of text.matchAll(/\\\(|\\.|[()]/g)) {
    if (piece === '\\(' || (piece === '(' && depth > 0)) depth++;
    else if (piece === ')' && depth > 0) depth--;
  }
  return depth > 0;
}
