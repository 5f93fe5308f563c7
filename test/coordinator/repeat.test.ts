import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { rowsOf } from '../../src/coordinator/rows.ts';
import { DAY, HOUR } from '../../src/core/durations.ts';
import { type Stage, setStage } from '../faults/stage.ts';

const LISTS = { alpha: 'a\n', bravo: '', charlie: '' };
const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

async function begin(inbox: 'on' | 'dry-run' = 'on'): Promise<Stage> {
  const stage = await setStage({ lists: LISTS, inbox });
  stages.push(stage);
  return stage;
}

/** How often the last audit was repeated; undefined where it may not be. */
const timesOf = (stage: Stage) => rowsOf(stage.ledger()).get('repeatable')?.times;

async function night(stage: Stage) {
  stage.advance(DAY);
  return stage.audit();
}

/** Nights until the next one may be repeated. */
async function settle(stage: Stage): Promise<void> {
  for (let count = 0; count < 6 && timesOf(stage) === undefined; count++) await night(stage);
  expect(timesOf(stage)).toBe(0);
}

test.each(['on', 'dry-run'] as const)(
  'with inbox: %s, a night without change says the last audit again',
  async (inbox) => {
    const stage = await begin(inbox);
    await settle(stage);
    const before = await stage.store.latest('you/homelab');
    for (const times of [1, 2]) {
      const asked = stage.simulator.requests.length;
      const { report, histories, work } = await night(stage);
      expect(timesOf(stage)).toBe(times);
      expect(stage.simulator.requests.length - asked).toBe(2);
      expect(report).toEqual({ ...before?.report, now: new Date(stage.now()).toISOString() });
      expect(histories.D901?.strip).toBe(`${before?.histories.D901?.strip}${'p'.repeat(times)}`);
      expect(work?.judged).toBe(0);
    }
  },
);

test('what a person does, accepts or asks for ends the repetition', async () => {
  const stage = await begin();
  await night(stage);
  stage.lists({ bravo: 'b\n' });
  await settle(stage);
  await night(stage);
  expect(timesOf(stage)).toBe(1);
  stage.human.label(stage.issue('bravo')?.number ?? 0, 'mine');
  await night(stage);
  expect(timesOf(stage)).not.toBe(2);
  await settle(stage);
  await stage.audit({ force: true });
  expect(timesOf(stage) ?? 0).toBe(0);
  await settle(stage);
  stage.accept({ gate: 'bravo', by: 'tove', reason: 'as planned' });
  expect(timesOf(stage)).toBeUndefined();
});

test('an audit at the very instant of the last one is made anew', async () => {
  const stage = await begin();
  await settle(stage);
  const { id, report } = await stage.audit();
  expect(await stage.store.get('you/homelab', id)).toMatchObject({ id, report: { complete: report.complete } });
  expect(timesOf(stage) ?? 0).toBe(0);
});

test('no audit is repeated for longer than stores keep it', async () => {
  const stage = await begin();
  await settle(stage);
  stage.advance(8 * DAY);
  await stage.audit();
  expect(timesOf(stage) ?? 0).toBe(0);
});

/** What may happen between two nights. */
const event = fc.constantFrom<(stage: Stage) => unknown>(
  (stage) => stage.lists({ bravo: 'b\n' }),
  (stage) => stage.lists({ bravo: '' }),
  (stage) => stage.lists({ bravo: null }),
  (stage) => stage.advance(8 * DAY),
  (stage) => stage.advance(HOUR),
  (stage) => ofBravo(stage, (issue) => stage.human.close(issue, 'completed')),
  (stage) => ofBravo(stage, (issue) => stage.human.close(issue, 'not_planned')),
  (stage) => ofBravo(stage, (issue) => stage.human.reopen(issue)),
  (stage) => ofBravo(stage, (issue) => stage.human.deleteIssue(issue)),
  (stage) => stage.accept({ gate: 'bravo', by: 'tove', reason: 'as planned' }),
  ...Array.from({ length: 10 }, () => () => {}),
);

/** Nights in which nothing happens. */
const QUIET = Array.from({ length: 4 }, () => () => {});

function ofBravo(stage: Stage, act: (issue: number) => void): void {
  const number = stage.issue('bravo')?.number;
  if (number !== undefined) act(number);
}

test('nights that are repeated and nights that are not leave the same issues, audits and memory', {
  timeout: 240_000,
}, async () => {
  let repeated = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 7 }), async (events) => {
      const [one, other] = [await begin(), await begin()];
      for (const happen of [...events, ...QUIET]) {
        for (const stage of [one, other]) happen(stage);
        const [quick, whole] = [await night(one), await night(other)];
        rowsOf(other.ledger()).delete('repeatable');
        repeated += timesOf(one) ? 1 : 0;
        const { requests: _, work: __, ...said } = quick;
        expect(whole).toMatchObject(said);
        expect(one.issues()).toEqual(other.issues());
        expect(await one.store.targets()).toEqual(await other.store.targets());
      }
      for (const stage of [one, other]) {
        stage.lists({ charlie: 'c\n' });
        await night(stage);
      }
      for (const key of ['inbox', 'histories', 'summary'] as const)
        expect(rowsOf(one.ledger()).get(key)).toEqual(rowsOf(other.ledger()).get(key));
      for (const stage of stages.splice(0)) await stage.close();
    }),
    { numRuns: 5 },
  );
  expect(repeated).toBeGreaterThan(0);
});
