import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  buildSampleOpsRepo,
  commitBreakage,
  commitRepair,
  type SampleOpsRepo,
} from '../../../cli/demo/sample-ops-repo.ts';
import { runAudit } from '../../../src/audit/run.ts';
import type { GateReport, Report } from '../../../src/core/report.ts';
import { gates } from '../../../src/gates/index.ts';
import { directorySnapshot } from '../../../src/snapshot/clone/directory.ts';

const DAY = 86_400_000;
const TODAY = new Date();
const IN_A_YEAR = new Date(TODAY.getTime() + 365 * DAY);
const CERTIFIED = ['core', 'aof', 'infra', 'proxmox-network'];
/** What the sample plants for our own lane, as its gaps say: a copy at one site only, a backup of a machine at rest, a machine that no job lists. */
const PLANTED = { R3: 1, R8: 1, R10: 1 };
/** Judges the working machine only, so no tree can make it fail. */
const CANNOT_FAIL = 'D48';

const built: string[] = [];

afterAll(() => Promise.all(built.map((dir) => rm(dir, { recursive: true }))));

async function build(now: Date, state: 'healthy' | 'messy' = 'healthy'): Promise<SampleOpsRepo> {
  const dir = await mkdtemp(join(tmpdir(), 'sample-ops-repo-'));
  built.push(dir);
  return buildSampleOpsRepo(dir, { now, state });
}

async function audit(repo: SampleOpsRepo, now: Date, at?: string): Promise<Report> {
  const { report } = await runAudit({
    target: await directorySnapshot(repo.dir, at),
    siblings: { workbench: await directorySnapshot(repo.workbenchDir) },
    now: now.getTime(),
    gates,
    defaultRegistry: { gates: [], lanes: [] },
  });
  return report;
}

function totals(report: Report): Record<string, string> {
  return Object.fromEntries(report.lanes.map((lane) => [lane.id, `${lane.pass}/${lane.total}`]));
}

function failing(report: Report): GateReport[] {
  return report.gates.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip');
}

/** Findings of failing gates, by number. */
function findingCounts(report: Report): Record<string, number> {
  return Object.fromEntries(failing(report).map((gate) => [gate.number, gate.findings.length]));
}

describe('the healthy sample', () => {
  test.each([
    ['today', TODAY],
    ['in a year', IN_A_YEAR],
  ])('shows the certification %s', async (_, now) => {
    const report = await audit(await build(now), now);
    expect(totals(report)).toEqual({
      core: '8/8',
      'core-domain': '5/7',
      aof: '19/19',
      infra: '24/25',
      'proxmox-network': '24/25',
      workbench: '2/2',
      home: '3/3',
      n8n: '3/3',
      resilience: '7/10',
    });
    expect(findingCounts(report)).toEqual({ D86: 13, ...PLANTED });
    expect(report.gates.filter(({ verdict }) => verdict === 'skip').map((gate) => gate.number)).toEqual([
      'D1',
      'D21',
      'R11',
      'R12',
      'R13',
      'R14',
    ]);
  });

  test('reads the same from the commit as from the work tree', async () => {
    const repo = await build(TODAY);
    const atHead = await audit(repo, TODAY, repo.head);
    const onDisk = await audit(repo, TODAY);
    const outcomes = (report: Report) =>
      report.gates.map(({ number, verdict, findings }) => ({ number, verdict, findings }));
    expect(outcomes(onDisk)).toEqual(outcomes(atHead));
    expect(onDisk.sha).toBe(repo.head);
  });

  test('has the same commits whenever it is built for the same moment', async () => {
    const [one, other] = await Promise.all([build(TODAY), build(TODAY)]);
    expect(one.head).toBe(other.head);
  });
});

test('every gate that a tree can break fails in the messy sample', async () => {
  const report = await audit(await build(TODAY, 'messy'), TODAY);
  const certified = new Set(report.lanes.filter(({ id }) => CERTIFIED.includes(id)).flatMap((lane) => lane.gates));
  expect(certified.size).toBe(50);
  const passing = [...certified].filter((number) => !failing(report).some((gate) => gate.number === number));
  expect(passing).toEqual([CANNOT_FAIL]);
  expect(failing(report).map(({ verdict }) => verdict)).not.toContain('crashed');
  expect(report.lanes.at(-1)).toMatchObject({ id: 'resilience', ours: true, total: 10, fail: 10 });
});

test('the demo breaks D138 and D139 in the second night and fixes D138 in the third', async () => {
  const repo = await build(TODAY);
  const nightTwo = new Date(TODAY.getTime() + DAY);
  const nightThree = new Date(TODAY.getTime() + 2 * DAY);

  const broken = await commitBreakage(repo, nightTwo);
  expect(findingCounts(await audit(repo, nightTwo, broken))).toEqual({
    D86: 13,
    D138: 1,
    D139: 1,
    ...PLANTED,
  });

  const repaired = await commitRepair(repo, nightThree);
  expect(findingCounts(await audit(repo, nightThree, repaired))).toEqual({ D86: 13, D139: 1, ...PLANTED });
});
