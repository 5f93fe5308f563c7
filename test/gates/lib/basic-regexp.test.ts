import { expect, test } from 'vitest';
import { Unavailable } from '../../../src/core/signals.ts';
import { basicRegExp, wholeLine } from '../../../src/gates/lib/bash/basic-regexp.ts';

test.each([
  ['spine.status:', '  spine-status: {}', 'a dot is any character'],
  ['rag*', 'ra', 'a star repeats what stands before it'],
  ['*a', 'x*a', 'a star with nothing before it is a star'],
  ['^*a', '*a', 'nor is the start of the line something to repeat'],
  ['a**b', 'b', 'a second star adds nothing'],
  ['a+(b)|{2}?', 'a+(b)|{2}?', 'what newer patterns know is literal'],
  ['a^b$c', 'a^b$c', 'anchors are special at the ends only'],
  ['a\\.b', 'a.b', 'a backslash takes the meaning away'],
  ['[]^\\-]x', '\\x', 'in brackets a backslash is itself'],
  ['[^]a]', 'b', 'a bracket that comes first belongs to the class'],
  ['a\nb', 'xb', 'lines are alternatives'],
  ['', 'anything', 'nothing is found everywhere'],
])('%j finds %j: %s', (pattern, text) => {
  expect(basicRegExp(pattern).test(text)).toBe(true);
});

test.each([
  ['a[b', 'a[b', 'an unfinished class is refused'],
  ['a\\', 'a\\', 'so is a backslash with nothing after it'],
  ['[z-a]', 'z', 'and a range that runs backwards'],
  ['a\\.b', 'a-b', 'an escaped dot is a dot'],
])('%j does not find %j: %s', (pattern, text) => {
  expect(basicRegExp(pattern).test(text)).toBe(false);
});

test('a whole line has to match from end to end, whichever alternative it is', () => {
  expect(['ab', 'xab', 'c', 'cx'].filter((line) => wholeLine('ab\nc').test(line))).toEqual(['ab', 'c']);
});

test.each(['\\(a\\)', 'a\\{2\\}', 'a\\|b', '[[:alpha:]]', `a*${'b'.repeat(1_000)}`])(
  '%j is not a name and is left unjudged',
  (pattern) => {
    expect(() => basicRegExp(pattern)).toThrow(Unavailable);
  },
);
