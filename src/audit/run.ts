import { createClock } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import type { Gate, Verdict } from '../core/gate.ts';
import { redactLine } from '../core/redact.ts';
import type { GateReport, LaneReport, Report } from '../core/report.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { createTrace, type Trace } from '../core/trace.ts';
import { type Evaluation, evaluateGates, settle, type World } from './evaluate.ts';
import { CouldNotAudit, GOVERNANCE_FILES, type RegisteredGate, readGovernance } from './governance.ts';
import { byNaturalOrder, type Lane, lanesTouched, normalizeDomain, resolveLanes } from './lanes.ts';
import { ownLanes, ownLanesTouched, ownTasks } from './own-lanes.ts';
import { SnapshotReader } from './reader.ts';
import { NOT_IMPLEMENTED, standing, type Task } from './standing.ts';
import { readWaivers, WAIVERS_FILE, type Waivers } from './waivers.ts';

const DAY = 86_400_000;

export interface AuditRequest {
  readonly target: Snapshot;
  readonly siblings: Readonly<Record<string, Snapshot>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly gates: readonly Gate[];
  /** Number, category and severity of gates that are run by themselves. */
  readonly defaultRegistry: readonly RegisteredGate[];
  /** Lane ids to audit; every lane when absent. */
  readonly lanes?: readonly string[];
  /** Numbers or names of gates to run by themselves, whatever the governance files say. */
  readonly only?: readonly string[];
  /** Paths that a push changed, to tell which lanes it touched. */
  readonly changedPaths?: readonly string[];
  /** Whether findings carry the line they point at, and gates their reasons: for reports that people read elsewhere. */
  readonly detailed?: boolean;
  readonly onProgress?: World['onProgress'];
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

type Extras = Pick<Audit, 'registered' | 'waivers' | 'touched'>;

/**
 * Audits one state of an ops repo. Pure but for reading the snapshots.
 * Throws `CouldNotAudit` when there are no lanes to audit, `SnapshotError` when the repository cannot be read.
 */
export async function runAudit(request: AuditRequest): Promise<Audit> {
  const world = createWorld(request);
  return request.only ? runGatesAlone(request, world, request.only) : runLanes(request, world);
}

function createWorld({ target, siblings, now, gates, onProgress }: AuditRequest): World {
  return {
    target: new SnapshotReader('target', target),
    siblings: new Map(Object.entries(siblings).map(([name, snapshot]) => [name, new SnapshotReader(name, snapshot)])),
    now,
    gates: new Map(gates.map((gate) => [gate.name, gate])),
    onProgress,
  };
}

async function runLanes(request: AuditRequest, world: World): Promise<Audit> {
  const trace = createTrace();
  const clock = createClock(request.now, (instant) => trace.flips(instant));
  // Nearly every gate is registered: reading for all of them along with the lanes saves a round of requests.
  world.target.prefetch([
    ...Object.values(GOVERNANCE_FILES),
    WAIVERS_FILE,
    ...request.gates.flatMap(({ reads }) => reads),
  ]);
  const governance = await readWith(world, (here) => readGovernance(here.target.viewFor(trace), clock));
  const theirs = resolveLanes(governance);
  const lanes = selectLanes([...theirs, ...ownLanes(request.gates, theirs)], request.lanes);
  const listed = (isOurs: true | undefined) => lanes.flatMap((lane) => (lane.isOurs === isOurs ? lane.gates : []));
  const ids = [...new Set(listed(undefined))].sort(byNaturalOrder);
  const view = world.target.viewFor(trace);
  const roster = { registered: governance.gates, gates: world.gates, entries: world.target.snapshot.entries };
  const own = ownTasks(request.gates);
  const theirTasks = await readWith(world, () => ids.map((id) => standing(id, roster, view)));
  const tasks = [...theirTasks, ...own.filter(({ entry }) => listed(true).includes(entry.id))];
  const waivers = await readWith(world, () => readWaivers(view, request.now));
  for (const { expires } of waivers.active) clock.hasReached(Date.parse(expires) + DAY);
  const entries = [...governance.gates.values(), ...own.map(({ entry }) => entry)];
  const registered = entries.filter(({ isRetired }) => !isRetired).map(({ name }) => name);
  const touched = request.changedPaths && [
    ...lanesTouched(governance, request.changedPaths),
    ...ownLanesTouched(lanes, request.gates, request.changedPaths),
  ];
  const { reports, traces } = await runTasks(tasks, world, lanes, request.detailed ?? false);
  const extras = { registered, waivers, ...(touched ? { touched } : {}) };
  const allTraces = new Map([...traces, ['governance', trace]]);
  return conclude(request, world, lanes, reports, allTraces, governance.bypass, extras);
}

async function runGatesAlone(request: AuditRequest, world: World, wanted: readonly string[]): Promise<Audit> {
  const own = ownTasks(request.gates);
  const tasks = wanted.map((nameOrNumber): Task => {
    const ours = own.find(({ entry: { id, name } }) => id === nameOrNumber || name === nameOrNumber);
    if (ours) return ours;
    const entry = request.defaultRegistry.find(({ id, name }) => id === nameOrNumber || name === nameOrNumber);
    if (!entry)
      throw new CouldNotAudit(`there is no gate \`${nameOrNumber}\`.`, 'Name it by number (D138) or by name.');
    const gate = world.gates.get(entry.name);
    return gate ? { entry, gate } : { entry, gate, settled: NOT_IMPLEMENTED };
  });
  const { reports, traces } = await runTasks(tasks, world, [], request.detailed ?? false);
  const extras = { registered: [], waivers: { active: [], problems: [], isReadable: true } };
  return conclude(request, world, [], reports, traces, undefined, extras);
}

async function runTasks(tasks: readonly Task[], world: World, lanes: readonly Lane[], detailed: boolean) {
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
      findings: detailed ? findings.map((finding) => withExcerpt(finding, world)) : findings,
      ...(advice ? { fixHint: advice } : {}),
      ...(detailed && gate ? { why: gate.why } : {}),
    };
  });
  return { reports, traces: new Map([...byTask].map(([task, { trace }]) => [task.entry.id, trace])) };
}

function withExcerpt(finding: Finding, { target, siblings }: World): Finding {
  const reader = finding.repo === 'target' ? target : siblings.get(finding.repo);
  const line = finding.path === null || finding.line === null ? undefined : reader?.lineOf(finding.path, finding.line);
  return line === undefined ? finding : { ...finding, excerpt: redactLine(line) };
}

function conclude(
  { target, siblings, now }: AuditRequest,
  world: World,
  lanes: readonly Lane[],
  gates: readonly GateReport[],
  traces: ReadonlyMap<string, Trace>,
  bypass: string | undefined,
  extras: Extras,
): Audit {
  const flips = [...traces.values()].flatMap(({ flipsAt }) => (flipsAt === null ? [] : [flipsAt]));
  const isComplete = world.target.failures.size === 0 && gates.every(({ verdict }) => verdict !== 'crashed');
  const report: Report = {
    schemaVersion: 1,
    repo: target.repo,
    sha: target.sha,
    now: new Date(now).toISOString(),
    complete: isComplete,
    ...(bypass === undefined ? {} : { bypass }),
    siblings: Object.fromEntries(
      ['workbench', ...Object.keys(siblings)].map((name) => [name, siblings[name]?.sha ?? null]),
    ),
    lanes: lanes.map((lane) => laneReport(lane, gates)),
    gates,
  };
  return { report, traces, flipsAt: flips.length > 0 ? Math.min(...flips) : null, ...extras };
}

function laneReport({ id, gates: ids, isOurs }: Lane, gates: readonly GateReport[]): LaneReport {
  const verdicts = ids.map((number) => gates.find((gate) => gate.number === number && gate.ours === isOurs)?.verdict);
  const count = (wanted: Verdict) => verdicts.filter((verdict) => verdict === wanted).length;
  const [pass, fail, blind, crashed, skip] = [
    count('pass'),
    count('fail'),
    count('blind'),
    count('crashed'),
    count('skip'),
  ];
  return { id, total: ids.length, pass, fail, blind, crashed, skip, gates: ids, ...(isOurs ? { ours: true } : {}) };
}

/** The wanted lanes, by id or by an alias of their domain. */
function selectLanes(all: readonly Lane[], wanted: readonly string[] | undefined): readonly Lane[] {
  if (!wanted) return all;
  const byId = new Map(all.map((lane) => [lane.id, lane]));
  const lanes = wanted.map((id) => {
    const lane = byId.get(id) ?? byId.get(normalizeDomain(id));
    if (lane) return lane;
    throw new CouldNotAudit(`there is no lane \`${id}\` with gates.`, `The lanes are ${[...byId.keys()].join(', ')}.`);
  });
  return [...new Set(lanes)];
}

async function readWith<T>(world: World, reading: (world: World) => T): Promise<T> {
  const [result] = await settle(world, [reading]);
  if (result === undefined || result instanceof Error) throw result ?? new Error('no result');
  return result;
}
