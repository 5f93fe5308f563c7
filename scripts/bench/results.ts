/** All that the bench found out, and its tables of ratios. */
import type { Culprits } from './culprits.ts';
import type { FleetNight } from './fleet.ts';
import type { GateCost } from './gate-costs.ts';
import { exponentOf, type Growth } from './growth.ts';
import type { LaneCost } from './lanes.ts';
import type { Memory } from './memory.ts';
import { median, rounded, times } from './numbers.ts';
import { type Claim, printClaims, printRows } from './printed.ts';
import { printSlices, type SliceResults, sliceClaims } from './slice-results.ts';
import type { Trigger, TriggerCost } from './triggers.ts';

export interface Results extends SliceResults {
  readonly at: string;
  readonly node: string;
  readonly processors: number;
  readonly repo: string;
  readonly triggers: Readonly<Record<'our gates' | 'with scripts', Readonly<Record<Trigger, TriggerCost>>>>;
  readonly gates: readonly (GateCost & { readonly bashMs: number | null })[];
  /** Empty where the repo's own scripts were left out. */
  readonly lanes: readonly LaneCost[];
  /** Why they were left out. */
  readonly noScripts: string | null;
  readonly files: readonly Growth[];
  readonly findings: readonly Growth[];
  readonly gateCounts: readonly Growth[];
  readonly culprits: Culprits;
  readonly memory: readonly Memory[];
  readonly fleets: readonly FleetNight[];
}

/** Names shown of the gates at either end. */
const ENDS = 3;
/** Megabytes that a Worker may hold. */
const ISOLATE = 128;
/** A cost that grows faster than this power is not in proportion; small sizes are dearer a piece than large ones. */
const MOST_EXPONENT = 1.2;

/** Prints them; gives whether all holds that must hold on any machine. */
export function printResults(results: Results): boolean {
  console.log(`\n${results.repo}; CPU in ms, of Node ${results.node} on this machine`);
  for (const [name, triggers] of Object.entries(results.triggers)) {
    console.log(`\nBy trigger, ${name}`);
    console.table(triggers);
  }
  printLanes(results);
  printGates(results);
  const rows: (readonly [what: string, ratio: string])[] = [
    ...triggerRatios(results),
    ...growthRatios('files', results.files),
    ...growthRatios('findings', results.findings),
    ...growthRatios('gates', results.gateCounts),
  ];
  console.log('\nRatios of CPU');
  printRows(rows);
  printMemory(results);
  printSlices(results);
  console.log('\nA fleet in one cron in workerd, one target hanging and one failing');
  console.table(results.fleets);
  for (const { targets, healthy, audited, seconds, isUnfinished } of results.fleets)
    if (isUnfinished)
      console.log(
        `  this machine is too slow for ${targets}: ${audited} of ${healthy} were audited within ${seconds} s, and the others went on`,
      );
  return printClaims([...holds(results), ...sliceClaims(results)]);
}

function printMemory({ memory }: Results): void {
  console.log('\nMegabytes alive during a first audit in workerd, garbage aside');
  console.table(memory.map(({ refusal: _, ...row }) => row));
  for (const { repo, refusal } of memory) if (refusal !== null) console.log(`  ${repo}: ${refusal}`);
}

function printLanes({ lanes, gates: each, noScripts }: Results): void {
  console.log("\nOur lanes against the repo's own scripts");
  if (noScripts !== null) console.log(`  left out: ${noScripts}`);
  const rows = lanes.map(({ lane, gates, compared, differ, oursMs, scriptsMs }) => ({
    lane,
    gates,
    'same verdict': `${compared - differ.length} of ${compared}`,
    'ours ms': oursMs,
    'scripts ms': scriptsMs,
    ratio: times(scriptsMs, oursMs),
  }));
  if (rows.length > 0) console.table(rows);
  const differ = new Set(lanes.flatMap((lane) => lane.differ));
  // The same tree may be judged differently on another machine, so nothing hangs on it.
  if (differ.size > 0)
    console.log(`  not the same: ${[...differ].join(', ')}; scripts also look at where the checkout lies`);
  const endless = noScripts === null ? each.filter(({ bashMs }) => bashMs === null) : [];
  if (endless.length > 0) console.log(`  came to no end in bash: ${endless.map(({ number }) => number).join(', ')}`);
}

function printGates({ gates }: Results): void {
  console.log('\nOne gate from nothing read: its script against our own');
  printRows([
    ['in the script engine', spread(gates.map((gate) => [gate, gate.engineMs]))],
    ['in bash', spread(gates.map((gate) => [gate, gate.bashMs]))],
  ]);
}

function spread(costs: readonly (readonly [GateCost, number | null])[]): string {
  const ratios = costs.flatMap(([{ number, nativeMs }, ms]) => (ms === null ? [] : [{ number, ratio: ms / nativeMs }]));
  if (ratios.length === 0) return 'left out';
  ratios.sort((one, other) => one.ratio - other.ratio);
  const ends = (some: typeof ratios) => some.map(({ number, ratio }) => `${number} ${rounded(ratio)} ×`).join(', ');
  const middle = median(ratios.map(({ ratio }) => ratio));
  return `${ratios.length} gates: median ${times(middle, 1)}; worst for us ${ends(ratios.slice(0, ENDS))}; best ${ends(ratios.slice(-ENDS))}`;
}

function triggerRatios({ triggers }: Results): readonly (readonly [string, string])[] {
  const native = triggers['our gates'];
  const first = native['first audit'].cpuMs;
  return [
    ['first audit / push that touches one binding', times(first, native['push of one binding'].cpuMs)],
    ['first audit / night on which only the clock moved', times(first, native['night (clock moves)'].cpuMs)],
    ['first audit / same commit again', times(first, native['same commit again'].cpuMs)],
    ['first audit with scripts / without', times(triggers['with scripts']['first audit'].cpuMs, first)],
  ];
}

function growthRatios(what: string, growth: readonly Growth[]): readonly (readonly [string, string])[] {
  const [least] = growth;
  const rest = growth.slice(1);
  return rest.map(({ count, cpuMs }) => [
    `${count} ${what} / ${least?.count}`,
    `${times(cpuMs, least?.cpuMs ?? 1)} for ${times(count, least?.count ?? 1)} as many`,
  ]);
}

/** Claims that are about counts and ratios, so that a slow machine breaks none. */
function holds(results: Results): readonly Claim[] {
  const { triggers, files, findings, gateCounts, culprits, memory, fleets } = results;
  const { 'same commit again': again, 'push of one binding': push } = triggers['our gates'];
  const growth = [files, findings, gateCounts].map(exponentOf);
  const { right, breakages, commits, requests, mostRequests, judged } = culprits;
  const all = (isSo: (night: FleetNight) => boolean) => fleets.every(isSo);
  const isDone = ({ audited, healthy, isUnfinished }: FleetNight) => audited === healthy || isUnfinished;
  const each = (figure: (night: FleetNight) => number) => fleets.map(figure).join(', ');
  return [
    ['the same commit again: 2 requests, no write', again.requests <= 2 && again.writes === 0, `${again.requests}`],
    ['a push of one binding: 4 requests, no write', push.requests <= 4 && push.writes === 0, `${push.requests}`],
    [
      'cost grows in proportion to files, findings and gates',
      growth.every((exponent) => exponent < MOST_EXPONENT),
      `powers ${growth.map((exponent) => rounded(exponent, 2)).join(', ')}`,
    ],
    [
      `culprits of ${breakages} breakages in ${commits} commits are found`,
      right === breakages,
      `${right} right; ${requests} requests (at most ${mostRequests} a gate), ${judged} states judged`,
    ],
    [
      'a first audit fits into an isolate, and a tree that would not is refused',
      memory.every(({ most, refusal }) => most < ISOLATE && (refusal === null || refusal.includes('more than fit'))),
      `${memory.map(({ most }) => most).join(', ')} of ${ISOLATE} MB`,
    ],
    [
      'every healthy target of a fleet is audited, and once',
      all((night) => isDone(night) && night.once === night.audited),
      `${each(({ once }) => once)} of ${each(({ healthy }) => healthy)}`,
    ],
    [
      'although GitHub does not answer about one, and fails for one',
      all((night) => night.hanging > 0 && isDone(night)),
      `all others done after ${each(({ seconds }) => seconds)} s`,
    ],
    [
      'nobody asks sooner than GitHub said after a refusal',
      all(({ impatient }) => impatient === 0),
      `${each(({ refused }) => refused)} refused`,
    ],
  ];
}
