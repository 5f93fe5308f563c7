/** An audit whose scripts take several runs. Each run takes a hundred scripts at most. */
import { afterEach, expect, test } from 'vitest';
import { keptVerdicts } from '../../src/coordinator/kept-verdicts.ts';
import { rowsOf } from '../../src/coordinator/rows.ts';
import { DAY, isLook, MINUTE, REPO, type Stage, type StageOptions } from '../faults/stage.ts';
import { certify, commitScript, setScriptedStage } from './scripted-stage.ts';

const SCRIPTS = Array.from({ length: 230 }, (_, index) => `s${String(index).padStart(3, '0')}`);

let stage: Stage;
afterEach(async () => {
  await stage.close();
  expect(stage.simulator.violations).toEqual([]);
});

async function scripted(names: readonly string[], options: StageOptions = {}) {
  stage = await setScriptedStage(names, options);
}

const slicesSoFar = () => stage.logs.filter((line) => line.includes('"scripts left"')).length;

async function audits() {
  return (await stage.store.history(REPO, { limit: 20 })).audits;
}

test('all of it is published once, when it is whole, and the next night runs none of them again', async () => {
  await scripted(SCRIPTS);
  const { report, work } = await stage.audit();
  expect(slicesSoFar()).toBe(2);
  expect(work).toEqual({ judged: 230, reused: 0 });
  expect(await audits()).toHaveLength(1);
  expect(report.lanes[0]).toMatchObject({ id: 'docs', total: 230, pass: 0, fail: 0, provisional: 230 });
  expect(stage.issues().map(({ title }) => title)).toEqual(['Gap inbox']);
  const kept = keptVerdicts(rowsOf(stage.ledger()));
  expect(kept.size).toBe(230);
  stage.advance(DAY);
  stage.commit({ 'notes.md': 'unrelated\n' });
  expect((await stage.audit()).work).toEqual({ judged: 0, reused: 230 });
  expect(slicesSoFar()).toBe(2);
  expect(keptVerdicts(rowsOf(stage.ledger()))).toEqual(kept);
});

test('a push in the middle starts with what still holds', async () => {
  await scripted(SCRIPTS, { trustScripts: true });
  stage.request({ trigger: 'cron', at: stage.now() });
  await stage.drain(1);
  expect(slicesSoFar()).toBeGreaterThanOrEqual(1);
  expect(await audits()).toHaveLength(0);
  commitScript(stage, 's005', 'test -f lists/all; echo "FAIL: changed"; exit 1\n');
  const { report, work } = await stage.audit();
  expect(work).toEqual({ judged: 230, reused: 0 });
  const failing = report.gates.filter(({ verdict }) => verdict === 'fail');
  expect(failing.map(({ number, findings }) => [number, findings[0]?.message])).toEqual([['s005', 'changed']]);
  expect(await audits()).toHaveLength(1);
});

test('a forced audit runs all of them again, and comes to an end', async () => {
  await scripted(SCRIPTS);
  await stage.audit();
  stage.advance(MINUTE);
  const { report, work } = await stage.audit({ force: true });
  expect(slicesSoFar()).toBe(4);
  expect(work).toEqual({ judged: 230, reused: 0 });
  expect(report.lanes[0]).toMatchObject({ provisional: 230 });
});

test.each([
  ['at the very instant of the one before', 0],
  ['with an earlier clock than the one before, as a cron after a push', -1000],
])('an audit %s counts what all of its alarms judged', async (_, later) => {
  await scripted(SCRIPTS);
  const { report: before } = await stage.audit();
  stage.request({ trigger: 'api', at: Date.parse(before.now) + later, force: true });
  await stage.drain();
  expect(slicesSoFar()).toBe(4);
  const audit = await stage.store.latest(REPO);
  expect(Date.parse(audit?.report.now ?? '')).toBe(Date.parse(before.now) + later);
  expect(audit?.work).toEqual({ judged: 230, reused: 0 });
});

test('what was judged before an audit could not go on is the work of the next one that is whole', async () => {
  await scripted(SCRIPTS);
  stage.request({ trigger: 'cron', at: stage.now() });
  await stage.drain(0);
  expect(slicesSoFar()).toBe(1);
  stage.simulator.faults.add({ kind: 'error-404', match: isLook, times: 1 });
  await stage.drain(0);
  expect((await audits()).map(({ outcome }) => outcome)).toEqual(['error']);
  expect((await stage.audit()).work).toEqual({ judged: 230, reused: 0 });
  stage.advance(DAY);
  stage.commit({ 'notes.md': 'unrelated\n' });
  expect((await stage.audit()).work).toEqual({ judged: 0, reused: 230 });
});

test('a life that ends in the middle loses nothing that was found out', async () => {
  await scripted(SCRIPTS.slice(0, 30));
  stage.killAfter(25);
  await stage.audit().catch(() => undefined);
  expect(stage.wasKilled()).toBe(true);
  stage.killAfter(undefined);
  stage.revive();
  const before = keptVerdicts(rowsOf(stage.ledger())).size;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(30);
  const { report, work } = await stage.audit();
  expect(report.lanes[0]).toMatchObject({ provisional: 30 });
  expect(work).toEqual({ judged: 30, reused: 0 });
});

test('what newly fails is told once the script counts: what it found before is baseline', async () => {
  await scripted(['a', 'b'], { trustScripts: false });
  stage.commit({ 'lists/all': 'a\n' });
  await stage.audit();
  expect(stage.state().gates['script-a']?.baseline).toBeNull();
  stage.advance(DAY);
  certify(stage, ['a', 'b']);
  const certified = await stage.audit();
  expect(certified.report.gates.map(({ verdict }) => verdict)).toEqual(['fail', 'pass']);
  expect(certified.newlyFailing).toEqual([]);
  expect(stage.issues().map(({ title }) => title)).toEqual(['Gap inbox']);

  stage.advance(DAY);
  stage.commit({ 'lists/all': 'a\nb\n' });
  expect((await stage.audit()).newlyFailing).toEqual(['b']);
  expect(stage.issue('script-b')).toMatchObject({ state: 'open' });

  // A change of the script: nobody knows whether the engine runs it as bash does, so the issue stays as it is.
  stage.advance(DAY);
  commitScript(stage, 'b', 'test -f lists/all\n');
  const changed = await stage.audit();
  expect(changed.report.gates[1]).toMatchObject({ verdict: 'provisional', script: { verdict: 'pass' } });
  expect(stage.issue('script-b')).toMatchObject({ state: 'open' });
  // After a day without a verdict that counts, the issue says so once.
  stage.advance(DAY);
  await stage.audit();
  expect(stage.issue('script-b')?.body).toContain('Not verified since');
  const writes = stage.writes();
  stage.advance(DAY);
  await stage.audit();
  expect(stage.writes()).toBe(writes);
});
