import { expect, test } from 'vitest';
import type { AuditStore, StoredAudit, TargetSummary } from '../../src/core/store.ts';

const REPO = 'you/homelab';

function audit(id: string): StoredAudit {
  const report = {
    schemaVersion: 1,
    repo: REPO,
    sha: 'a'.repeat(40),
    now: '2026-02-18T04:17:00.000Z',
    complete: true,
    siblings: { workbench: null },
    lanes: [],
    gates: [],
  } as const;
  const counts = { planned: 0, opened: 0, updated: 0, closed: 0, suppressed: 0, failed: 0 };
  const delivery = { mode: 'on', ...counts, errors: [], notes: [], actions: [] } as const;
  return {
    id,
    report,
    trigger: 'cron',
    newlyFailing: [],
    delivery,
    requests: { target: 1 },
    inbox: null,
    histories: {},
  };
}

function summary(id: string, repo = REPO): TargetSummary {
  return {
    id,
    repo,
    sha: 'a'.repeat(40),
    now: '2026-02-18T04:17:00.000Z',
    outcome: 'pass',
    trigger: 'cron',
    lanes: { core: [8, 8, 0, 0, 0] },
    delivery: [0, 0, 0, 0, 0, 0],
    strip: 'p',
    lastCompleteAt: '2026-02-18T04:17:00.000Z',
    errors: 0,
    newlyFailing: [],
    repositoryId: 7,
  };
}

/** What every store of audits does, whatever keeps it; `open` gives an empty one. */
export function conformsAsAuditStore(open: () => Promise<AuditStore>): void {
  test('knows nothing before the first audit', async () => {
    const store = await open();
    expect(await store.targets()).toEqual([]);
    expect(await store.latest(REPO)).toBeNull();
    expect(await store.get(REPO, 'x')).toBeNull();
    expect(await store.history(REPO, { limit: 5 })).toEqual({ audits: [], cursor: null });
  });

  test('gives back what was saved: the latest, each by its id, and the line about the target', async () => {
    const store = await open();
    await store.save(REPO, audit('2'), summary('2'));
    await store.save(REPO, audit('1'), summary('1'));
    expect(await store.latest(REPO)).toEqual(audit('1'));
    expect(await store.get(REPO, '2')).toEqual(audit('2'));
    expect(await store.targets()).toEqual([summary('1')]);
  });

  test('an audit that repeats another one reads as if it had been saved whole', async () => {
    const store = await open();
    await store.save(REPO, audit('2'), summary('2'));
    const again = { id: '1', now: '2026-02-19T04:17:00.000Z', trigger: 'push', requests: { inbox: 1 } } as const;
    const work = { judged: 0, reused: 3 };
    await store.saveRepeated(REPO, { ...again, work, repeats: '2', times: 1 }, summary('1'));
    const { report, ...rest } = audit('2');
    const { now, ...said } = again;
    const read = { ...rest, ...said, work, report: { ...report, now } };
    expect(await store.latest(REPO)).toEqual(read);
    expect(await store.get(REPO, '1')).toEqual(read);
    expect(await store.get(REPO, '2')).toEqual(audit('2'));
    expect((await store.history(REPO, { limit: 5 })).audits.map(({ id }) => id)).toEqual(['1', '2']);
  });

  test('one that repeats what is not there, or itself, counts as absent', async () => {
    const store = await open();
    const again = { now: '2026-02-19T04:17:00.000Z', trigger: 'cron', requests: {}, times: 1 } as const;
    for (const repeats of ['1', '2']) {
      await store.saveRepeated(REPO, { ...again, id: '1', work: { judged: 0, reused: 3 }, repeats }, summary('1'));
      expect(await store.latest(REPO)).toBeNull();
      expect(await store.get(REPO, '1')).toBeNull();
    }
  });

  test('lists newest first, page by page, and only those of the repository', async () => {
    const store = await open();
    for (const id of ['5', '4', '3', '2', '1']) await store.save(REPO, audit(id), summary(id));
    await store.save('you/homelab-2', audit('0'), summary('0', 'you/homelab-2'));
    const first = await store.history(REPO, { limit: 3 });
    expect(first.audits.map(({ id }) => id)).toEqual(['1', '2', '3']);
    const { cursor } = first;
    const second = await store.history(REPO, { limit: 3, ...(cursor === null ? {} : { cursor }) });
    expect([second.audits.map(({ id }) => id), second.cursor]).toEqual([['4', '5'], null]);
  });

  test('sees every target of a fleet, beyond one page of the store', async () => {
    const store = await open();
    const names = Array.from({ length: 1100 }, (_, index) => `you/repo-${index}`);
    await Promise.all(names.map((name) => store.save(name, audit('1'), summary('1', name))));
    expect(await store.targets()).toHaveLength(1100);
  });

  test('no name is special', async () => {
    const store = await open();
    expect(await store.latest('constructor')).toBeNull();
    await store.save('__proto__/constructor', audit('1'), summary('1', '__proto__/constructor'));
    expect((await store.latest('__proto__/constructor'))?.id).toBe('1');
  });
}
