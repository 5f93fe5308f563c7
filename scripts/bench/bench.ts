/** `npm run bench [-- --reference <clone> [--at <rev>]]`: what an audit costs, as ratios; the figures go to `bench/results.json`. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSampleOpsRepo } from '../../cli/demo/sample-ops-repo.ts';
import { byFiles, byFindings } from './growth.ts';
import { type Cost, type Stand, setUp } from './stand.ts';

const PUSHED = 'ops/bindings/startup.sequencing.yaml';
const ROUNDS = 5;

/** What one kind of audit took: the median of CPU over some rounds, the rest of the last one. */
interface Figures {
  readonly requests: number;
  readonly writes: number;
  readonly kilobytes: number;
  readonly cpuMs: number;
  readonly judged: number;
  readonly reused: number;
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
const rounded = (number: number, digits = 1) => Number(number.toFixed(digits));

function figuresOf(costs: readonly Cost[]): Figures {
  const last = costs.at(-1);
  if (!last) throw new Error('nothing was measured');
  const { judged = 0, reused = 0 } = last.audit.work ?? {};
  const { requests, writes, bytes } = last;
  const cpuMs = rounded(median(costs.map(({ cpu }) => cpu)));
  return { requests: requests.length, writes, kilobytes: rounded(bytes / 1000), cpuMs, judged, reused };
}

async function times(count: number, work: (round: number) => Promise<Cost>): Promise<Figures> {
  const costs: Cost[] = [];
  for (let round = 0; round < count; round++) costs.push(await work(round));
  return figuresOf(costs);
}

/** What each trigger takes, in the order in which a target lives through them. */
async function byTrigger(gitDir: string, stand: Stand): Promise<Readonly<Record<string, Figures>>> {
  const text = execFileSync('git', [`--git-dir=${gitDir}`, 'show', `main:${PUSHED}`], { encoding: 'utf8' });
  const first = figuresOf([await stand.night()]);
  const unchanged = await times(ROUNDS, () => stand.again());
  const night = await times(ROUNDS, () => stand.night());
  const push = await times(ROUNDS, (round) => stand.push({ [PUSHED]: `${text}# ${round}\n` }));
  return { first, unchanged, 'night (clock)': night, push };
}

/** A clone of the clone, so that pushes change nothing there. */
function copyOf(clone: string, revision: string, gitDir: string): void {
  execFileSync('git', ['clone', '--quiet', '--bare', '--shared', clone, gitDir]);
  execFileSync('git', [`--git-dir=${gitDir}`, 'update-ref', 'refs/heads/main', revision]);
}

/** The repo's own scripts need the query tool that they are written for. */
function whyNoScripts(): string | null {
  try {
    const version = execFileSync('yq', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return /mikefarah.*v?4\./.test(version) ? null : `not run: this yq is another one (${version.trim()})`;
  } catch {
    return 'not run: no mikefarah yq v4';
  }
}

const { values } = parseArgs({
  options: { reference: { type: 'string' }, at: { type: 'string', default: 'HEAD' }, large: { type: 'boolean' } },
});
const scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-bench-'));
try {
  const now = new Date();
  const gitDir = join(scratch, 'target.git');
  if (values.reference) copyOf(values.reference, values.at, gitDir);
  else copyOf((await buildSampleOpsRepo(scratch, { now })).gitDir, 'HEAD', gitDir);
  const triggers: Record<string, Readonly<Record<string, Figures>>> = {};
  for (const [name, runsScripts] of [
    ['native gates', false],
    ['with scripts', true],
  ] as const) {
    const copy = join(scratch, `${name}.git`);
    copyOf(gitDir, 'main', copy);
    const stand = await setUp({ gitDir: copy, now: now.getTime(), isApart: true, runsScripts, inbox: 'dry-run' });
    triggers[name] = await byTrigger(copy, stand);
    await stand.close();
  }
  const files = await byFiles(values.large ? [1_000, 5_000, 20_000, 100_000] : [1_000, 5_000, 20_000]);
  const findings = await byFindings([10, 1_000, 10_000]);
  const scripts = whyNoScripts() ?? 'not built: `npm run certify` compares verdicts and times of scripts one by one';
  const results = {
    at: now.toISOString(),
    node: process.version,
    processors: availableParallelism(),
    triggers,
    files,
    findings,
    scripts,
  };
  await mkdir(join(import.meta.dirname, '../../bench'), { recursive: true });
  await writeFile(join(import.meta.dirname, '../../bench/results.json'), `${JSON.stringify(results, null, 2)}\n`);

  for (const [name, kinds] of Object.entries(triggers)) {
    console.log(`\n${name}, CPU of Node on this machine`);
    console.table(kinds);
  }
  console.log('\nCost against files and findings: ratio of CPU to that of the smallest');
  const least = { files: files[0]?.cpuMs ?? 1, findings: findings[0]?.cpuMs ?? 1 };
  console.table([
    ...files.map(({ count, cpuMs }) => ({ what: `${count} files`, cpuMs, ratio: rounded(cpuMs / least.files) })),
    ...findings.map(({ count, cpuMs }) => ({
      what: `${count} findings`,
      cpuMs,
      ratio: rounded(cpuMs / least.findings),
    })),
  ]);
  const { 'native gates': native = {}, 'with scripts': scripted = {} } = triggers;
  const ratio = (one?: Figures, other?: Figures) => `${rounded((one?.cpuMs ?? 0) / (other?.cpuMs || 1))} ×`;
  console.log(
    [
      `a first audit / a push that touches one binding   ${ratio(native.first, native.push)}`,
      `a first audit / the same commit again             ${ratio(native.first, native.unchanged)}`,
      `a first audit with scripts / without              ${ratio(scripted.first, native.first)}`,
      `against the repo's own scripts                    ${scripts}`,
    ].join('\n'),
  );
} finally {
  await rm(scratch, { recursive: true, force: true });
}
