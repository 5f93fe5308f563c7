import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { globTest } from '../../../src/core/text/glob.ts';
import { matchesWildcard } from '../../../src/core/text/wildcard.ts';

describe('a shell pattern for paths', () => {
  test.each([
    ['ops/capabilities.yaml', 'ops/capabilities.yaml', 'without wildcards, that very path'],
    ['a+b(c)|{d}^$].md', 'a+b(c)|{d}^$].md', 'whatever a regular expression would make of it'],
    ['a\\b', 'a\\b', 'a backslash included'],
    ['ops/*.yaml', 'ops/a.b.yaml', 'a star matches dots inside a name'],
    ['ops/a*.yaml', 'ops/a.yaml', 'and nothing at all'],
    ['ops/.*', 'ops/.hidden', 'a dot that is spelled out'],
    ['docs/v?', 'docs/v1', 'a question mark is one character'],
    ['docs/?', 'docs/é', 'not one byte'],
    ['docs/?', 'docs/😀', 'nor half a character'],
    ['d[0-9]*-*.sh', 'd63-x.sh', 'a class'],
    ['d[!0-9]', 'dx', 'a negated class'],
    ['d[^0-9]', 'dx', 'negated as in a regular expression'],
    ['d[]]', 'd]', 'a bracket that comes first belongs to the class'],
    ['d[\\^[]', 'd\\', 'a backslash in a class is itself'],
    ['d[a', 'd[a', 'an unfinished class is literal'],
    ['d[]', 'd[]', 'and so is an empty one'],
    ['**/x.md', 'x.md', 'two stars match no folder'],
    ['**/x.md', 'a/.b/x.md', 'or several, hidden ones too'],
    ['a/**', 'a/b/.c', 'at the end, everything below'],
    ['a/**/b/*.md', 'a/b/c.md', 'in the middle, none'],
    ['a/**/b/*.md', 'a/x/y/b/c.md', 'or some'],
    ['x\ny*', 'x\nyz\n', 'a line break in a name is a character like any other'],
  ])('%j matches %j: %s', (pattern, path) => {
    expect(globTest(pattern).test(path)).toBe(true);
  });

  test.each([
    ['ops/capabilities.yaml', 'ops/capabilitiesXyaml', 'a dot is a dot'],
    ['capabilities.yaml', 'ops/capabilities.yaml', 'the whole path counts'],
    ['ops', 'ops/capabilities.yaml', 'and its end'],
    ['ops/*.yaml', 'ops/a/b.yaml', 'a star stops at a slash'],
    ['ops/*.yaml', 'ops/.yaml', 'and does not see hidden names'],
    ['*', '.hidden', 'at the start neither'],
    ['a?b', 'a/b', 'a question mark is no slash'],
    ['docs/?x', 'docs/.x', 'and no leading dot'],
    ['a[!b]c', 'a/c', 'nor does a negated class match a slash'],
    ['docs/[!a]x', 'docs/.x', 'or a leading dot'],
    ['docs/[.]x', 'docs/.x', 'which a class cannot spell out'],
    ['d[0-9]-*.sh', 'd63-x.sh', 'a class is one character'],
    ['a/**', 'a', 'the folder itself is not below it'],
    ['a/**/b', 'a/xb', 'two stars match whole folders'],
    ['Ops/*', 'ops/a', 'case counts'],
    ['a[+-9]b', 'a/b', 'a range that holds the slash does not match it'],
    ['a[/]b', 'a/b', 'nor does a class of nothing else'],
    ['[z-a]', 'b', 'a range that runs backwards matches nothing'],
  ])('%j does not match %j: %s', (pattern, path) => {
    expect(globTest(pattern).test(path)).toBe(false);
  });

  test.each(['*a*a*a*a*a*a*a*b', '**/**/**/**/**/x', 'a*/**/*a*/**/b', '**a**a**a**b'])(
    '%s takes no time',
    (pattern) => {
      const started = performance.now();
      expect(globTest(pattern).test(`${'a/'.repeat(2_000)}${'a'.repeat(250)}`)).toBe(false);
      expect(performance.now() - started).toBeLessThan(1_000);
    },
  );
});

test('a pattern matches alike, whether it is written as usual or in a way that says the same', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n', ']', '+'), minLength: 1, maxLength: 3 });
  const paths = fc.array(word, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
  const name = fc.tuple(fc.option(word, { nil: '' }), fc.constantFrom('*', ''), word).map((parts) => parts.join(''));
  const pattern = fc
    .tuple(fc.array(word, { maxLength: 2 }), fc.constantFrom(['**'], []), fc.oneof(name, fc.constant('*')))
    .map(([folders, across, last]) => [...folders, ...across, last].join('/'));
  fc.assert(
    fc.property(pattern, paths, (written, path) => {
      // Any name is left of a class of everything that stands in names: such a pattern is compiled.
      const compiled = globTest(`${written}[!/]`);
      expect(globTest(written).test(path)).toBe(compiled.test(`${path}x`));
    }),
    { numRuns: 2_000 },
  );
});

describe('a wildcard pattern for values', () => {
  test.each([
    ['shop', 'shop'],
    ['', ''],
    ['', '*'],
    ['a/b\nc', '*'],
    ['proxmox-home', 'proxmox-*'],
    ['proxmox-', 'proxmox-*'],
    ['a-b-c-b', '*-b'],
    ['aab', 'a*ab'],
    ['x.y[z]', '?.y[z*'],
    ['(a|b)+', '(a|b)*+'],
    ['😀', '?'],
    ['anything', '***'],
    ['abc', '*?'],
  ])('%j matches %j', (text, pattern) => {
    expect(matchesWildcard(text, pattern)).toBe(true);
  });

  test.each([
    ['shop', 'Shop'],
    ['shop', 'sho'],
    ['', '?'],
    ['ab', '?'],
    ['xay', 'x.*'],
    ['home-proxmox', 'proxmox*'],
    ['ab', 'a*ab'],
    ['ab', '*b?'],
    ['a', 'a*?'],
  ])('%j does not match %j', (text, pattern) => {
    expect(matchesWildcard(text, pattern)).toBe(false);
  });

  test('a pattern of many stars is no trap', () => {
    expect(matchesWildcard('a'.repeat(5_000), `${'*a'.repeat(30)}b`)).toBe(false);
  });
});
