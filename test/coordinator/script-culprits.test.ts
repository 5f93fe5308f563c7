/** What broke a gate that one of the repo's own scripts judges. The search may take several alarms: each runs eight scripts at most. */
import { afterEach, describe, expect, test } from 'vitest';
import { rowsOf } from '../../src/coordinator/rows.ts';
import type { BrokenBy } from '../../src/core/broken-by.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { DAY, isLook, MINUTE, REPO, type Stage, type StageOptions } from '../faults/stage.ts';
import { certify, commitScript, setScriptedStage } from './scripted-stage.ts';

const SEAMS = /[\u200b\\]/g;
const TRUSTED = { trustScripts: true };

let stage: Stage;
afterEach(async () => {
  await stage.close();
  expect(stage.simulator.violations).toEqual([]);
});

/** A target that was audited once, with nothing wrong. */
async function dayOne(options: StageOptions = TRUSTED, names: readonly string[] = ['a']): Promise<void> {
  stage = await setScriptedStage(names, options);
  await stage.audit();
}

async function night(): Promise<StoredAudit> {
  stage.advance(DAY);
  return stage.audit();
}

const list = (text: string) => ({ 'lists/all': text });

/** A cron, and then one alarm after the other. Gives for each what it asked GitHub for, where the branches stand aside. */
async function alarms(): Promise<readonly (readonly string[])[]> {
  stage.advance(DAY);
  stage.request({ trigger: 'cron', at: stage.now() });
  const made: string[][] = [];
  while (stage.ledger().get('pending') !== undefined) {
    const before = stage.simulator.requests.length;
    await stage.drain(0);
    const requests = stage.simulator.requests.slice(before);
    const looks = requests.filter(({ operation, requestBody: body }) =>
      isLook({ number: 0, method: '', path: '', operation, body }),
    );
    expect(looks).toHaveLength(1);
    made.push(
      requests
        .filter((each) => !looks.includes(each))
        .map(({ path, requestBody }) => `${path} ${JSON.stringify(requestBody)}`),
    );
  }
  return made;
}

function commits(...all: readonly (readonly [message: string, files: Record<string, string>])[]): readonly string[] {
  return stage.scratch.commits(all.map(([message, files]) => ({ message, files })));
}

/** One commit that breaks `a`, and so many that touch the list and mend nothing. */
function breakThenTouch(times: number): string {
  const touches = Array.from({ length: times }, (_, index) => ['Touch', list(`a\n${index}\n`)] as const);
  const [, culprit = ''] = commits(['Unrelated', { 'README.md': '1' }], ['Let it in', list('a\n')], ...touches);
  return culprit;
}

function brokenBy({ report }: StoredAudit, name = 'script-a'): BrokenBy | undefined {
  return report.gates.find((gate) => gate.name === name)?.brokenBy;
}

const alarmsLeft = () => stage.logs.filter((line) => line.includes('"culprits left"')).length;
const compared = () =>
  stage.simulator.requests.filter(({ operation }) => operation === 'repos/compare-commits-with-basehead').length;

const walked = () =>
  stage.simulator.requests.filter(({ requestBody }) => JSON.stringify(requestBody ?? '').includes('p0: history'))
    .length;

function onRecord(): readonly unknown[] {
  const rows = rowsOf(stage.ledger());
  return [rows.get('search'), ...rows.sceneKeys()].filter((row) => row !== undefined);
}

describe('a script gate that newly fails', () => {
  test('names the commit with the line that it put in, as any other gate does', async () => {
    await dayOne();
    const culprit = breakThenTouch(2);
    const audit = await night();
    expect(brokenBy(audit)).toEqual({
      kind: 'commit',
      commit: { sha: culprit, title: 'Let it in', author: 'Ronny', date: expect.any(String) },
      lines: [
        { path: 'lists/all', line: 1, change: 'removed', text: 'none' },
        { path: 'lists/all', line: 1, change: 'added', text: 'a' },
      ],
    });
    const { body } = stage.simulator.issue(2);
    expect(body.replace(SEAMS, '')).toContain(`/commit/${culprit}) "Let it in" (Ronny, 2026-`);
    expect(body).toContain('`+ lists/all:1 a`');
    expect(alarmsLeft()).toBe(0);
    expect(onRecord()).toEqual([]);
  });

  test('is told once, when it is known, although the search takes several alarms', async () => {
    await dayOne();
    const culprit = breakThenTouch(9);
    const before = stage.simulator.requests.length;
    const audit = await night();
    expect(alarmsLeft()).toBe(1);
    expect(brokenBy(audit)).toMatchObject({ kind: 'commit', commit: { sha: culprit } });
    expect((await stage.store.history(REPO, { limit: 9 })).audits).toHaveLength(2);
    expect(audit.work).toEqual({ judged: 1, reused: 0 });
    expect(stage.issues().map(({ title }) => title)).toEqual(['Gap inbox', 'a script-a is failing']);
    expect(onRecord()).toEqual([]);
    expect(rowsOf(stage.ledger()).get('culprits')).toMatchObject({ 'script-a': { tries: 1 } });
    // What lies in between, and which of it touches the list, is asked once and not in each alarm.
    expect([compared(), walked()]).toEqual([1, 1]);
    const made = stage.simulator.requests.length - before;
    expect(made).toBeLessThan(60);
    expect(Object.values(audit.requests).reduce((sum, count) => sum + count, 0)).toBe(made);
  });

  test.each([
    [1, 15, ['a'], 2],
    [2, 29, ['a'], 9],
    [5, 41, ['a', 'b'], 15],
    [6, 54, ['a', 'b'], 40],
  ])('in %i alarms asks for %i things, none of them twice', async (parts, total, names, touches) => {
    await dayOne(TRUSTED, names);
    const all = names.join('\n');
    commits(['Unrelated', { 'README.md': '1' }], ['Let them in', list(`${all}\n`)]);
    commits(...Array.from({ length: touches }, (_, index) => ['Touch', list(`${all}\n${index}\n`)] as const));
    const made = await alarms();
    expect([made.length, made.flat().length]).toEqual([parts, total]);
    expect(new Set(made.flat()).size).toBe(total);
  });

  test('says one of how many commits it was where no more states are judged', async () => {
    await dayOne();
    const culprit = breakThenTouch(400);
    const audit = await night();
    const found = brokenBy(audit);
    expect(found).toMatchObject({ kind: 'range', reason: 'there are too many states to judge' });
    if (found?.kind !== 'range') return;
    const between = stage.scratch.git('rev-list', `${found.from}..${found.to}`).split('\n');
    expect(between).toContain(culprit);
    expect(found.commits).toBe(between.length);
    expect(stage.simulator.issue(2).body.replace(SEAMS, '')).toContain(`one of ${between.length} commits between`);
    expect(onRecord()).toEqual([]);
  });

  test('at a commit that changed the script, which the next one certified, names the change', async () => {
    await dayOne({});
    certify(stage, ['a']);
    await night();
    const stricter = commitScript(stage, 'a', 'test -f lists/all\necho "FAIL: lists/all: no owner"\nexit 1\n');
    certify(stage, ['a']);
    expect(brokenBy(await night())).toMatchObject({ kind: 'commit', commit: { sha: stricter } });
  });

  test('by the clock says the minute, although the script asks for the time in seconds', async () => {
    await dayOne();
    const at = stage.now() + DAY + 90 * MINUTE;
    const limit = Math.floor(at / 1000);
    commitScript(
      stage,
      'a',
      `test -f lists/all && [ "$(date +%s)" -lt ${limit} ] || { echo "FAIL: too old"; exit 1; }\n`,
    );
    expect((await night()).newlyFailing).toEqual([]);
    const found = brokenBy(await night());
    expect(found).toMatchObject({ kind: 'clock' });
    if (found?.kind === 'clock') expect(Math.abs(Date.parse(found.at) - at)).toBeLessThanOrEqual(MINUTE);
  });

  test('by the sibling names its commit', async () => {
    await dayOne();
    commitScript(stage, 'a', 'grep -q bad ../workbench/state && { echo "FAIL: the state is bad"; exit 1; }\nexit 0\n');
    stage.workbench.commit({ state: 'good\n' });
    await night();
    const [, culprit] = stage.workbench.commits([
      { message: 'Nothing', files: { 'README.md': '1' } },
      { message: 'Spoil it', files: { state: 'bad\n' } },
      { message: 'More', files: { 'README.md': '2' } },
    ]);
    expect(brokenBy(await night())).toMatchObject({ kind: 'sibling', name: 'workbench', commit: { sha: culprit } });
  });

  test('is not asked about while nobody has certified it', async () => {
    await dayOne({});
    breakThenTouch(2);
    expect((await night()).report.gates[0]).toMatchObject({ verdict: 'provisional' });
    expect(compared()).toBe(0);
  });
});

describe('a search that is interrupted', () => {
  /** The first of its alarms has run. Gives the commit that it looks for. */
  async function searchBegun(): Promise<string> {
    await dayOne();
    const culprit = breakThenTouch(9);
    stage.advance(DAY);
    stage.request({ trigger: 'cron', at: stage.now() });
    await stage.drain(0);
    expect(alarmsLeft()).toBe(1);
    return culprit;
  }

  test('by a request that finds nothing new says what the audit judged before', async () => {
    await searchBegun();
    stage.advance(MINUTE);
    const audit = await stage.audit();
    expect(brokenBy(audit)).toMatchObject({ kind: 'commit' });
    expect(audit.work).toEqual({ judged: 1, reused: 0 });
  });

  test('by a push that mends the gate ends with no issue', async () => {
    await searchBegun();
    expect(onRecord().length).toBeGreaterThan(5);
    stage.commit(list('none\n'));
    const audit = await stage.audit();
    expect(brokenBy(audit)).toBeUndefined();
    expect(stage.issues().map(({ title }) => title)).toEqual(['Gap inbox']);
    expect(onRecord()).toEqual([]);
  });

  test('by a push that mends nothing finds the same commit', async () => {
    const culprit = await searchBegun();
    stage.commit({ 'README.md': 'more\n' });
    const audit = await stage.audit();
    expect(audit.work).toEqual({ judged: 1, reused: 0 });
    expect(brokenBy(audit)).toMatchObject({ kind: 'commit', commit: { sha: culprit } });
    expect((await stage.store.history(REPO, { limit: 9 })).audits).toHaveLength(2);
  });

  test.each([
    ['is damaged', { commits: 'none' }],
    ['was stored by a version that kept none', undefined],
  ])('goes on where what it knows of the history %s', async (_, history) => {
    const culprit = await searchBegun();
    const { history: known, ...search } = rowsOf(stage.ledger()).get('search') ?? {};
    expect(Object.keys(known ?? {})).toHaveLength(2);
    stage.ledger().put('search', { ...search, ...(history && { history: { question: history } }) });
    await stage.drain();
    const audit = await stage.store.latest(REPO);
    expect(audit && brokenBy(audit)).toMatchObject({ kind: 'commit', commit: { sha: culprit } });
    expect(stage.issues().map(({ title }) => title)).toEqual(['Gap inbox', 'a script-a is failing']);
    expect(onRecord()).toEqual([]);
    const isTold = audit?.delivery.errors.some((error) => error.includes("ledger's row `search`")) ?? false;
    expect(isTold).toBe(history !== undefined);
  });

  test('by the end of a life goes on in the next one, wherever that was, and opens one issue', async () => {
    await dayOne();
    breakThenTouch(9);
    const begun = stage.events.length;
    await night();
    const events = stage.events.slice(begun);
    await stage.close();
    const scenes = events.flatMap((event, index) => (event.startsWith('put scene/') ? [index] : []));
    const [first = 0, eighth = 0, last = 0] = [scenes[0], scenes[7], scenes.at(-1)];
    const found = events.findLastIndex((event) => event === 'put culprits');
    expect(scenes.length).toBeGreaterThan(8);
    for (const end of [first, first + 1, eighth, eighth + 2, eighth + 4, last, found, found + 1, found + 2]) {
      await dayOne();
      const culprit = breakThenTouch(9);
      stage.killAfter(end);
      await night();
      expect(stage.wasKilled(), `after event ${end}`).toBe(true);
      stage.revive();
      const audit = await stage.audit();
      expect(brokenBy(audit), `after event ${end}`).toMatchObject({ kind: 'commit', commit: { sha: culprit } });
      const titles = stage.issues().map(({ title }) => title);
      expect(titles, `after event ${end}`).toEqual(['Gap inbox', 'a script-a is failing']);
      expect(onRecord(), `after event ${end}`).toEqual([]);
      if (end < found + 2) await stage.close();
    }
  }, 120_000);
});
