/** Our lanes against the repo's own scripts, on the same checkout in the same run. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkout } from '../../cli/shared/checkout.ts';
import { runCommand } from '../../cli/shared/run-script.ts';
import { versionOf } from '../../cli/shared/tools.ts';
import { parseDefaultRegistry } from '../../src/audit/registry/defaults.ts';
import { type Audit, runAudit } from '../../src/audit/run.ts';
import { gates } from '../../src/gates/index.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { cpuOf } from './cpu.ts';
import { rounded } from './numbers.ts';

/** Those that the reference certifies. */
const LANES = ['core', 'aof', 'infra', 'proxmox-network'];
const REGISTRY = join(import.meta.dirname, '../../bindings/default-registry.yaml');
/** One script of the reference calls its query tool some two thousand times. */
const TIMEOUT = 300_000;
/** `times` ends with what the shell took, and what its children took. */
const TIMED = 'bash "$1" >/dev/null 2>&1; status=$?; times; exit $status';

/** What bash made of one script. */
export interface BashRun {
  readonly said: 'pass' | 'fail';
  /** CPU of bash and of all that it started. */
  readonly cpuMs: number;
}

export interface LaneCost {
  readonly lane: string;
  readonly gates: number;
  /** Gates of which both say something, and those of them of which they say different things. */
  readonly compared: number;
  readonly differ: readonly string[];
  readonly oursMs: number;
  readonly scriptsMs: number;
}

/** Why the repo's own scripts cannot be run here; null where they can. */
export async function whyNoScripts(): Promise<string | null> {
  if ((await versionOf('bash')) === null) return 'there is no bash here';
  const yq = await versionOf('yq');
  if (yq === null) return 'there is no yq here; scripts are written for the one by mikefarah, version 4';
  return /mikefarah.*\bv?4\./.test(yq) ? null : `this yq is not the one by mikefarah, version 4 (${yq.trim()})`;
}

/** Runs scripts with this machine's bash, each once, and brings the checkout back after each. Those that come to no end are left out. */
export async function runInBash(
  scripts: Iterable<string>,
  { directory, restore }: Checkout,
): Promise<ReadonlyMap<string, BashRun>> {
  const runs = new Map<string, BashRun>();
  for (const script of scripts) {
    const { status, output } = await runCommand(['bash', '-c', TIMED, 'bash', script], { directory, timeout: TIMEOUT });
    await restore();
    if (status !== null) runs.set(script, { said: status === 0 ? 'pass' : 'fail', cpuMs: rounded(cpuIn(output)) });
  }
  return runs;
}

/** Milliseconds in the lines of `times`, such as `0m0.010s 0m0.002s`. */
function cpuIn(output: string): number {
  let sum = 0;
  for (const [, minutes, seconds] of output.matchAll(/(\d+)m([\d.]+)s/g))
    sum += (Number(minutes) * 60 + Number(seconds)) * 1000;
  return sum;
}

/** Audits each lane with our own gates, all that is in the checkout read anew, and adds up what bash took for the same gates. `scripts` are by gate number. */
export async function compareLanes(
  { directory }: Checkout,
  now: number,
  scripts: ReadonlyMap<string, string>,
  runs: ReadonlyMap<string, BashRun>,
): Promise<readonly LaneCost[]> {
  const defaultRegistry = parseDefaultRegistry(await readFile(REGISTRY, 'utf8'));
  const audit = async (lanes: readonly string[]) =>
    runAudit({ target: await directorySnapshot(directory), siblings: {}, now, gates, defaultRegistry, lanes });
  const costs: LaneCost[] = [];
  for (const lanes of [...LANES.map((lane) => [lane]), LANES]) {
    let last: Audit | undefined;
    const oursMs = await cpuOf(async () => {
      last = await audit(lanes);
    });
    const lane = lanes.length === 1 ? lanes.join() : 'all of these';
    if (last) costs.push({ lane, oursMs: rounded(oursMs), ...besideBash(last, scripts, runs) });
  }
  return costs;
}

function besideBash(
  { report }: Audit,
  scripts: ReadonlyMap<string, string>,
  runs: ReadonlyMap<string, BashRun>,
): Omit<LaneCost, 'lane' | 'oursMs'> {
  let [compared, scriptsMs] = [0, 0];
  const differ: string[] = [];
  for (const { number, verdict } of report.gates) {
    const run = runs.get(scripts.get(number) ?? '');
    if (!run) continue;
    scriptsMs += run.cpuMs;
    if (verdict !== 'pass' && verdict !== 'fail') continue;
    compared += 1;
    if (verdict !== run.said) differ.push(number);
  }
  return { gates: report.gates.length, compared, differ, scriptsMs: Math.round(scriptsMs) };
}
