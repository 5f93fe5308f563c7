/** Repositories that are renamed, and others that take their names. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY, REPO, type Stage, setStage } from './stage.ts';
import { tally } from './totals.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage({ lists: { alpha: 'known\n' }, others: ['fresh-start', 'new-bench'] });
  await stage.audit();
  stage.lists({ bravo: 'one\n' });
  stage.advance(DAY);
  await stage.audit();
  stage.advance(DAY);
});
afterEach(async () => {
  await stage.close();
  expect(stage.simulator.violations).toEqual([]);
  tally('faults tried', 1);
});

const summary = async () => (await stage.store.targets())[0];

test('a renamed target goes on as it was, and its new name is told', async () => {
  stage.simulator.renameRepository('casa', 'you/homelab');
  stage.lists({ bravo: null });
  const { delivery } = await stage.audit();
  expect(stage.simulator.issues('you/casa').find(({ title }) => title.includes('bravo'))).toMatchObject({
    state: 'closed',
    stateReason: 'completed',
  });
  expect(delivery.errors).toEqual([]);
  expect(delivery.notes).toContain(
    'you/homelab is called you/casa at GitHub now; put that name into bindings/targets.yaml.',
  );
});

test('another repository under the old name is a new day one, with a notice that nobody misses, and nothing is written to the former', async () => {
  const before = await summary();
  stage.simulator.renameRepository('casa', 'you/homelab');
  stage.simulator.renameRepository('homelab', 'you/fresh-start');
  const former = stage.simulator.issues('you/casa');
  const { delivery, report } = await stage.audit();
  expect(delivery.errors).toEqual([expect.stringMatching(/^you\/homelab is another repository than before/)]);
  expect(stage.simulator.issues('you/casa')).toEqual(former);
  expect(stage.simulator.issues('you/homelab').map(({ title }) => title)).toEqual(['Gap inbox']);
  expect(report.gates.find(({ name }) => name === 'charlie')).toMatchObject({ verdict: 'fail' });
  const after = await summary();
  expect(after?.repositoryId).not.toBe(before?.repositoryId);
  expect(after?.strip).toHaveLength(1);
  stage.advance(DAY);
  expect((await stage.audit()).delivery.errors).toEqual([]);
});

test('who may read a sibling has changed: its verdicts are not said again', async () => {
  const known = () => (stage.ledger().get('last') as { outside: string }).outside;
  await stage.audit();
  const before = known();
  stage.advance(DAY);
  await stage.audit();
  expect(known()).toBe(before);
  const workbench = stage.simulator.repository('you/workbench');
  workbench.private = true;
  workbench.roles.set(String(stage.ledger().get('login')), 'write');
  stage.advance(DAY);
  expect((await stage.audit()).report.siblings.workbench).not.toBeNull();
  expect(known()).not.toBe(before);
});

test('a renamed sibling is read under its new name, and told; another one under its name is told too', async () => {
  const ids = (await summary())?.siblingIds;
  expect(Object.keys(ids ?? {})).toEqual(['workbench']);
  stage.simulator.renameRepository('bench', 'you/workbench');
  const renamed = await stage.audit();
  expect(renamed.report.siblings).toEqual({ workbench: stage.workbench.git('rev-parse', 'main') });
  expect(renamed.delivery.notes.join()).toContain('The sibling workbench (you/workbench) is called you/bench');
  expect((await summary())?.siblingIds).toEqual(ids);
  stage.simulator.renameRepository('workbench', 'you/new-bench');
  stage.advance(DAY);
  const replaced = await stage.audit();
  expect(replaced.delivery.notes.join()).toContain('The sibling workbench (you/workbench) is another repository');
  expect((await summary())?.siblingIds).not.toEqual(ids);
  expect(stage.issue('bravo')).toMatchObject({ state: 'open' });
  expect((await stage.store.latest(REPO))?.report.complete).toBe(true);
});
