import { expect, test } from 'vitest';
import { documentsOf } from '../../../src/scripts/yq/documents.ts';
import { parseExpression, tokensOf } from '../../../src/scripts/yq/parser.ts';

/** What is thrown; a value that is returned fails the test. */
function thrownBy(ask: () => unknown): unknown {
  try {
    ask();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test.each(['.a | "\\(.b)"', '', '[.[] | select(.x == "y")]'])('the expression %j is parsed once', (expression) => {
  expect(parseExpression(expression)).toBe(parseExpression(expression));
  expect(tokensOf(expression)).toBe(tokensOf(expression));
});

test.each(['"\\(.a // "none")" )', '.a | (', '.a | tag = "!!str"'])('so is %j, in vain', (expression) => {
  const error = thrownBy(() => parseExpression(expression));
  expect(thrownBy(() => tokensOf(expression))).toBe(error);
});

test('a text is read once, with or without a mistake', () => {
  expect(documentsOf('a: 1\n')).toBe(documentsOf('a: 1\n'));
  const read = () => documentsOf('a: 1\n---\nx: 1\na: [\n');
  expect(thrownBy(read)).toBe(thrownBy(read));
});
