/** What each trigger asks of GitHub, counted by the simulator: the promises of README's "Costs". */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSampleOpsRepo, type SampleOpsRepo } from '../../cli/demo/sample-ops-repo.ts';
import { type Cost, type Stand, setUp } from '../../scripts/bench/stand.ts';
import { keptVerdicts } from '../../src/coordinator/kept-verdicts.ts';

const NOW = new Date('2026-02-18T04:17:00Z');
const PUSHED = 'ops/bindings/vm.lifecycle.yaml';

let scratch: string;
let sample: SampleOpsRepo;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-cost-'));
  sample = await buildSampleOpsRepo(join(scratch, 'sample'), { now: NOW });
}, 120_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const asked = ({ requests }: Cost) => requests.map(({ method, operation }) => `${method} ${operation}`);
const LOOK = 'POST graphql';
const BLOBS = 'POST graphql';
const TRACKER = 'GET issues/list-for-repo';

/** Gates whose kept verdict rests on a path, and those of which no verdict is kept. */
function readersOf(path: string, { rows }: Stand): readonly string[] {
  const kept = keptVerdicts(rows);
  const judged = rows.get('last')?.report.gates.filter(({ verdict }) => verdict !== 'skip') ?? [];
  const unkept = judged.flatMap(({ name, category }) => (kept.has(name) || category === 'ci' ? [] : [name]));
  const readers = [...kept].filter(([, { facts }]) => facts.some(([question]) => question === `target path ${path}`));
  return [...readers.map(([name]) => name), ...unkept];
}

describe.each([
  ['alone', {}],
  ['with a sibling', { isBeside: true }],
  ['with checks of CI', { checks: ['pytest'] }],
  ['with both', { isBeside: true, checks: ['pytest'] }],
])('a target %s', (name, { isBeside = false, checks = [] }: { isBeside?: boolean; checks?: readonly string[] }) => {
  let stand: Stand;
  let first: Cost;
  beforeAll(async () => {
    const gitDir = join(scratch, `${name}.git`);
    await cp(sample.gitDir, gitDir, { recursive: true });
    const siblings = isBeside ? { workbench: join(sample.workbenchDir, '.git') } : {};
    stand = await setUp({ gitDir, siblings, checks, now: NOW.getTime() });
    first = await stand.night();
  }, 120_000);
  afterAll(async () => {
    expect(await stand.github.violations()).toEqual([]);
    await stand.close();
  });

  test('the first audit judges every gate', () => {
    expect(first.audit.report.complete).toBe(true);
    expect(first.audit.work).toMatchObject({ reused: 0 });
    expect(first.audit.work?.judged).toBeGreaterThan(50);
  });

  test('a night without change asks for the head and looks at the tracker once, writes nothing, judges next to nothing', async () => {
    for (let night = 0; night < 2; night++) {
      const cost = await stand.night();
      expect(asked(cost)).toEqual([LOOK, TRACKER]);
      expect(cost.writes).toBe(0);
    }
  });

  test('a push that touches one binding takes at most four requests, and only the gates that read it are judged', async () => {
    const text = await readFile(join(sample.dir, PUSHED), 'utf8');
    const readers = readersOf(PUSHED, stand);
    const cost = await stand.push({ [PUSHED]: `${text}\n# A comment more.\n` });
    expect(asked(cost)).toEqual([LOOK, 'GET git/get-tree', BLOBS, TRACKER]);
    expect(cost.writes).toBe(0);
    expect(readers.length).toBeGreaterThan(3);
    expect(cost.audit.work?.judged).toBe(readers.length);
  });
});
