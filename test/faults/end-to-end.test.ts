/** The inbox end to end: what only shows with GitHub, a store and a clock around it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY, isLook, MINUTE, REPO, registry, type Stage, setStage, TOY_GATES } from './stage.ts';

const WAIVERS = 'ops/bindings/audit.waivers.yaml';
let stage: Stage;

async function night(lists: Readonly<Record<string, string | null>> = {}) {
  if (Object.keys(lists).length > 0) stage.lists(lists);
  stage.advance(DAY);
  return stage.audit();
}

async function health(): Promise<number> {
  const [summary] = await stage.store.targets();
  return (summary?.errors ?? 0) + (summary?.outcome === 'error' ? 1 : 0);
}

beforeEach(async () => {
  stage = await setStage({ lists: { alpha: 'known\n' } });
  await stage.audit();
});
afterEach(async () => {
  await stage.close();
  expect(stage.simulator.violations).toEqual([]);
});

describe('the Gap inbox', () => {
  test('is pinned once; people may unpin it', async () => {
    expect(stage.issues()).toMatchObject([{ title: 'Gap inbox', pinned: true, labels: ['audit', 'audit/inbox'] }]);
    stage.human.unpin(1);
    await night({ bravo: 'one\n' });
    expect(stage.issues()[0]).toMatchObject({ pinned: false });
    expect(stage.issues()[0]?.body).toContain('#2');
  });

  test('is left alone when a person closed it, and looked after again when they reopen it', async () => {
    stage.human.close(1, 'not_planned');
    const { body } = stage.simulator.issue(1);
    await night({ bravo: 'one\n' });
    await night({ charlie: 'one\n' });
    expect(stage.simulator.issue(1)).toMatchObject({ state: 'closed', body });
    stage.human.reopen(1);
    await night({ delta: 'one\n' });
    await night();
    expect(stage.simulator.issue(1).body).toContain('delta');
  });

  test('an uneventful night writes nothing and asks the tracker once', async () => {
    await night({ bravo: 'one\n' });
    const before = stage.writes();
    const requests = stage.simulator.requests.length;
    await night();
    expect(stage.writes()).toBe(before);
    const asked = stage.simulator.requests.slice(requests).filter(({ category }) => category === 'inbox');
    expect(asked.map(({ operation }) => operation)).toEqual(['issues/list-for-repo']);
  });

  test('reports waivers that are expired, unreadable, malformed or unused', async () => {
    const entries = [
      '{ gate: alpha, reason: old, owner: tove, expires: 2026-02-01 }',
      '{ gate: bravo, reason: for nothing, owner: tove, expires: 2026-05-01 }',
      '{ gate: charlie, owner: tove, expires: 2026-05-01 }',
      '{ gate: delta, reason: for ever, owner: tove, expires: 2030-01-01 }',
    ];
    stage.commit({ [WAIVERS]: `waivers:\n${entries.map((entry) => `  - ${entry}\n`).join('')}` });
    await night();
    const { body } = stage.simulator.issue(1);
    for (const trouble of ['expired on 2026', 'covers nothing', 'has no reason', 'more than 180 days'])
      expect(body.replaceAll(/[\\\u200b]/g, '')).toContain(trouble);
    stage.commit({ [WAIVERS]: 'waivers: [\n' });
    await night();
    expect(stage.simulator.issue(1).body).toContain('not readable as YAML');
  });
});

describe('waivers', () => {
  test('that become unreadable stay in force, until they run out', async () => {
    await night({ bravo: 'one\n' });
    stage.commit({ [WAIVERS]: 'waivers: [{ gate: bravo, reason: soon, owner: tove, expires: 2026-02-24 }]\n' });
    await night();
    expect(stage.issue('bravo')).toMatchObject({ state: 'closed', stateReason: 'not_planned' });
    stage.commit({ [WAIVERS]: 'waivers: [\n' });
    await night();
    expect(stage.issue('bravo')?.state).toBe('closed');
    stage.advance(5 * DAY);
    await stage.audit({ force: true });
    expect(stage.issue('bravo')).toMatchObject({ state: 'open' });
    expect(stage.issue('bravo')?.labels).not.toContain('audit/waived');
  });
});

describe('what GitHub does silently is said aloud', () => {
  test('labels that it drops', async () => {
    for (const label of ['audit/lane:infra', 'audit/severity:medium']) stage.human.createLabel(label);
    stage.simulator.repository().roles.set('lanekeeper-bot', 'read');
    const { delivery } = await night({ bravo: 'one\n' });
    expect(delivery.errors.join()).toMatch(/GitHub dropped the labels audit, .* of #2/);
    expect(await health()).toBeGreaterThan(0);
    await night();
    expect(
      stage.issues().filter(({ title }) => title.includes('bravo')),
      'and it is not opened again',
    ).toHaveLength(1);
  });

  test('an edit that it does not take', async () => {
    await night({ bravo: 'one\n' });
    stage.simulator.caps.bodyBytes = 1000;
    const { delivery } = await night({ bravo: 'one\ntwo\n' });
    expect(delivery.errors.join()).toMatch(/GitHub kept the old body of #2/);
    stage.simulator.caps.bodyBytes = 100_000;
    await night();
    expect(stage.issue('bravo')?.body).toContain('two is listed');
    expect(stage.issue('bravo')?.comments).toHaveLength(1);
  });
});

describe('when the tracker is out of reach', () => {
  test.each([
    [
      'issues are switched off',
      () => Object.assign(stage.simulator.repository(), { hasIssues: false }),
      /switched off/,
    ],
    ['the repository is archived', () => Object.assign(stage.simulator.repository(), { archived: true }), /archived/],
  ])('%s: told apart, visible, and not tried every minute', async (_, prepare, message) => {
    prepare();
    const { delivery } = await night({ bravo: 'one\n' });
    expect(delivery.errors.join()).toMatch(message);
    expect(await health()).toBeGreaterThan(0);
    expect(stage.ledger().get('pending')).toBeUndefined();
    Object.assign(stage.simulator.repository(), { hasIssues: true, archived: false });
    await night();
    expect(stage.issue('bravo')?.state).toBe('open');
    expect(await health()).toBe(0);
  });

  test('Retry-After is honoured without sleeping, by every later request as well', async () => {
    stage.simulator.faults.add({ match: { operation: 'issues/create' }, kind: 'secondary-limit', retryAfter: 900 });
    stage.lists({ bravo: 'one\n' });
    stage.advance(DAY);
    const { delivery } = await stage.audit({ wakes: 0 });
    expect(delivery.failed).toBe(1);
    const requests = stage.simulator.requests.length;
    const later = await stage.audit({ wakes: 0 });
    expect(stage.simulator.requests, 'not a word to GitHub').toHaveLength(requests);
    expect(later.delivery).toEqual(delivery);
    expect(stage.ledger().get('notBefore')).toBe(stage.now() + 15 * MINUTE);
    await stage.drain();
    expect(stage.issue('bravo')?.state).toBe('open');
  });

  test('one issue that cannot be read does not hold up the others', async () => {
    await night({ bravo: 'one\n', charlie: 'one\n' });
    stage.human.close(2, 'completed');
    const fault = stage.simulator.faults.add({
      match: ({ path, method }) => method === 'GET' && /issues\/2$/.test(path),
      kind: 'error-404',
      times: Number.POSITIVE_INFINITY,
    });
    stage.lists({ charlie: null, bravo: 'one\ntwo\n' });
    stage.advance(DAY);
    const { delivery } = await stage.audit({ wakes: 0 });
    fault.remove();
    expect(stage.issue('charlie')?.state).toBe('closed');
    expect(stage.issue('bravo')?.comments, 'a 404 is no deletion').toEqual([]);
    expect(delivery.errors.join()).toMatch(/#2 could not be read/);
  });
});

describe('writes', () => {
  test('are at most twenty in a minute; the rest waits, is counted, and comes', async () => {
    // Five single issues a night, all of which then get worse, some recover: more than twenty steps at once.
    for (const names of [
      ['bravo', 'charlie', 'delta'],
      ['echo', 'foxtrot', 'golf'],
      ['hotel', 'india', 'juliett'],
      ['kilo', 'lima'],
    ])
      await night(Object.fromEntries(names.map((name) => [name, 'one\n'])));
    stage.lists(Object.fromEntries(TOY_GATES.slice(1).map(({ name }) => [name, 'one\ntwo\n'])));
    stage.advance(DAY);
    const before = stage.writes();
    const { delivery } = await stage.audit({ wakes: 0 });
    expect(stage.writes() - before).toBeLessThanOrEqual(20);
    expect(delivery.suppressed).toBeGreaterThan(0);
    await stage.drain();
    for (const { name } of TOY_GATES.slice(1)) expect([name, stage.issue(name)?.comments.length]).toEqual([name, 1]);
  });
});

describe('a dry run', () => {
  test('writes nothing, records no baseline, and says what it would do', async () => {
    await stage.close();
    stage = await setStage({ lists: { alpha: 'known\n' }, inbox: 'dry-run' });
    for (let audits = 0; audits < 2; audits++) {
      const { delivery } = await night();
      expect(delivery).toMatchObject({ mode: 'dry-run', actions: ['open an issue: the Gap inbox'], errors: [] });
      expect(delivery.notes).toEqual(['D900 alpha: 1 finding becomes the baseline']);
    }
    expect([stage.writes(), stage.state().startedAt, stage.issues()]).toEqual([0, null, []]);
    expect(await health()).toBe(0);
  });
});

describe('other credentials', () => {
  test('take over the issues of the former ones', async () => {
    await night({ bravo: 'one\n' });
    await stage.close();
    stage = await setStage({ formerAuthors: ['lanekeeper-old'] });
    const [first] = stage.issues();
    expect(first).toBeUndefined();
    await stage.audit();
    const { body } = stage.simulator.issue(1);
    stage.simulator
      .actAs('lanekeeper-old')
      .openIssue({ title: 'Old', body: body.replace('%40inbox', 'alpha'), labels: ['audit'] });
    stage.simulator
      .actAs('somebody')
      .openIssue({ title: 'Forged', body: body.replace('%40inbox', 'bravo'), labels: ['audit'] });
    await night();
    expect(stage.simulator.issue(2)).toMatchObject({ state: 'closed', stateReason: 'completed' });
    expect(stage.simulator.issue(3)).toMatchObject({ state: 'open', comments: [] });
  });
});

describe('lost state', () => {
  test('files nothing again', async () => {
    await night({ bravo: 'one\n', charlie: 'one\n' });
    stage.forget();
    await night();
    expect(stage.issues().map(({ title, state }) => `${state} ${title}`)).toEqual([
      'open Gap inbox',
      'open D901 bravo is failing',
      'open D902 charlie is failing',
    ]);
    await night({ bravo: null });
    expect(stage.issue('bravo')).toMatchObject({ state: 'closed', stateReason: 'completed' });
  });

  test('even when GitHub shows an empty list that night', async () => {
    await night({ bravo: 'one\n' });
    stage.forget();
    stage.simulator.faults.add({ match: { operation: 'issues/list-for-repo' }, kind: 'empty-list' });
    await night();
    expect(stage.issues().filter(({ state }) => state === 'open')).toHaveLength(2);
    expect(stage.issue('bravo')?.state, 'not closed as known').toBe('open');
  });

  test('even when every list is empty that night: what an issue of ours says is new was no baseline', async () => {
    await night({ bravo: 'one\n' });
    stage.forget();
    stage.simulator.faults.add({ match: { operation: 'issues/list-for-repo' }, kind: 'empty-list', times: 2 });
    await night();
    await night();
    await night();
    expect(stage.issue('bravo')?.state, 'not closed as known').toBe('open');
    const inboxes = stage.issues().filter(({ title }) => title === 'Gap inbox');
    expect(
      inboxes.map(({ state }) => state),
      'the second one is closed again',
    ).toEqual(['closed', 'open'].sort());
  });
});

describe('a list that is some writes old', () => {
  test('is not believed where it contradicts what we know', async () => {
    await night({ bravo: 'one\n' });
    await night({ bravo: null });
    stage.advance(DAY);
    stage.simulator.faults.add({ match: { operation: 'issues/list-for-repo' }, kind: 'stale-list', writesBehind: 2 });
    await stage.audit();
    expect(stage.state().gates.bravo?.issue, 'no person reopened it').toMatchObject({
      phase: 'resolved',
      isHeld: false,
    });
  });
});

describe('audit/broken', () => {
  test('opens when nothing could be audited twice, and closes with the next complete audit', async () => {
    const whole = registry(TOY_GATES)['ops/bindings/gate.registry.yaml'] ?? '';
    stage.commit({ 'ops/bindings/gate.registry.yaml': 'gates: [\n' });
    await night();
    expect(stage.issues()).toHaveLength(1);
    expect(await health()).toBeGreaterThan(0);
    await night();
    await night();
    expect(stage.issues()[1]).toMatchObject({ title: 'Lanekeeper cannot audit this repository', state: 'open' });
    expect(stage.issues()).toHaveLength(2);
    stage.commit({ 'ops/bindings/gate.registry.yaml': whole });
    await night();
    expect(stage.issues()[1]).toMatchObject({ state: 'closed', stateReason: 'completed' });
  });
});

describe('the coordinator', () => {
  test('a request while it runs, a cron and a webhook at once: one audit at a time', async () => {
    stage.lists({ bravo: 'one\n' });
    stage.advance(DAY);
    await Promise.all([stage.audit(), stage.audit(), stage.audit()]);
    expect(stage.issues()).toHaveLength(2);
    expect(stage.simulator.maxConcurrency()).toBeLessThanOrEqual(4);
    expect(stage.ledger().get('lease')).toBeUndefined();
  });

  test('an internal error is stored for all to see, and is over with the next audit', async () => {
    stage.lists({ bravo: 'one\n' });
    stage.advance(DAY);
    const { ledger } = stage;
    const state = ledger().get('inbox');
    ledger().put('inbox', { ...(state as object), gates: null });
    const { report } = await stage.audit({ wakes: 0 });
    expect(report.error).toMatch(/^internal error: /);
    expect(await health()).toBeGreaterThan(0);
    ledger().put('inbox', state);
    await stage.drain();
    expect(stage.issue('bravo')?.state).toBe('open');
    expect(await health()).toBe(0);
  });

  test('an older head is not believed at once; a branch that was moved back is audited', async () => {
    await night({ bravo: 'one\n' });
    stage.simulator.faults.add({ match: isLook, kind: 'stale-head', commitsBehind: 1 });
    stage.advance(DAY);
    const { report } = await stage.audit({ wakes: 0 });
    expect(report.error).toMatch(/reports the older commit/);
    expect(stage.issue('bravo')?.state).toBe('open');
    await stage.drain();
    expect((await stage.store.latest(REPO))?.report.error).toBeUndefined();

    const old = stage.scratch.git('rev-parse', 'main~1');
    stage.scratch.git('update-ref', 'refs/heads/main', old);
    await night();
    await stage.drain();
    expect(stage.issue('bravo')).toMatchObject({ state: 'closed', stateReason: 'completed' });
  });

  test('what a person accepts becomes baseline, with who and why', async () => {
    await night({ bravo: 'one\n' });
    expect(stage.accept({ gate: 'D901', by: 'tove', reason: 'as planned' })).toBe(true);
    expect(stage.accept({ gate: 'D999', by: 'tove', reason: 'there is no such gate' })).toBe(false);
    await night();
    expect(stage.issue('bravo')).toMatchObject({ state: 'closed', stateReason: 'completed' });
    expect(stage.issue('bravo')?.comments[0]).toContain('The 1 known finding remains.');
    expect(stage.logs.join()).toContain('as planned');
  });

  test('gives up after some tries until the next request', async () => {
    const fault = stage.simulator.faults.add({
      match: isLook,
      kind: 'error-500',
      times: Number.POSITIVE_INFINITY,
    });
    stage.advance(DAY);
    const start = stage.now();
    await stage.audit({ wakes: 40 });
    expect(stage.ledger().get('pending')).toBeUndefined();
    expect((stage.now() - start) / MINUTE, 'with growing pauses').toBeGreaterThan(200);
    fault.remove();
    await night();
    expect(await health()).toBe(0);
  });
});
