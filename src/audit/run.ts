import { createClock } from '../core/clock.ts';
import type { Declaration, DeclarationProblem, ReadDeclaration } from '../core/declaration.ts';
import { DAY } from '../core/durations.ts';
import type { Gate } from '../core/gate.ts';
import type { GateReport, LaneReport, Report } from '../core/report.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { createTrace, type Trace, type TraceRecorder } from '../core/trace.ts';
import { countVerdicts } from '../core/verdict-counts.ts';
import type { Waivers } from '../core/waiver.ts';
import { type Evaluation, evaluateGates, settle, type World } from './evaluate.ts';
import { withExcerpt } from './excerpt.ts';
import { SnapshotReader } from './reader.ts';
import type { DefaultRegistry } from './registry/defaults.ts';
import { GOVERNANCE_FILES, isGoverned } from './registry/governance.ts';
import type { Lane } from './registry/lanes.ts';
import { type Roll, rollOfGates, rollOfRepo, rollOfUngoverned } from './registry/roll.ts';
import { NOT_IMPLEMENTED, type Task } from './registry/standing.ts';
import { readWaivers, WAIVERS_FILE } from './waivers.ts';

const NOTHING_DECLARED: Declaration = { gates: [], mistakes: [] };

export interface AuditRequest {
  readonly target: Snapshot;
  readonly siblings: Readonly<Record<string, Snapshot>>;
  /** Configured siblings that could not be read, with the reason. */
  readonly lostSiblings?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly gates: readonly Gate[];
  /** What we know of gates without a repo's registry. */
  readonly defaultRegistry: DefaultRegistry;
  /** Reads the gates that the repo declares; without it, nobody asks. */
  readonly declare?: ReadDeclaration | undefined;
  /** `none`: as if the repo had no governance files. */
  readonly governance?: 'repo' | 'none';
  /** Lane ids to audit; every lane when absent. */
  readonly lanes?: readonly string[];
  /** Numbers or names of gates to run by themselves, whatever the governance files say. */
  readonly only?: readonly string[];
  /** Paths that a push changed, to tell which lanes it touched. */
  readonly changedPaths?: readonly string[];
  /** Whether findings carry the line they point at, and gates their reasons: for reports that people read elsewhere. */
  readonly detailed?: boolean;
  readonly onProgress?: World['onProgress'];
  readonly onGate?: World['onGate'];
  readonly leftOut?: World['leftOut'];
  /** What machines reported. */
  readonly reported?: World['reported'];
}

export interface Audit {
  readonly report: Report;
  /** What each evaluated gate read, by number. */
  readonly traces: ReadonlyMap<string, Trace>;
  /** When (ms since the epoch) the clock first changes an answer; null when time plays no part. */
  readonly flipsAt: number | null;
  /** Names of the gates that the repo registers and has not retired, and of ours. */
  readonly registered: readonly string[];
  readonly waivers: Waivers;
  /** Lanes that `changedPaths` ask for. */
  readonly touched?: readonly string[];
}

/**
 * Audits one state of an ops repo. Pure but for reading the snapshots.
 * Throws `CouldNotAudit` when there are no lanes to audit, `SnapshotError` when the repository cannot be read.
 */
export async function runAudit(request: AuditRequest): Promise<Audit> {
  const world = createWorld(request);
  const trace = createTrace();
  const declaration = await declarationOf(request, world, trace);
  const gates = [...request.gates, ...declaration.gates];
  const roll = await callRoll({ ...request, gates }, world, trace);
  const waivers = await waiversOf(world, trace);
  const { reports, traces } = await runTasks(roll, world, request.detailed ?? false);
  const allTraces = new Map([...traces, ['governance', trace]]);
  const flips = [...allTraces.values()].flatMap(({ flipsAt }) => (flipsAt === null ? [] : [flipsAt]));
  return {
    report: assembleReport(request, world, roll, reports, declaration.mistakes),
    traces: allTraces,
    flipsAt: flips.length > 0 ? Math.min(...flips) : null,
    registered: roll.registered,
    waivers,
    ...(roll.touched ? { touched: roll.touched } : {}),
  };
}

function createWorld({ target, siblings, lostSiblings = {}, gates, ...request }: AuditRequest): World {
  const { now, onProgress, onGate, leftOut, reported } = request;
  return {
    target: new SnapshotReader('target', target),
    siblings: new Map(Object.entries(siblings).map(([name, snapshot]) => [name, new SnapshotReader(name, snapshot)])),
    lostSiblings,
    now,
    gates: new Map(gates.map((gate) => [gate.name, gate])),
    onProgress,
    onGate,
    leftOut,
    ...(reported ? { reported } : {}),
  };
}

async function callRoll(request: AuditRequest, world: World, trace: TraceRecorder): Promise<Roll> {
  const { gates, defaultRegistry, only, governance = 'repo' } = request;
  if (only) return rollOfGates(only, gates, defaultRegistry);
  const governed = governance === 'repo' && (await readWith(world, ({ target }) => isGoverned(target.viewFor(trace))));
  if (!governed) {
    world.target.prefetch([WAIVERS_FILE]);
    return readWith(world, ({ target }) => rollOfUngoverned(request, target.viewFor(trace)));
  }
  // Nearly every gate is registered: reading for all of them along with the lanes saves a round of requests.
  world.target.prefetch([...Object.values(GOVERNANCE_FILES), WAIVERS_FILE, ...gates.flatMap(({ reads }) => reads)]);
  const clock = createClock(request.now, (instant) => trace.flips(instant));
  return readWith(world, ({ target }) => rollOfRepo(request, target.viewFor(trace), target.snapshot.entries, clock));
}

async function declarationOf(
  { declare, gates }: AuditRequest,
  world: World,
  trace: TraceRecorder,
): Promise<Declaration> {
  if (!declare) return NOTHING_DECLARED;
  const taken = new Set(gates.flatMap(({ name, own }) => (own ? [name, own.number] : [name])));
  return readWith(world, ({ target }) => declare(target.viewFor(trace), taken) ?? NOTHING_DECLARED);
}

async function waiversOf(world: World, trace: TraceRecorder): Promise<Waivers> {
  const waivers = await readWith(world, ({ target, now }) => readWaivers(target.viewFor(trace), now));
  for (const { expires } of waivers.active) trace.flips(Date.parse(expires) + DAY);
  return waivers;
}

async function runTasks({ tasks, lanes }: Roll, world: World, detailed: boolean) {
  const runnable = tasks.filter((task): task is Task & { gate: Gate } => task.gate !== undefined && !task.settled);
  const evaluations = await evaluateGates(
    world,
    runnable.map(({ gate }) => gate),
  );
  const byTask = new Map<Task, Evaluation>();
  for (const [index, task] of runnable.entries()) {
    const evaluation = evaluations[index];
    if (evaluation) byTask.set(task, evaluation);
  }
  const reports = tasks.map((task): GateReport => {
    const { entry, gate, settled, scriptChanged, isOurs } = task;
    const evaluation = byTask.get(task);
    const { verdict, reason, findings } = evaluation ?? settled ?? NOT_IMPLEMENTED;
    const unverified = evaluation?.unverified ?? [];
    const advice = entry.fixHint || gate?.fix;
    return {
      number: entry.id,
      name: entry.name,
      category: entry.category,
      severity: entry.severity,
      lanes: lanes.filter((lane) => lane.isOurs === isOurs && lane.gates.includes(entry.id)).map(({ id }) => id),
      verdict,
      ...(reason === undefined ? {} : { reason }),
      ...(unverified.length > 0 ? { unverified } : {}),
      ...(isOurs ? { ours: true } : {}),
      ...(scriptChanged ? { scriptChanged } : {}),
      findings: detailed ? findings.map((finding) => withExcerpt(finding, world.target)) : findings,
      ...(advice ? { fixHint: advice } : {}),
      ...(detailed && gate ? { why: gate.why } : {}),
    };
  });
  return { reports, traces: new Map([...byTask].map(([task, { trace }]) => [task.entry.id, trace])) };
}

function assembleReport(
  { target, siblings, now }: AuditRequest,
  world: World,
  { lanes, bypass }: Roll,
  gates: readonly GateReport[],
  problems: readonly DeclarationProblem[],
): Report {
  const names = new Set(['workbench', ...Object.keys(siblings)]);
  return {
    schemaVersion: 1,
    repo: target.repo,
    sha: target.sha,
    now: new Date(now).toISOString(),
    complete:
      world.target.failures.size === 0 && problems.length === 0 && gates.every(({ verdict }) => verdict !== 'crashed'),
    ...(problems.length > 0 ? { problems } : {}),
    ...(bypass === undefined ? {} : { bypass }),
    siblings: Object.fromEntries([...names].map((name) => [name, siblings[name]?.sha ?? null])),
    lanes: lanes.map((lane) => laneReport(lane, gates)),
    gates,
  };
}

function laneReport({ id, gates: ids, isOurs }: Lane, gates: readonly GateReport[]): LaneReport {
  const verdicts = ids.map((number) => gates.find((gate) => gate.number === number && gate.ours === isOurs)?.verdict);
  const counts = countVerdicts(verdicts);
  // A gate of ours that does not apply is no part of the total; in the repo's own lanes its registry decides what counts.
  const total = isOurs ? ids.length - counts.skip : ids.length;
  return { id, total, ...counts, gates: ids, ...(isOurs ? { ours: true } : {}) };
}

async function readWith<T>(world: World, reading: (world: World) => T): Promise<T> {
  const [result] = await settle(world, [reading]);
  if (result === undefined || result instanceof Error) throw result ?? new Error('no result');
  return result;
}
