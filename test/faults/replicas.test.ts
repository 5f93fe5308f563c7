/** Pushes that GitHub's replicas do not show yet, and requests that come at a bad time: nothing is forgotten. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY, isLook, MINUTE, REPO, type Stage, setStage } from './stage.ts';
import { tally } from './totals.ts';

const SECOND = 1000;
let stage: Stage;
beforeEach(async () => {
  stage = await setStage({ lists: { alpha: 'known\n' } });
  await stage.audit();
  stage.advance(DAY);
});
afterEach(async () => {
  await stage.close();
  expect(stage.simulator.violations).toEqual([]);
  tally('faults tried', 1);
});

/** GitHub answers with a head that is so many commits old, for so many looks. */
function lag(commitsBehind: number, times: number, repository = 'homelab') {
  return stage.simulator.faults.add({
    kind: 'stale-head',
    commitsBehind,
    times,
    repository: `you/${repository}`,
    match: isLook,
  });
}

const audits = async () => (await stage.store.history(REPO, { limit: 50 })).audits;
const push = (after: string) =>
  stage.request({ trigger: 'push', at: stage.now(), changedPaths: ['lists/bravo'], after });

describe('a push that a replica does not show yet', () => {
  test.each([1, 2, 3, 4])('is audited when it shows at look %i', async (looks) => {
    const after = stage.lists({ bravo: 'one\n' });
    lag(1, looks);
    const [before, pushed] = [(await audits()).length, stage.now()];
    push(after);
    await stage.drain();
    expect(stage.issue('bravo')).toMatchObject({ state: 'open' });
    expect((await audits()).length).toBe(before + 1);
    expect(stage.now() - pushed).toBeLessThan(15 * MINUTE);
  });

  test('and that stays away is given up after minutes; what is there is audited', async () => {
    push('f'.repeat(40));
    const pushed = stage.now();
    await stage.drain();
    expect(stage.ledger().get('pending')).toBeUndefined();
    expect(stage.now() - pushed).toBeLessThan(20 * MINUTE);
    expect((await audits())[0]).toMatchObject({ trigger: 'push', outcome: 'fail' });
  });

  test('of two in a row is not taken for the second', async () => {
    stage.lists({ bravo: 'one\n' });
    const after = stage.lists({ charlie: 'one\n' });
    lag(1, 2);
    push(after);
    await stage.drain();
    expect([stage.issue('bravo')?.state, stage.issue('charlie')?.state]).toEqual(['open', 'open']);
    expect((await audits())[0]?.sha).toBe(after);
  });

  test('to a sibling is waited for as well', async () => {
    const workbench = stage.workbench.commit({ 'README.md': 'Another one.\n' });
    lag(1, 2, 'workbench');
    stage.request({ trigger: 'push', at: stage.now(), siblingsAfter: { workbench } });
    await stage.drain();
    expect((await stage.store.latest(REPO))?.report.siblings).toEqual({ workbench });
  });

  test('that moves the branch back is believed at once', async () => {
    const first = stage.scratch.git('rev-parse', 'main');
    stage.lists({ bravo: 'one\n' });
    await stage.audit();
    expect(stage.issue('bravo')).toMatchObject({ state: 'open' });
    stage.scratch.git('update-ref', 'refs/heads/main', first);
    // Audits are sorted by the time at which they end.
    stage.advance(SECOND);
    const pushed = stage.now();
    push(first);
    await stage.drain(0);
    expect((await audits())[0]).toMatchObject({ sha: first, outcome: 'fail' });
    expect(stage.now()).toBe(pushed);
  });
});

describe('requests and clocks', () => {
  test('a push while a retry waits is audited now, by the clock of now', async () => {
    stage.simulator.faults.add({
      match: { operation: 'git/get-tree' },
      kind: 'error-503',
      times: Number.POSITIVE_INFINITY,
    });
    const after = stage.lists({ bravo: 'one\n' });
    push(after);
    await stage.drain(4);
    expect(Number((stage.ledger().get('pending') as { notBefore: number }).notBefore)).toBeGreaterThan(stage.now());
    stage.simulator.faults.clear();
    stage.advance(MINUTE);
    const pushed = stage.now();
    push(stage.lists({ charlie: 'one\n' }));
    await stage.drain(0);
    expect((await stage.store.latest(REPO))?.report.now).toBe(new Date(pushed).toISOString());
    expect(stage.issue('charlie')).toMatchObject({ state: 'open' });
  });

  test('200 strangers who touch an issue during an outage cost a request a minute at most, and do not reset the pauses', async () => {
    stage.simulator.faults.add({ match: () => true, kind: 'error-500', times: Number.POSITIVE_INFINITY });
    stage.lists({ bravo: 'one\n' });
    stage.request({ trigger: 'cron', at: stage.now() });
    await stage.drain(5);
    const [before, start] = [stage.simulator.requests.length, stage.now()];
    for (let hint = 0; hint < 200; hint++) {
      stage.receiveWebhook(`hint-${hint}`, { trigger: 'issues', at: stage.now() }, 'somebody');
      await stage.drain(0);
      stage.advance(SECOND);
    }
    expect((stage.now() - start) / MINUTE).toBeLessThan(4);
    expect(stage.simulator.requests.length - before).toBeLessThanOrEqual(12);
    stage.simulator.faults.clear();
    stage.advance(60 * MINUTE);
    await stage.drain();
    expect(stage.issue('bravo')).toMatchObject({ state: 'open' });
  });

  test('200 hints on a quiet repository cost one audit a minute', async () => {
    const before = (await audits()).length;
    for (let hint = 0; hint < 200; hint++) {
      stage.receiveWebhook(`hint-${hint}`, { trigger: 'issues', at: stage.now() }, 'somebody');
      await stage.drain(0);
      stage.advance(SECOND);
    }
    expect((await audits()).length - before).toBeLessThanOrEqual(4);
  });

  test.each([
    ['in a year', 365 * DAY],
    ['in ten years', 3650 * DAY],
    ['in the year 58132, since GitHub said milliseconds', Date.parse('2026-03-01') * 1000],
  ])('a silence that an earlier version noted as ending %s does not make the target deaf', async (_, until) => {
    stage.ledger().put('notBefore', stage.now() + until);
    stage.lists({ bravo: 'one\n' });
    await stage.audit();
    expect(stage.issue('bravo')).toMatchObject({ state: 'open' });
  });

  test('a limit that GitHub says lasts a year is over after two hours', async () => {
    stage.simulator.faults.add({
      match: isLook,
      kind: 'secondary-limit',
      retryAfter: 31_536_000,
    });
    const after = stage.lists({ bravo: 'one\n' });
    const pushed = stage.now();
    push(after);
    await stage.drain();
    expect(stage.issue('bravo')).toMatchObject({ state: 'open' });
    expect((stage.now() - pushed) / MINUTE).toBeLessThanOrEqual(121);
  });
});
