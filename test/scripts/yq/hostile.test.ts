import { expect, test } from 'vitest';
import { answer, ask } from './ask.ts';

const LAUGHS = [
  'a0: &a0 [x, x]',
  ...Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
].join('\n');

test('aliases that multiply are not written out', async () => {
  const { exitCode, needs } = await ask(['-o=json', '.', 'x.yaml'], { files: { 'x.yaml': LAUGHS } });
  expect(exitCode).not.toBe(0);
  expect(needs).toHaveLength(1);
  expect(await answer('.a40 | length', LAUGHS)).toBe('2\n');
});

test('a map that is merged into itself ends', async () => {
  expect(await answer('.a.x', 'a: &a\n  <<: *a\n  b: 1\n')).toMatch(/^(?:null\n|needs yq|Error)/);
});

test('a value that holds itself is not printed for ever', async () => {
  const { exitCode } = await ask(['-o=json', '.', 'x.yaml'], { files: { 'x.yaml': 'a: &a [*a]\n' } });
  expect(exitCode).not.toBe(0);
});

test('a match takes time that grows with the text only', async () => {
  const started = performance.now();
  expect(await answer('.a | test("^(a+)+$")', `a: ${'a'.repeat(20_000)}b\n`)).toBe('false\n');
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('work that multiplies ends in a need', async () => {
  const items = Array.from({ length: 300 }, (_, index) => index).join(', ');
  expect(await answer('[.a[] + .a[]] | map([.] + [.]) | [.[] as $x | .[] + $x] | length', `a: [${items}]\n`)).toMatch(
    /^needs yq/,
  );
  expect(await answer('.a[999999999]', 'a: []\n')).toMatch(/^needs yq/);
});

test('nesting beyond reason is refused as no YAML', async () => {
  expect(await answer('.', `${'['.repeat(50_000)}${']'.repeat(50_000)}`)).toMatch(/^Error: bad file/);
  expect(await answer(`${'('.repeat(30_000)}.a`, 'a: 1\n')).toMatch(/^Error: /);
});
