import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bounds, monthly, RECORDED, scaleTables } from '../../scripts/bench/scale.ts';

test('docs/scale.md shows what the simulation prints', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/scale.md'), 'utf8');
  for (const table of scaleTables(100_000, RECORDED).split('\n\n')) expect(page).toContain(table);
});

test('twice as many repositories take twice as much', () => {
  const [one, two] = [monthly(1_000, RECORDED), monthly(2_000, RECORDED)];
  expect(two['KV writes']).toBe(2 * one['KV writes']);
  expect(two['SQLite stored, GB']).toBeCloseTo(2 * one['SQLite stored, GB']);
});

test('nights that ask more meet the limits sooner', () => {
  const dear = { ...RECORDED, night: { ...RECORDED.night, rest: 2 } };
  expect(new Map(bounds(RECORDED)).get('one cron: 10,000 subrequests, one a target')).toBe(10_000);
  expect(bounds(dear)[0]).toEqual(['a token: 5,000 REST requests an hour, all nights within one', 2_500]);
});
