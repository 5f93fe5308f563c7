import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prose } from '../../../src/core/text/neutral.ts';

test('values in backticks show as code, the rest as text', () => {
  expect(prose('Phase 10 is at `Shop`, not shop or home.')).toBe('Phase 10 is at `Shop`, not shop or home.');
  expect(prose('`a|b` and *c*')).toBe('`a∣b` and \\*c\\*');
});

test('a lone backtick is text', () => {
  expect(prose('5` of @cable')).toBe('5\\` of @\u200bcable');
});

test('no text makes a mention, a reference, a link or HTML outside of code', () => {
  const fragments = fc.constantFrom(
    '`',
    '@everyone',
    '#1',
    'Fixes #1',
    '<b>',
    '-->',
    'https://x.y',
    ' ',
    'a',
    '\\',
    '|',
  );
  const texts = fc.array(fragments, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const outside = prose(text).replace(/\\.|`[^`]*`/gs, (match) => (match.startsWith('`') ? '' : match));
      expect(outside).not.toMatch(/@\w|#\d|<|https?:\//);
    }),
    { numRuns: 500 },
  );
});
