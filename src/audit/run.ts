import type { Declaration, ReadDeclaration } from '../core/declaration.ts';
import { digest } from '../core/digest.ts';
import { DAY } from '../core/durations.ts';
import type { ReportedFacts } from '../core/facts.ts';
import type { Gate } from '../core/gate.ts';
import { createMeter } from '../core/meter.ts';
import type { Report } from '../core/report.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { createTrace, type Trace, type TraceRecorder } from '../core/trace.ts';
import type { Waivers } from '../core/waiver.ts';
import { askScripts } from './ask-scripts.ts';
import { chooseGates, type GateRequest } from './choose-gates.ts';
import type { FileCache } from './read/file-cache.ts';
import { SnapshotReader } from './read/reader.ts';
import { untilRead } from './read/until-all-read.ts';
import { configurationViewOf, viewOf } from './read/view.ts';
import type { StoredGovernance } from './registry/kept-governance.ts';
import type { SelectedGate, Selection } from './registry/select.ts';
import { assembleReport, withExcerpts } from './report.ts';
import { type JudgingOptions, judgeGates, type StoredVerdict, storable } from './reuse.ts';
import { readWaivers, WAIVERS_FILE } from './waivers.ts';
import type { World } from './world.ts';

const NOTHING_DECLARED: Declaration = { gates: [], mistakes: [], checks: [] };

export interface AuditRequest extends GateRequest {
  readonly target: Snapshot;
  readonly siblings: Readonly<Record<string, Snapshot>>;
  /** Configured siblings that could not be read, with the reason. */
  readonly lostSiblings?: Readonly<Record<string, string>>;
  /** Reads the gates that the repo declares; without it, nobody asks. */
  readonly declare?: ReadDeclaration | undefined;
  /** Makes gates of the checks of CI that the repo names; without it there are none. */
  readonly checks?: (named: readonly string[]) => Promise<readonly Gate[]>;
  /** What machines reported; nothing when absent. */
  readonly reported?: ReportedFacts;
  /** Whether findings carry the line they point at, and gates their reasons: for reports that people read elsewhere. */
  readonly detailed?: boolean;
  /** Files that audits of other states have read. */
  readonly files?: FileCache;
  readonly onProgress?: World['onProgress'];
  readonly onGate?: World['onGate'];
  readonly leftOut?: World['leftOut'];
}

export interface Audit {
  readonly report: Report;
  /** When (ms since the epoch) the clock first changes an answer; null when time plays no part. */
  readonly flipsAt: number | null;
  /** All that the report rests on: the questions that were asked, with their answers. */
  readonly facts: () => Trace['facts'];
  /** Names of the gates that the repo registers and has not retired, and of ours. */
  readonly registered: readonly string[];
  readonly waivers: Waivers;
  /** Lanes that `changedPaths` ask for. */
  readonly touched?: readonly string[] | undefined;
  /** What the next audit may build on, by gate name; empty unless `earlier` was given. */
  readonly verdicts: ReadonlyMap<string, StoredVerdict>;
  /** Those of them that were searched for secrets, and hold none: gates', not scripts'. */
  readonly harmless: Iterable<StoredVerdict>;
  /** What the governance files said, for the next audit; absent where there are none, or it is not worth keeping. */
  readonly governance?: StoredGovernance | undefined;
  /** How many gates were judged, and of how many the earlier verdict still holds. */
  readonly judged: number;
  readonly reused: number;
}

/**
 * Audits one state of an ops repo. Pure but for reading the snapshots.
 * Throws `CouldNotAudit` when there are no lanes to audit, `SnapshotError` when the repository cannot be read, `ScriptsLeft` when `scripts` says that it is enough for now.
 */
export async function runAudit(request: AuditRequest): Promise<Audit> {
  const world = createWorld(request);
  const trace = createTrace();
  const { declaration, version, read } = await readDeclaration(request, world);
  const checks = (await request.checks?.(declaration.checks)) ?? [];
  const gates = [...request.gates, ...checks, ...declaration.gates];
  const everyGate: World = { ...world, gates: new Map(gates.map((gate) => [gate.name, gate])) };
  const selection = await chooseGates({ ...request, gates }, everyGate, trace);
  const waivers = await waiversOf(everyGate, trace);
  const declared = new Set(declaration.gates);
  // A check of CI is made from what it says.
  const withoutVersion = new Set(checks);
  const versionOf = (gate: Gate) => {
    if (withoutVersion.has(gate)) return undefined;
    return `${request.earlier?.version ?? ''}${declared.has(gate) ? ` ${version}` : ''}`;
  };
  const judgement = await judge(selection, everyGate, request, versionOf);
  const scripts = await askScripts(selection, everyGate, request, judgement.verdicts);
  const traces = [trace, ...judgement.traces, ...scripts.traces];
  const flips = traces.flatMap(({ flipsAt }) => (flipsAt === null ? [] : [flipsAt]));
  return {
    report: assembleReport({ ...request, world, selection, evaluations: judgement.evaluations, scripts, declaration }),
    flipsAt: flips.length > 0 ? Math.min(...flips) : null,
    facts: () => new Map([read, ...traces].flatMap(({ facts }) => [...facts])),
    registered: selection.registered,
    waivers,
    touched: selection.touched,
    verdicts: new Map([...judgement.verdicts, ...scripts.verdicts]),
    harmless: judgement.verdicts.values(),
    governance: selection.stored,
    judged: judgement.judged + scripts.judged,
    reused: judgement.reused + scripts.reused,
  };
}

function createWorld(request: AuditRequest): World {
  const { target, siblings, lostSiblings = {}, now, gates, onProgress, onGate, leftOut, reported, files } = request;
  const readers = Object.entries(siblings).map(
    ([name, snapshot]) => [name, new SnapshotReader(name, snapshot, files)] as const,
  );
  return {
    target: new SnapshotReader('target', target, files),
    siblings: new Map(readers),
    lostSiblings: new Map(Object.entries(lostSiblings)),
    now,
    gates: new Map(gates.map((gate) => [gate.name, gate])),
    onProgress,
    onGate,
    leftOut,
    ...(reported && { reported }),
  };
}

/** The gates that the repo declares, and what tells this version of them from another. */
async function readDeclaration({ declare, gates }: AuditRequest, world: World) {
  const trace = createTrace();
  if (!declare) return { declaration: NOTHING_DECLARED, version: '', read: trace };
  const taken = new Set(gates.flatMap(({ name, own }) => (own ? [name, own.number] : [name])));
  const declaration = await untilRead(
    world,
    ({ target }) => declare(viewOf(target, trace, { meter: createMeter() }), taken) ?? NOTHING_DECLARED,
  );
  return { declaration, version: digest(JSON.stringify([...trace.facts])), read: trace };
}

async function waiversOf(world: World, trace: TraceRecorder): Promise<Waivers> {
  const waivers = await untilRead(world, ({ target, now }) => {
    return readWaivers(configurationViewOf(target, trace), now, target.snapshot.entries.get(WAIVERS_FILE)?.mode);
  });
  for (const { expires } of waivers.active) trace.askTime(Date.parse(expires) + DAY);
  return waivers;
}

/** Judges the selected gates that nothing has decided yet. */
async function judge(
  { gates: selected }: Selection,
  world: World,
  { earlier, detailed = false }: AuditRequest,
  versionOf: JudgingOptions['versionOf'],
) {
  const undecided = selected.filter(
    (each): each is SelectedGate & { gate: Gate } => each.gate !== undefined && each.decided === undefined,
  );
  const gates = [...new Map(undecided.map(({ gate }) => [gate.name, gate])).values()];
  const { evaluations, judged, before } = await judgeGates(world, gates, {
    earlier: earlier?.verdicts ?? new Map(),
    versionOf,
    quote: (evaluation, kept) => (detailed ? withExcerpts(evaluation, world, kept) : evaluation),
  });
  const verdicts = new Map<string, StoredVerdict>();
  for (const [gate, evaluation] of earlier ? evaluations : []) {
    const kept = before.get(gate.name);
    const stored = judged.has(gate.name) ? storable(evaluation, versionOf(gate), world.now, kept) : kept;
    if (stored) verdicts.set(gate.name, stored);
  }
  return {
    evaluations: new Map(undecided.map((each) => [each as SelectedGate, evaluations.get(each.gate)] as const)),
    traces: [...evaluations.values()].map(({ trace }) => trace),
    verdicts,
    judged: judged.size,
    reused: gates.length - judged.size,
  };
}
