import { expect, test } from 'vitest';
import { enumerate } from '../../../src/core/text/enumerate.ts';

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('%j is named as "%s"', (words, sentence) => {
  expect(enumerate(words, 'or')).toBe(sentence);
});
