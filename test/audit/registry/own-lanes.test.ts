import { describe, expect, test } from 'vitest';
import { runAudit } from '../../../src/audit/run.ts';
import { parseTargets } from '../../../src/config/targets.ts';
import { gates } from '../../../src/gates/index.ts';
import { SOUND } from '../../../src/gates/lib/resilience/examples.ts';
import { withLayout } from '../../../src/gates/lib/resilience/gate.ts';
import { addNewGates } from '../../../src/inbox/plan/record.ts';
import { situationOf } from '../../../src/inbox/plan/situation.ts';
import { EMPTY_TRACKER } from '../../../src/inbox/port.ts';
import { EMPTY_INBOX } from '../../../src/inbox/state.ts';
import { memorySnapshot } from '../../../src/snapshot/memory.ts';
import { governanceFiles, NOW } from '../governed-repo.ts';

const TEN = ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10'];
/** Those that ask what machines reported, and do not apply where nothing was. */
const ALL = [...TEN, 'R11', 'R12', 'R13', 'R14'];
const TOPOLOGY = 'gate_assignments: [{ gate_id: D1, primary_domain: infra }]\n';

function requestOn(files: Readonly<Record<string, string>>, topology = TOPOLOGY) {
  const target = memorySnapshot({ files: { ...governanceFiles({ topology }), ...files } });
  return { target, siblings: {}, now: NOW, gates, defaultRegistry: { gates: [], lanes: [] } };
}

describe('a lane of ours', () => {
  test('stands behind the lanes of the repo, marked, without a registry that knows its gates', async () => {
    const { report, registered } = await runAudit(requestOn(SOUND));
    expect(report.lanes.map(({ id }) => id)).toEqual(['infra', 'resilience']);
    expect(report.lanes[1]).toMatchObject({ ours: true, total: 10, pass: 10, skip: 4, gates: ALL });
    expect(report.lanes[0]).not.toHaveProperty('ours');
    const [ours, theirs] = [report.gates.filter((gate) => gate.ours), report.gates.filter((gate) => !gate.ours)];
    expect(ours.map(({ number }) => number)).toEqual(ALL);
    expect(ours[0]).toMatchObject({ category: 'resilience', severity: 'critical', lanes: ['resilience'] });
    expect(theirs.map(({ number }) => number)).toEqual(['D1']);
    expect(registered).toEqual(ours.map(({ name }) => name));
  });

  test('can be asked for by its id, its gates by number or name', async () => {
    const byLane = await runAudit({ ...requestOn(SOUND), lanes: ['resilience'] });
    expect(byLane.report.gates.map(({ number }) => number)).toEqual(ALL);
    const byGate = await runAudit({ ...requestOn(SOUND), only: ['R10', 'backup-references-resolve'] });
    expect(byGate.report.gates.map(({ number, verdict, ours }) => [number, verdict, ours])).toEqual([
      ['R10', 'pass', true],
      ['R2', 'pass', true],
    ]);
  });

  test('keeps apart from what the repo calls alike', async () => {
    const topology = 'gate_assignments: [{ gate_id: R1, primary_domain: resilience }]\n';
    const { report } = await runAudit(requestOn(SOUND, topology));
    expect(report.lanes.map(({ id, pass, total }) => `${id} ${pass}/${total}`)).toEqual([
      'resilience 0/1',
      'our-resilience 10/10',
    ]);
    expect(report.gates.filter(({ number }) => number === 'R1').map(({ lanes }) => lanes.join())).toEqual([
      'resilience',
      'our-resilience',
    ]);
  });

  test('is touched by a push to a binding that it reads', async () => {
    const request = requestOn(SOUND);
    const touchedBy = async (path: string) => (await runAudit({ ...request, changedPaths: [path] })).touched;
    expect(await touchedBy('ops/bindings/backup.inventory.yaml')).toEqual(['core', 'resilience']);
    expect(await touchedBy('README.md')).toEqual(['core']);
  });

  test('skips with the reason where the repo has none of its bindings', async () => {
    const { report } = await runAudit({ ...requestOn({}), lanes: ['resilience'] });
    expect(report.lanes[0]).toMatchObject({ total: 0, skip: 14 });
    expect(report.gates[8]?.reason).toBe('there is no ops/bindings/backup.inventory.yaml');
  });
});

test('another layout: paths, fields and words can be said differently, the rest stays', async () => {
  const vms = 'ops/bindings/vm.lifecycle.yaml';
  const { [vms]: text = '', ...rest } = SOUND;
  const moved = text.replace('vms:', 'estate:\n machines:').replaceAll('proxmox_host: h', 'node: h');
  const files = { ...rest, 'inventory/machines.yaml': moved.replaceAll('status: active', 'status: running') };
  const layout = {
    paths: { vms: 'inventory/machines.yaml' },
    fields: { vms: 'estate.machines', 'vm.hypervisor': 'node' },
    words: { active: 'running' },
  };
  const request = { ...requestOn(files), lanes: ['resilience'] };
  const { report } = await runAudit({ ...request, gates: withLayout(gates, layout) });
  expect(report.lanes[0]).toMatchObject({ pass: 10 });
  expect(withLayout(gates, undefined)).toBe(gates);
});

test('another layout: machines in maps, one file each, and a layout that leads nowhere', async () => {
  const vms = 'ops/bindings/vm.lifecycle.yaml';
  const { [vms]: text = '', ...rest } = SOUND;
  const found = text.split('\n').flatMap((line) => /^ {2}- (\{.*\})$/.exec(line)?.[1] ?? []);
  const machines = found.map((machine, index) => [`machines/m${index}.yaml`, `vm:\n  it: ${machine}\n`]);
  const request = { ...requestOn({ ...rest, ...Object.fromEntries(machines) }), lanes: ['resilience'] };
  const judged = async (layout: Parameters<typeof withLayout>[1]) =>
    (await runAudit({ ...request, gates: withLayout(gates, layout) })).report.gates.find(
      ({ number }) => number === 'R2',
    );
  const right = await judged({ paths: { vms: 'machines/*.yaml' }, fields: { vms: 'vm' } });
  expect(right?.verdict, right?.reason).toBe('pass');
  const wrong = await judged({ paths: { vms: 'machines/*.yaml' }, fields: { vms: 'vm.it.hostname' } });
  expect([wrong?.verdict, wrong?.findings]).toEqual(['blind', []]);
  expect(wrong?.reason).toContain('correct `paths.vms` or `fields.vms` under `resilience`');
});

test('a layout is checked against the names there are', () => {
  const parse = (resilience: string) => parseTargets(`targets: [{ repo: a/b, resilience: ${resilience} }]`)[0];
  const layout = { paths: { vms: 'inventory/machines.yaml' }, fields: { 'vm.hypervisor': 'node' } };
  expect(parse(JSON.stringify(layout))?.resilience).toEqual(layout);
  expect(() => parse('{ paths: { machines: x } }')).toThrow('"machines"');
  expect(() => parse('{ field: {} }')).toThrow('"field"');
  expect(() => parse('{ words: { active: 1 } }')).toThrow('resilience.words.active');
});

test('what a new version of ours brings along is not news for a repo that was audited before', async () => {
  const { report, registered, waivers } = await runAudit({ ...requestOn(SOUND), lanes: ['resilience'] });
  const state = { ...EMPTY_INBOX, startedAt: NOW };
  const input = { report, registered: new Set(registered), waivers, state, tracker: EMPTY_TRACKER, now: NOW };
  const { gates: added } = addNewGates(state, situationOf(input));
  expect(Object.values(added).map(({ baseline }) => baseline)).toEqual(ALL.map(() => null));
});
