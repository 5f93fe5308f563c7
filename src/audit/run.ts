import { createClock } from '../core/clock.ts';
import type { Gate, Verdict } from '../core/gate.ts';
import type { GateReport, LaneReport, Report } from '../core/report.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { createTrace, type Trace } from '../core/trace.ts';
import { type Evaluation, evaluateGates, settle, type World } from './evaluate.ts';
import { CouldNotAudit, GOVERNANCE_FILES, type Governance, type RegisteredGate, readGovernance } from './governance.ts';
import { byNaturalOrder, type Lane, lanesTouched, normalizeDomain, resolveLanes } from './lanes.ts';
import { SnapshotReader } from './reader.ts';
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
  /** D-numbers or names of gates to run by themselves, whatever the governance files say. */
  readonly only?: readonly string[];
  /** Paths that a push changed, to tell which lanes it touched. */
  readonly changedPaths?: readonly string[];
}

export interface Audit {
  readonly report: Report;
  /** What each evaluated gate read, by number. */
  readonly traces: ReadonlyMap<string, Trace>;
  /** When (ms since the epoch) the clock first changes an answer; null when time plays no part. */
  readonly flipsAt: number | null;
  /** Names of the gates that the repo registers and has not retired. */
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

function createWorld({ target, siblings, now, gates }: AuditRequest): World {
  return {
    target: new SnapshotReader('target', target),
    siblings: new Map(Object.entries(siblings).map(([name, snapshot]) => [name, new SnapshotReader(name, snapshot)])),
    now,
    gates: new Map(gates.map((gate) => [gate.name, gate])),
  };
}

interface Task {
  readonly entry: RegisteredGate;
  readonly gate: Gate | undefined;
  readonly scriptChanged?: boolean;
  /** Decided without running it (LANES.md 3). */
  readonly settled?: Pick<Evaluation, 'verdict' | 'reason' | 'findings'>;
}

async function runLanes(request: AuditRequest, world: World): Promise<Audit> {
  const trace = createTrace();
  const clock = createClock(request.now, (instant) => trace.flips(instant));
  world.target.prefetch([...Object.values(GOVERNANCE_FILES), WAIVERS_FILE]);
  const governance = await readWith(world, (here) => readGovernance(here.target.viewFor(trace), clock));
  const lanes = selectLanes(resolveLanes(governance), request.lanes);
  const ids = [...new Set(lanes.flatMap((lane) => lane.gates))].sort(byNaturalOrder);
  const view = world.target.viewFor(trace);
  const tasks = await readWith(world, () => ids.map((id) => standing(id, governance, request, world, view)));
  const waivers = await readWith(world, () => readWaivers(view, request.now));
  for (const { expires } of waivers.active) clock.hasReached(Date.parse(expires) + DAY);
  const registered = [...governance.gates.values()].filter(({ isRetired }) => !isRetired).map(({ name }) => name);
  const touched = request.changedPaths && lanesTouched(governance, request.changedPaths);
  const { reports, traces } = await runTasks(tasks, world, lanes);
  const extras = { registered, waivers, ...(touched ? { touched } : {}) };
  const allTraces = new Map([...traces, ['governance', trace]]);
  return conclude(request, world, lanes, reports, allTraces, governance.bypass, extras);
}

async function runGatesAlone(request: AuditRequest, world: World, wanted: readonly string[]): Promise<Audit> {
  const tasks = wanted.map((nameOrNumber): Task => {
    const entry = request.defaultRegistry.find(({ id, name }) => id === nameOrNumber || name === nameOrNumber);
    if (!entry)
      throw new CouldNotAudit(`there is no gate \`${nameOrNumber}\`.`, 'Name it by number (D138) or by name.');
    const gate = world.gates.get(entry.name);
    return gate ? { entry, gate } : { entry, gate, settled: notImplemented };
  });
  const { reports, traces } = await runTasks(tasks, world, []);
  const extras = { registered: [], waivers: { active: [], problems: [], isReadable: true } };
  return conclude(request, world, [], reports, traces, undefined, extras);
}

const notImplemented = { verdict: 'skip', reason: 'not implemented', findings: [] } as const;

/** What the registry and the repo say of a gate before it runs. */
function standing(
  id: string,
  governance: Governance,
  request: AuditRequest,
  world: World,
  view: ReturnType<SnapshotReader['viewFor']>,
): Task {
  const entry = governance.gates.get(id);
  const failed = (rule: string, message: string) => {
    const finding = { rule, subject: id, repo: 'target', path: GOVERNANCE_FILES.registry, line: null, message };
    return { verdict: 'fail', reason: undefined, findings: [finding] } as const;
  };
  const unknown = {
    id,
    name: '',
    category: '',
    severity: '',
    fixHint: '',
    script: '',
    isRetired: false,
    isInline: false,
  };
  if (!entry?.script) {
    const message = entry
      ? `The registry names no check_script for ${id}.`
      : `A lane lists ${id}, but it is not registered.`;
    return { entry: entry ?? unknown, gate: undefined, settled: failed('has-check-script', message) };
  }
  const script = world.target.snapshot.entries.get(entry.script);
  const gate =
    world.gates.get(entry.name) ?? request.gates.find(({ mirrors }) => script?.sha && mirrors.includes(script.sha));
  const skipped = (reason: string) => ({ entry, gate, settled: { verdict: 'skip', reason, findings: [] } as const });
  if (entry.isRetired) return skipped('retired');
  if (entry.isInline) return skipped('inline only: it runs in the release run, not in lanes');
  if (!view.isExecutable(entry.script) || !view.isFile(entry.script)) {
    const message = `${entry.script} is missing or not executable, so ${id} cannot run.`;
    return { entry, gate, settled: failed('script-is-executable', message) };
  }
  if (!gate) return { entry, gate, settled: notImplemented };
  return { entry, gate, scriptChanged: script?.sha != null && !gate.mirrors.includes(script.sha) };
}

async function runTasks(tasks: readonly Task[], world: World, lanes: readonly Lane[]) {
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
    const { entry, gate, settled, scriptChanged } = task;
    const evaluation = byTask.get(task);
    const { verdict, reason, findings } = evaluation ?? settled ?? notImplemented;
    const unverified = evaluation?.unverified ?? [];
    const advice = entry.fixHint || gate?.fix;
    return {
      number: entry.id,
      name: entry.name,
      category: entry.category,
      severity: entry.severity,
      lanes: lanes.filter((lane) => lane.gates.includes(entry.id)).map(({ id }) => id),
      verdict,
      ...(reason === undefined ? {} : { reason }),
      ...(unverified.length > 0 ? { unverified } : {}),
      ...(scriptChanged ? { scriptChanged } : {}),
      findings,
      ...(advice ? { fixHint: advice } : {}),
    };
  });
  return { reports, traces: new Map([...byTask].map(([task, { trace }]) => [task.entry.id, trace])) };
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

function laneReport({ id, gates: ids }: Lane, gates: readonly GateReport[]): LaneReport {
  const verdicts = ids.map((number) => gates.find((gate) => gate.number === number)?.verdict);
  const count = (wanted: Verdict) => verdicts.filter((verdict) => verdict === wanted).length;
  const [pass, fail, blind, crashed, skip] = [
    count('pass'),
    count('fail'),
    count('blind'),
    count('crashed'),
    count('skip'),
  ];
  return { id, total: ids.length, pass, fail, blind, crashed, skip, gates: ids };
}

function selectLanes(all: readonly Lane[], wanted: readonly string[] | undefined): readonly Lane[] {
  if (!wanted) return all;
  return wanted.map((id) => {
    const lane =
      all.find((candidate) => candidate.id === id) ?? all.find((candidate) => candidate.id === normalizeDomain(id));
    if (lane) return lane;
    throw new CouldNotAudit(
      `there is no lane \`${id}\`.`,
      `The lanes are ${all.map((candidate) => candidate.id).join(', ')}.`,
    );
  });
}

async function readWith<T>(world: World, reading: (world: World) => T): Promise<T> {
  const [result] = await settle(world, [reading]);
  if (result === undefined || result instanceof Error) throw result ?? new Error('no result');
  return result;
}
