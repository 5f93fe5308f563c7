/** Measures what an audit costs, as ratios. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSampleOpsRepo } from '../../cli/demo/sample-ops-repo.ts';
import { checkOut } from '../../cli/shared/checkout.ts';
import { readFlags, runAsCommand } from '../../cli/shared/command-line.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { inMemory } from '../compare-engine/cases.ts';
import { findCulprits } from './culprits.ts';
import { fleetNight } from './fleet.ts';
import { costsByGate } from './gate-costs.ts';
import { byFiles, byFindings, byGates } from './growth.ts';
import { compareLanes, runInBash, whyNoScripts } from './lanes.ts';
import { type Memory, memoryOf, memoryOfFiles } from './memory.ts';
import { printResults, type Results } from './results.ts';
import { printSliceResults, type SliceResults } from './slice-results.ts';
import { runSlices, whyNoSlices } from './slices.ts';
import { byTrigger } from './triggers.ts';

const OUTPUT = join(import.meta.dirname, '../../bench');

const USAGE = `npm run bench -- [--reference <clone> [--at <revision>]] [--quick | --slices]

Measures what an audit costs, and prints it as ratios: by trigger, against the repo's own scripts, by files, findings and gates, what it holds in memory, all of the repo's own scripts in workerd, and a fleet there.
The figures go to bench/results.json. It takes up to an hour, and ends with 1 where something does not hold that must hold on any machine.

  --reference <clone>  the clone of an ops repo that is measured; else it is the sample
  --at <revision>      of that clone; HEAD by default
  --quick              without the repo's own scripts, large trees and large fleets
  --slices             only all of the repo's own scripts in workerd; needs --reference; goes to bench/slices.json`;

/** A large tree, the largest that is audited, and one more. */
const TREES = [20_000, 100_000, 100_001];

interface Flags {
  readonly reference: string | undefined;
  readonly at: string;
  readonly quick: boolean;
  readonly slices: boolean;
}

/** A clone of the clone, so that pushes change nothing there. */
function copyOf(clone: string, revision: string, gitDir: string): string {
  execFileSync('git', ['clone', '--quiet', '--bare', '--shared', clone, gitDir]);
  execFileSync('git', [`--git-dir=${gitDir}`, 'update-ref', 'refs/heads/main', `${revision}^{commit}`]);
  return gitDir;
}

/** The repo's gates one by one, and its lanes beside what bash takes for the same scripts. */
async function againstScripts(
  gitDir: string,
  now: number,
  flags: Flags,
): Promise<Pick<Results, 'gates' | 'lanes' | 'noScripts'>> {
  const checkout = await checkOut(gitDir, 'main');
  try {
    const costs = await costsByGate(await inMemory(await directorySnapshot(gitDir, 'main')), checkout, now);
    const noScripts = await reasonAgainstScripts(flags);
    const scripts = new Map(costs.map(({ number, script }) => [number, script]));
    const runs = noScripts === null ? await runInBash(new Set(scripts.values()), checkout) : new Map();
    const gates = costs.map((cost) => ({ ...cost, bashMs: runs.get(cost.script)?.cpuMs ?? null }));
    return { gates, lanes: runs.size > 0 ? await compareLanes(checkout, now, scripts, runs) : [], noScripts };
  } finally {
    await checkout.remove();
  }
}

/** Why the repo's own scripts are not run; null where they are. */
async function reasonAgainstScripts({ quick, reference }: Flags): Promise<string | null> {
  if (quick) return 'they take minutes, and --quick was asked for';
  return reference ? whyNoScripts() : 'those of the sample repo check nothing; --reference names another repo';
}

/** A target's life, with our own gates and with the repo's scripts. */
async function lives(copy: (name: string) => string, now: number): Promise<Results['triggers']> {
  // Cold code is slower, and only once: the first life is not counted.
  await byTrigger(copy('warm'), { now, runsScripts: true });
  return {
    'our gates': await byTrigger(copy('native'), { now, runsScripts: false }),
    'with scripts': await byTrigger(copy('scripts'), { now, runsScripts: true }),
  };
}

async function fleets(counts: readonly number[]): Promise<Results['fleets']> {
  const nights: Results['fleets'][number][] = [];
  for (const count of counts) nights.push(await fleetNight(count));
  return nights;
}

async function memories(repo: string, gitDir: string, counts: readonly number[]): Promise<readonly Memory[]> {
  const measured = [await memoryOf(repo, gitDir)];
  for (const count of counts) measured.push(await memoryOfFiles(count));
  return measured;
}

async function slicesOf(copy: (name: string) => string, now: number, flags: Flags): Promise<SliceResults> {
  const noSlices = whyNoSlices(flags);
  return { noSlices, slices: noSlices === null ? await runSlices(copy('slices'), now) : null };
}

/** Says what is measured next, since some of it takes minutes. */
async function telling<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  process.stderr.write(`${what} … `);
  const result = await work();
  process.stderr.write(`${Math.round((Date.now() - began) / 1000)} s\n`);
  return result;
}

async function keep(name: string, results: object): Promise<void> {
  await mkdir(OUTPUT, { recursive: true });
  await writeFile(join(OUTPUT, name), `${JSON.stringify(results, null, 2)}\n`);
}

async function bench(flags: Flags): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-bench-'));
  try {
    const date = new Date();
    const now = date.getTime();
    const { reference, at, quick, slices } = flags;
    const source = reference ?? (await buildSampleOpsRepo(scratch, { now: date })).gitDir;
    const copy = (name: string) => copyOf(source, reference === undefined ? 'HEAD' : at, join(scratch, `${name}.git`));
    const gitDir = copy('target');
    const repo = reference === undefined ? 'the sample ops repo' : `${reference} at ${at}`;
    const sliced = () => telling("all of the repo's own scripts in workerd", () => slicesOf(copy, now, flags));
    if (slices) {
      const results = await sliced();
      await keep('slices.json', results);
      return printSliceResults(repo, results) ? 0 : 1;
    }
    const results: Results = {
      at: date.toISOString(),
      node: process.version,
      processors: availableParallelism(),
      repo,
      triggers: await telling('triggers', () => lives(copy, now)),
      ...(await telling("gates, and the repo's own scripts", () => againstScripts(gitDir, now, flags))),
      files: await telling('files', () => byFiles(quick ? [1_000, 5_000, 20_000] : [1_000, 5_000, 20_000, 100_000])),
      findings: await telling('findings', () => byFindings([10, 1_000, 10_000])),
      gateCounts: await telling('numbers of gates', () => byGates([10, 100, 1_000])),
      culprits: await telling('culprits', findCulprits),
      memory: await telling('memory in workerd', () => memories(repo, gitDir, quick ? [20_000] : TREES)),
      ...(await sliced()),
      fleets: await telling('fleets in workerd', () => fleets(quick ? [10] : [10, 100, 1_000])),
    };
    await keep('results.json', results);
    return printResults(results) ? 0 : 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

await runAsCommand(USAGE, async (argv) => {
  const { reference, ...flags } = readFlags(argv, {
    reference: { type: 'string' },
    at: { type: 'string', default: 'HEAD' },
    quick: { type: 'boolean', default: false },
    slices: { type: 'boolean', default: false },
  });
  return bench({ reference, ...flags });
});
