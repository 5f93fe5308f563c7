/** Governance files that vanish or are emptied, with the real coordinator and adapter: an accident closes nothing. */
import { afterEach, describe, expect, test } from 'vitest';
import { GOVERNANCE_FILES } from '../../src/audit/registry/governance.ts';
import { DAY, registry, type Stage, setStage, TOY_GATES } from './stage.ts';
import { tally } from './totals.ts';

let stage: Stage;
afterEach(async () => {
  await stage.close();
  expect(stage.simulator.violations).toEqual([]);
  tally('faults tried', 1);
});

/** alpha fails and has an issue; bravo fails since day one. */
async function opened(): Promise<void> {
  stage = await setStage({ lists: { bravo: 'known\n' } });
  await stage.audit();
  stage.lists({ alpha: 'one\n' });
  await nextNight();
  expect(stage.issue('alpha')).toMatchObject({ state: 'open' });
}

function nextNight() {
  stage.advance(DAY);
  return stage.audit();
}

const { topology, registry: gates, domains, stabilization } = GOVERNANCE_FILES;
const NOTHING = registry([]);
const ALL_GONE = { [topology]: null, [gates]: null, [domains]: null, [stabilization]: null };

describe.each([
  ['every governance file is deleted', ALL_GONE],
  ['the registry is emptied, its lanes stay', { [gates]: 'gates: []\n' }],
  ['the registry is cut off above its gates', { [gates]: 'version: 1\n' }],
  ['a governance file is an empty file', { [topology]: '' }],
  ['no gate is in any lane', { [topology]: 'gate_assignments: []\n' }],
  ['registry and lanes are emptied', NOTHING],
])('%s', (_, files) => {
  test('nothing closes, the second night has an issue that says so, and restoring mends everything', async () => {
    await opened();
    const before = JSON.stringify(stage.state().gates);
    stage.commit(files);
    const first = await nextNight();
    expect(first.report).toMatchObject({ complete: false, error: expect.stringMatching(/\. .*(?:estore|ssign)/) });
    await nextNight();
    expect(stage.issue('alpha')).toMatchObject({ state: 'open', comments: [] });
    const broken = stage.issues().find(({ labels }) => labels.includes('audit/broken'));
    expect(broken?.state).toBe('open');
    expect(JSON.stringify(stage.state().gates)).toBe(before);
    stage.commit({ ...registry(TOY_GATES), 'lists/alpha': null });
    const { report, delivery } = await nextNight();
    expect([report.complete, delivery.errors]).toEqual([true, []]);
    expect(stage.issues().map(({ title, state }) => `${state} ${title.split(':')[0]}`)).toEqual([
      'open Gap inbox',
      expect.stringMatching(/^closed .*alpha/),
      expect.stringMatching(/^closed /),
    ]);
  });
});

test('half a registry: issues stay open, the Gap inbox says how many are missing, and all goes on when they are back', async () => {
  await opened();
  stage.commit(registry(TOY_GATES.slice(6)));
  const { report, delivery } = await nextNight();
  expect(report.complete).toBe(true);
  expect(delivery.errors).toEqual([expect.stringMatching(/^6 gates are no longer registered/)]);
  const gapInbox = () => stage.issues().find(({ title }) => title === 'Gap inbox')?.body ?? '';
  expect(gapInbox()).toContain('6 gates are no longer registered');
  expect(stage.issue('alpha')).toMatchObject({ state: 'open', comments: [] });
  stage.commit(registry(TOY_GATES));
  expect((await nextNight()).delivery.errors).toEqual([]);
  expect(gapInbox()).not.toContain('no longer registered');
  expect(stage.issues()).toHaveLength(2);
});

test('half a registry for a week was meant', async () => {
  await opened();
  stage.commit(registry(TOY_GATES.slice(6)));
  for (let night = 0; night < 8; night++) await nextNight();
  expect(stage.issue('alpha')).toMatchObject({ state: 'closed', stateReason: 'not_planned' });
  expect((await nextNight()).delivery.errors).toEqual([]);
});
