/**
 * Runs the fault suites in full and adds up what they tried: every row of the lifecycle table, random sequences, a kill after every event,
 * every fault at every call, hostile text, a flood.
 *
 *   npm run test:faults
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const PROJECT = join(import.meta.dirname, '..');
const SUITES = ['test/inbox/plan/lifecycle.test.ts', 'test/faults'];
const TOTALS = ['rows', 'sequences', 'crash points', 'faults tried', 'invariants broken'] as const;
const Line = z.object({ what: z.enum(TOTALS), count: z.number() });
const Report = z.object({ numFailedTests: z.number(), numTotalTests: z.number() });

async function run(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'lanekeeper-faults-'));
  const counts = join(folder, 'counts.jsonl');
  const results = join(folder, 'results.json');
  try {
    const status = await runVitest(counts, results);
    await printTotals(counts, results);
    return status;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runVitest(counts: string, results: string): Promise<number> {
  const vitest = join(PROJECT, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--project', 'node', '--maxWorkers=2', ...reporters, ...SUITES],
    {
      cwd: PROJECT,
      env: { ...process.env, LANEKEEPER_FAULTS: 'full', LANEKEEPER_FAULTS_REPORT: counts },
      stdio: 'inherit',
    },
  );
  return new Promise((done) => child.once('close', (code) => done(code ?? 1)));
}

/** A test that failed is an invariant that was broken; so is a suite that never got as far as counting. */
async function printTotals(counts: string, results: string): Promise<void> {
  const lines = (await readFile(counts, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  const totals = new Map<string, number>(TOTALS.map((total) => [total, 0]));
  for (const line of lines) {
    const { what, count } = Line.parse(JSON.parse(line));
    totals.set(what, (totals.get(what) ?? 0) + count);
  }
  const report = await readFile(results, 'utf8').catch(() => undefined);
  const failed = report === undefined ? 1 : Report.parse(JSON.parse(report)).numFailedTests;
  const missing = TOTALS.slice(0, 4).filter((total) => totals.get(total) === 0).length;
  totals.set('invariants broken', failed + missing);
  for (const [total, count] of totals) console.log(`${total}: ${count}`);
}

process.exitCode = await run();
