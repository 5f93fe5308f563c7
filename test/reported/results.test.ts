import { describe, expect, test } from 'vitest';
import { parseResults } from '../../src/reported/results.ts';

const NOW = Date.parse('2026-02-18T04:17:00Z');
const HOUR = 3_600_000;
const known = new Map([
  ['D107', 'D107'],
  ['media-nfs-mount-lock', 'D107'],
  ['R11', null],
]);
const CONTEXT = { known, now: NOW, maxAge: 36 * HOUR };
const GOOD = {
  schemaVersion: 1,
  sha: 'a'.repeat(40),
  at: '2026-02-18T04:00:00Z',
  runner: 'mac-mini',
  results: [{ gate: 'D107', verdict: 'fail', findings: [{ subject: 'mount', message: 'The mount is gone.' }] }],
};

function parse(change: Readonly<Record<string, unknown>>) {
  return parseResults(JSON.stringify({ ...GOOD, ...change }), CONTEXT);
}

describe('posted results', () => {
  test('are read with what may be left out filled in', () => {
    expect(parse({})).toMatchObject({
      results: [{ gate: 'D107', output: '', findings: [{ rule: 'reported', path: null, line: null }] }],
      facts: {},
    });
  });

  test('name a gate by its number or its name, and go by the number from then on', () => {
    const results = [{ gate: 'media-nfs-mount-lock', verdict: 'pass' }];
    expect(parse({ results }).results).toMatchObject([{ gate: 'D107' }]);
  });

  test('facts are tables of plain values', () => {
    const facts = { backups: { at: '2026-02-18T04:00:00Z', rows: [{ vmid: 200, bytes: 12, file: 'x' }] } };
    expect(parse({ facts }).facts).toEqual(facts);
    expect(() => parse({ facts: { backups: { ...facts.backups, rows: [{ vmid: { deep: 1 } }] } } })).toThrow(
      'facts.backups.rows.0.vmid',
    );
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['another version', { schemaVersion: 2 }, 'schemaVersion:'],
    ['a short sha', { sha: 'abc' }, 'sha: must be a full commit id'],
    ['gates without a commit', { sha: null }, 'results of gates need the commit they ran at'],
    ['no time', { at: 'yesterday' }, 'at: must be an ISO 8601 time'],
    ['the future', { at: '2026-02-18T04:23:00Z' }, "set the runner's clock"],
    ['a time that is too old to count', { at: '2026-02-16T04:00:00Z' }, 'older than this target'],
    ['a runner with markup in its name', { runner: '<b>' }, 'runner: must be a short name'],
    ['an unknown gate', { results: [{ gate: 'D999', verdict: 'pass' }] }, 'no gate D999'],
    ['a gate called __proto__', { results: [{ gate: '__proto__', verdict: 'pass' }] }, 'no gate __proto__'],
    ['one gate twice', { results: Array(2).fill({ gate: 'D107', verdict: 'pass' }) }, 'D107 is reported twice'],
    [
      'one gate by its number and its name',
      { results: ['D107', 'media-nfs-mount-lock'].map((gate) => ({ gate, verdict: 'pass' })) },
      'D107 is reported twice',
    ],
    ['a gate that an audit judges', { results: [{ gate: 'R11', verdict: 'pass' }] }, 'An audit judges R11 by itself'],
    ['a sha in capitals', { sha: 'A'.repeat(40) }, 'sha: must be a full commit id'],
    ['a sha that is no hex', { sha: `${'a'.repeat(39)}g` }, 'sha: must be a full commit id'],
    ['a verdict that is not one', { results: [{ gate: 'D107', verdict: 'ok' }] }, 'results.0.verdict'],
    ['a key nobody knows', { resluts: [] }, 'Unrecognized key'],
    [
      'too much output',
      { results: [{ gate: 'D107', verdict: 'pass', output: 'x'.repeat(16_001) }] },
      'results.0.output',
    ],
    [
      'facts from the future',
      { facts: { zfs: { at: '2027-01-01T00:00:00Z', rows: [] } } },
      'facts.zfs.at is in the future',
    ],
  ])('%s is refused with the reason', (_, change, message) => {
    expect(() => parse(change)).toThrow(message);
  });

  test('what is not JSON is refused with the parser’s words', () => {
    expect(() => parseResults('{', CONTEXT)).toThrow('The body is not JSON:');
  });
});
