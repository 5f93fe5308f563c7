/** Commits that end the life they are audited in, as a limit on time or memory would. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY, MINUTE, REPO, type Stage, setStage } from './stage.ts';
import { tally } from './totals.ts';

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

/** Goes on with new lives until one of them stores an audit. Gives how many ended. */
async function untilStored(): Promise<number> {
  const before = (await stage.store.latest(REPO))?.id;
  for (let lives = 0; lives < 12; lives++) {
    await stage.drain(0);
    if ((await stage.store.latest(REPO))?.id !== before) return lives;
    stage.revive();
  }
  throw new Error('no life stored anything');
}

async function latest() {
  const audit = await stage.store.latest(REPO);
  if (!audit) throw new Error('no audit');
  return audit;
}

async function summary() {
  const [line] = await stage.store.targets();
  return line;
}

describe('a gate that ends the life it is judged in', () => {
  test('costs three lives, then the commit and the gate are named in the report, in health and in an issue', async () => {
    const sha = stage.lists({ charlie: 'bomb\n', bravo: 'one\n' });
    const requests = stage.simulator.requests.length;
    stage.request({ trigger: 'push', at: stage.now(), changedPaths: ['lists/charlie'], after: sha });
    expect(await untilStored()).toBe(3);
    expect(stage.simulator.requests.length - requests).toBeLessThan(60);
    const { report } = await latest();
    expect(report.error).toContain(sha.slice(0, 10));
    expect(report.error).toContain('3 times');
    expect(report.error).toContain('charlie');
    expect(await summary()).toMatchObject({ outcome: 'error', errors: 1 });
    const broken = stage.issues().find(({ labels }) => labels.includes('audit/broken'));
    expect(broken).toMatchObject({ state: 'open' });
    expect(broken?.body).toContain(sha.slice(0, 10));
  });

  test('is left out on the next try: blind, the rest is judged and told, and health stays red', async () => {
    stage.lists({ charlie: 'bomb\n', bravo: 'one\n' });
    stage.request({ trigger: 'cron', at: stage.now() });
    await untilStored();
    await stage.drain();
    const { report, delivery } = await latest();
    expect(report).toMatchObject({ complete: true });
    expect(report.gates.find(({ name }) => name === 'charlie')).toMatchObject({ verdict: 'blind' });
    expect(report.gates.find(({ name }) => name === 'alpha')).toMatchObject({ verdict: 'fail' });
    expect(stage.issue('bravo')).toMatchObject({ state: 'open' });
    expect(delivery.errors).toEqual([expect.stringMatching(/^The gate charlie is left out at/)]);
    expect(stage.issues().find(({ labels }) => labels.includes('audit/broken'))).toMatchObject({ state: 'open' });
    // A night without a change does not try the gate again.
    stage.advance(DAY);
    await stage.audit();
    expect(stage.wasKilled()).toBe(false);
    expect((await summary())?.errors).toBe(1);
  });

  test('does not concern the next head: it is audited whole, and the issue closes', async () => {
    stage.lists({ charlie: 'bomb\n' });
    stage.request({ trigger: 'cron', at: stage.now() });
    await untilStored();
    await stage.drain();
    stage.lists({ charlie: 'one\n' });
    stage.advance(DAY);
    const { report, delivery } = await stage.audit();
    expect(report.gates.find(({ name }) => name === 'charlie')).toMatchObject({ verdict: 'fail' });
    expect(delivery.errors).toEqual([]);
    expect(stage.issue('charlie')).toMatchObject({ state: 'open' });
    expect(stage.issues().find(({ labels }) => labels.includes('audit/broken'))).toMatchObject({ state: 'closed' });
  });

  test('beside others of its kind is found one by one', async () => {
    stage.lists({ bravo: 'bomb\n', delta: 'bomb\n', echo: 'bomb\n', hotel: 'one\n' });
    stage.request({ trigger: 'cron', at: stage.now() });
    let lives = 0;
    for (let report = 0; report < 3; report++) lives += await untilStored();
    await stage.drain();
    for (; stage.wasKilled() && lives < 12; lives++) {
      stage.revive();
      await stage.drain();
    }
    const blind = (await latest()).report.gates.filter(({ verdict }) => verdict === 'blind').map(({ name }) => name);
    expect(blind).toEqual(['bravo', 'delta', 'echo']);
    expect(lives).toBeLessThan(12);
    expect(stage.issue('hotel')).toMatchObject({ state: 'open' });
  });

  test('is not tried for ever when somebody insists', async () => {
    stage.lists({ charlie: 'bomb\n' });
    stage.request({ trigger: 'api', at: stage.now(), force: true });
    expect(await untilStored()).toBe(3);
  });
});

test('a commit that ends the life which looks for what broke a gate costs two of them, and the issue opens without it', async () => {
  stage.scratch.commits([
    { message: 'Bomb', files: { 'lists/bravo': 'bomb\n' } },
    { message: 'Defuse', files: { 'lists/bravo': 'one\n' } },
    { message: 'More', files: { 'lists/bravo': 'one\n\n' } },
  ]);
  stage.request({ trigger: 'cron', at: stage.now() });
  expect(await untilStored()).toBe(2);
  const { report, delivery, newlyFailing } = await latest();
  expect(newlyFailing).toEqual(['D901']);
  expect(report.error).toBeUndefined();
  expect(report.gates.find(({ name }) => name === 'bravo')).not.toHaveProperty('brokenBy');
  expect(delivery.errors).toEqual([]);
  expect(stage.issues().map(({ title }) => title)).toEqual(['Gap inbox', 'D901 bravo is failing']);
  // The next night does not look again.
  stage.advance(DAY);
  stage.commit({ 'README.md': 'more\n' });
  await stage.audit();
  expect(stage.wasKilled()).toBe(false);
  expect(stage.issues()).toHaveLength(2);
});

test('a life that ends while issues are written is tried a few times, then that is told', async () => {
  stage.lists({ bravo: 'one\n' });
  stage.request({ trigger: 'cron', at: stage.now() });
  const before = (await latest()).id;
  let lives = 0;
  for (; (await latest()).id === before && lives < 12; lives++) {
    const already = stage.events.length;
    const kill = stage.simulator.faults.add({
      kind: 'error-500',
      match: ({ operation }) => {
        if (operation === 'issues/list-for-repo' && stage.events.length >= already) stage.killAfter(1);
        return false;
      },
    });
    await stage.drain(0);
    kill.remove();
    if (stage.wasKilled()) stage.revive();
  }
  expect(lives).toBeLessThan(9);
  expect((await latest()).report.error).toMatch(/ended 6 times in a row without a result/);
  stage.advance(MINUTE);
  await stage.audit();
  expect(stage.issue('bravo')).toMatchObject({ state: 'open' });
});
