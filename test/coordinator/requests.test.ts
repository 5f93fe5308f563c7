import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enqueue, finish } from '../../src/coordinator/requests.ts';
import { type AuditRequest, type Pending, type Rows, rowsOf } from '../../src/coordinator/rows.ts';
import { MINUTE, SECOND } from '../../src/core/durations.ts';
import { memoryLedger } from '../../src/core/ledger.ts';

const NOW = Date.parse('2026-02-18T04:17:00Z');
const DONE = { retryAt: null, notBefore: null, hasFailed: false };
const FAILED = { retryAt: NOW + 5 * MINUTE, notBefore: null, hasFailed: true };

function pendingOf(rows: Rows): Pending {
  const pending = rows.get('pending');
  if (!pending) throw new Error('nothing is pending');
  return pending;
}

/** A target on which these requests wait, all at one time. */
function waiting(...requests: readonly AuditRequest[]): Rows {
  const rows = rowsOf(memoryLedger());
  for (const request of requests) enqueue(rows, request, NOW);
  return rows;
}

describe('requests that wait become one', () => {
  test('with the later clock, every path, and the trigger that says more', () => {
    const rows = waiting(
      { trigger: 'push', at: NOW - 2, changedPaths: ['a'] },
      { trigger: 'cron', at: NOW - 1 },
      { trigger: 'push', at: NOW - 3, changedPaths: ['b', 'a'], after: 'c'.repeat(40) },
      { trigger: 'issues', at: NOW },
    );
    expect(pendingOf(rows)).toEqual({
      trigger: 'push',
      at: NOW,
      changedPaths: ['a', 'b'],
      after: 'c'.repeat(40),
      requests: 4,
      news: 3,
      attempt: 0,
      lookups: 0,
    });
  });

  test('and what one push did not tell is unknown for all', () => {
    const rows = waiting(
      { trigger: 'push', at: NOW, changedPaths: null },
      { trigger: 'push', at: NOW, changedPaths: ['a'] },
    );
    expect(pendingOf(rows).changedPaths).toBeNull();
  });
});

describe('a failed audit is tried again', () => {
  function failedTimes(times: number): Rows {
    const rows = waiting({ trigger: 'cron', at: NOW });
    for (let time = 0; time < times; time++) finish(rows, pendingOf(rows), FAILED, NOW);
    return rows;
  }

  test('after pauses that grow up to an hour, ten times', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7].map((times) => (pendingOf(failedTimes(times)).notBefore ?? 0) - NOW);
    expect(pauses.map((pause) => pause / MINUTE)).toEqual([5, 5, 8, 16, 32, 60, 60]);
    expect(failedTimes(11).get('pending')).toBeUndefined();
  });

  test('a fleet that failed in one second does not come back in one, nor before GitHub allows it, nor much later', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 120 }), (chance, minutes) => {
        const rows = waiting({ trigger: 'cron', at: NOW });
        const silence = NOW + minutes * MINUTE;
        const due = finish(rows, pendingOf(rows), { ...FAILED, retryAt: silence, notBefore: silence }, NOW, chance);
        const late = (due ?? 0) - Math.max(silence, NOW + 2 * MINUTE);
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThanOrEqual(5 * MINUTE);
      }),
    );
    const dues = [0, 0.25, 0.5, 1].map((chance) => {
      const rows = waiting({ trigger: 'cron', at: NOW });
      return ((finish(rows, pendingOf(rows), FAILED, NOW, chance) ?? 0) - NOW) / SECOND;
    });
    expect(dues).toEqual([300, 315, 330, 360]);
  });

  test('and its clock stays the one it was asked for, not the time of the next try', () => {
    expect(pendingOf(failedTimes(5)).at).toBe(NOW);
  });

  test('a push does not wait for it, but the tries stay counted', () => {
    const rows = failedTimes(5);
    const due = enqueue(rows, { trigger: 'push', at: NOW + 1, changedPaths: [] }, NOW + 1);
    expect([due, pendingOf(rows).attempt, pendingOf(rows).at]).toEqual([NOW + 1, 5, NOW + 1]);
  });

  test('a stranger who touches issues neither hurries it nor resets the count', () => {
    const rows = failedTimes(5);
    const before = pendingOf(rows);
    for (let hint = 0; hint < 200; hint++) enqueue(rows, { trigger: 'issues', at: NOW + hint }, NOW + hint);
    expect(pendingOf(rows)).toMatchObject({ attempt: 5, notBefore: before.notBefore, trigger: 'issues' });
  });
});

describe('a flood of hints', () => {
  test('costs one audit a minute', () => {
    const rows = waiting({ trigger: 'issues', at: NOW });
    finish(rows, pendingOf(rows), DONE, NOW);
    expect(enqueue(rows, { trigger: 'issues', at: NOW + SECOND }, NOW + SECOND)).toBe(NOW + MINUTE);
    expect(enqueue(rows, { trigger: 'push', at: NOW + 2 * SECOND }, NOW + 2 * SECOND)).toBe(NOW + 2 * SECOND);
  });

  test('that comes while an audit runs waits like one that comes after it', () => {
    const rows = waiting({ trigger: 'cron', at: NOW });
    const running = pendingOf(rows);
    for (let hint = 0; hint < 200; hint++) enqueue(rows, { trigger: 'issues', at: NOW + hint }, NOW + hint);
    expect(finish(rows, running, DONE, NOW + SECOND)).toBe(NOW + SECOND + MINUTE);
  });

  test('does not shorten the pause after a failure either', () => {
    const rows = waiting({ trigger: 'cron', at: NOW });
    for (let time = 0; time < 5; time++) finish(rows, pendingOf(rows), FAILED, NOW);
    const running = pendingOf(rows);
    enqueue(rows, { trigger: 'issues', at: NOW }, NOW);
    expect(finish(rows, running, FAILED, NOW)).toBe(NOW + 60 * MINUTE);
  });
});

describe('a push that GitHub does not show yet', () => {
  test('is looked for in seconds, then in minutes, then left to the next night', () => {
    const rows = waiting({ trigger: 'push', at: NOW, after: 'c'.repeat(40) });
    const pauses: (number | null)[] = [];
    while (rows.get('pending')) {
      const next = finish(rows, pendingOf(rows), { ...DONE, isBehind: true }, NOW);
      pauses.push(next === null ? null : (next - NOW) / SECOND);
    }
    expect(pauses).toEqual([5, 30, 120, 600, null]);
  });
});

test('a request that comes during an audit is never lost, however much it looks like the one that runs', () => {
  const anyRequest = fc.record({
    trigger: fc.constantFrom('cron', 'push', 'api', 'issues' as const),
    at: fc.integer({ min: NOW - MINUTE, max: NOW }),
  });
  fc.assert(
    fc.property(fc.array(anyRequest, { minLength: 1, maxLength: 4 }), anyRequest, (before, during) => {
      const rows = waiting(...before);
      const running = pendingOf(rows);
      enqueue(rows, during, NOW);
      expect(finish(rows, running, DONE, NOW)).not.toBeNull();
      expect(rows.get('pending')).toBeDefined();
    }),
  );
});
