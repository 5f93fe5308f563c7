import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, textOf } from '../../src/scripts/files/bytes.ts';
import { createMatcher } from '../../src/scripts/regex/matcher.ts';
import { Parser } from '../../src/scripts/shell/parser.ts';
import { escapePattern, matchesPattern, replaced, trimmed } from '../../src/scripts/shell/patterns.ts';
import { quoteArgument } from '../../src/scripts/shell/quote.ts';
import { LimitReached } from '../../src/scripts/shell/signals.ts';
import { ShellSyntaxError } from '../../src/scripts/shell/syntax.ts';
import { runSnippet } from './snippet.ts';

test('bytes survive being text', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(bytesOf(textOf(bytes))).toEqual(bytes);
    }),
  );
});

test('an escaped text is a pattern that matches itself alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, other) => {
      expect(matchesPattern(text, escapePattern(text), { extended: true })).toBe(true);
      expect(matchesPattern(other, escapePattern(text), { extended: true })).toBe(other === text);
    }),
  );
});

test('a quoted argument comes back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme-ascii', maxLength: 12 }), async (text) => {
      const run = await runSnippet(`printf '%s|' ${quoteArgument(text)}`);
      expect(run.output).toBe(`${text}|`);
    }),
    { numRuns: 60 },
  );
});

test('the parser ends on any text, with a list or a syntax error', () => {
  const pieces = fc.constantFrom(
    '"',
    "'",
    '$(',
    ')',
    '${',
    '}',
    '((',
    '))',
    '`',
    '<<E\n',
    '\nE\n',
    'if ',
    'then ',
    'fi',
    ';',
    '|',
    '&',
    'a',
    ' ',
    '\\',
    '[[ ',
    ' ]]',
    'case x in ',
    'esac',
    '#',
    '{a,b}',
    '<(',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
      try {
        const parser = new Parser(parts.join(''));
        while (parser.next());
      } catch (error) {
        expect(error).toBeInstanceOf(ShellSyntaxError);
      }
    }),
    { numRuns: 2000 },
  );
});

describe('expressions that make a backtracking engine hang', () => {
  test.each([
    ['(a+)+$', 'extended'],
    ['(a|aa)+$', 'extended'],
    ['(.*)*x', 'extended'],
    ['.*.*.*.*.*x', 'rust'],
    ['([a-z]+)*[0-9]', 'rust'],
    ['\\(a*\\)*b', 'basic'],
  ] as const)('%s', (pattern, dialect) => {
    const startedAt = performance.now();
    expect(createMatcher([pattern], dialect).find(`${'a'.repeat(20_000)}!`)).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  test.each([
    ['groups that repeat groups', () => matchesPattern('a'.repeat(5_000), '+(a|aa|*(a))b', { extended: true }), false],
    ['a text without end to a replacement', () => replaced('a'.repeat(50_000), 'a*a*b', '-', 'all', true), /^a+$/],
    ['a replacement of groups', () => replaced(`${'a'.repeat(800)}c`, '+(a)b', '-', 'all', true), /^a+c$/],
    ['a start with many stars', () => trimmed('a'.repeat(50_000), 'a*a*a*b', 'start', true, true), /^a+$/],
    ['an end with many stars', () => trimmed('a'.repeat(50_000), 'b*a*a*a', 'end', false, true), /^a+$/],
  ])('%s', (_, match, expected) => {
    const startedAt = performance.now();
    const matched = match();
    if (expected instanceof RegExp) expect(matched).toMatch(expected);
    else expect(matched).toBe(expected);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  test('what would take the square of a long text reaches a limit', () => {
    const startedAt = performance.now();
    expect(() => matchesPattern('a'.repeat(100_000), '!(b)!(b)c', { extended: true })).toThrow(LimitReached);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('globs with many stars', () => {
    const startedAt = performance.now();
    expect(matchesPattern('a'.repeat(20_000), `${'a*'.repeat(15)}b`, { extended: true })).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('what only grows ends at a limit within seconds', () => {
  test.each([
    ['a list in jq', "jq -n 'reduce range(1000000) as $i ([]; . + [$i])'"],
    ['an object in jq', "jq -n 'reduce range(100000000) as $i ({}; .[$i | tostring] = $i)'"],
    ['sorting in jq', "jq -n '[range(100000)] as $a | reduce range(1000000000) as $i (0; $a | sort | length)'"],
    ['a variable', 'x=a; while :; do x=$x$x; done'],
    ['a variable by replacement', 'x=aa; while :; do x="${x//a/aa}"; done'],
    ['an array', 'a=(x); while :; do a+=("${a[@]}"); done'],
    ['a file', 'echo a > /tmp/g; while :; do cat /tmp/g /tmp/g > /tmp/h; cp /tmp/h /tmp/g; done'],
    ['lines of mapfile', 'mapfile -t a < <(seq 1 100000000)'],
    ['seq', 'seq 1 1000000000 | wc -l'],
    ['the pattern space of sed', "echo a | sed ':a; s/a/aa/g; ta'"],
    ['a text in awk', `awk 'BEGIN { x = "a"; while (1) x = x x }'`],
    ['a text in awk by gsub', `awk 'BEGIN { s = "a"; while (1) gsub(/a/, "aa", s) }'`],
    ['a width in printf', "printf '%*s' 1000000000 x"],
  ])('%s', { timeout: 60_000 }, async (_, script) => {
    const before = process.cpuUsage();
    const run = await runSnippet(`${script}\n`);
    expect(run.limit).not.toBeNull();
    expect(process.cpuUsage(before).user).toBeLessThan(8_000_000);
  });
});
