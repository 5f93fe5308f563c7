import { describe, expect, test } from 'vitest';
import { Unavailable } from '../../../src/core/signals.ts';
import { compileLinear, linearTest, PatternError } from '../../../src/core/text/linear-pattern.ts';
import { basicRegExp } from '../../../src/gates/lib/bash/basic-regexp.ts';
import { extendedRegExp } from '../../../src/gates/lib/bash/extended-regexp.ts';

describe('a pattern that the audited repo wrote', () => {
  test.each([
    ['^.*.*.*.*.*.*.*.*.*=$', 'x'.repeat(200_000)],
    ['.*.*x', 'y'.repeat(200_000)],
    ['(a*)*b', 'a'.repeat(200_000)],
    ['(a|a|ab)*c', 'ab'.repeat(100_000)],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(200_000)],
    ['(.{1,30}){1,30}x', 'y'.repeat(20_000)],
  ])('%s ends soon, whatever the text', (pattern, text) => {
    const started = performance.now();
    expect(extendedRegExp(pattern).test(text)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('so does a name with many open ends', () => {
    const started = performance.now();
    expect(basicRegExp('.*.*.*.*x').test('y'.repeat(200_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test.each(['(a{1000}){1000}', `${'('.repeat(600)}a`, 'a(?=b)', `${'a'.repeat(1_001)}`])(
    '%s is refused',
    (pattern) => {
      expect(() => compileLinear(pattern)).toThrow(PatternError);
    },
  );

  test('malformed and too involved are told apart', () => {
    const involved = (pattern: string) => {
      try {
        compileLinear(pattern);
      } catch (error) {
        return error instanceof PatternError && error.isTooInvolved;
      }
      return undefined;
    };
    expect(['(', '[z-a]', '*a', '(a)\\1', 'a{1001}', '(?!a)', 'a'].map(involved)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
      undefined,
    ]);
  });

  test('a text beyond a million characters is not searched', () => {
    expect(() => linearTest('a*b').test('a'.repeat(1_000_001))).toThrow(Unavailable);
  });

  test('options', () => {
    expect(linearTest('^b$').test('a\nb')).toBe(false);
    expect(linearTest('^b$', { multiline: true }).test('a\nb')).toBe(true);
    expect(linearTest('a.b').test('a\nb')).toBe(false);
    expect(linearTest('a.b', { dotAll: true }).test('a\nb')).toBe(true);
    expect(linearTest('ab', { ignoreCase: true }).test('AB')).toBe(true);
  });
});
