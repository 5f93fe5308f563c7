import { createClock } from '../core/clock.ts';
import { NO_REPORTED_FACTS, type ReportedFacts } from '../core/facts.ts';
import { type Finding, toFinding } from '../core/finding.ts';
import type { Gate, GateContext, OtherVerdict, Verdict } from '../core/gate.ts';
import { shortHash } from '../core/hash.ts';
import type { Repo } from '../core/repo.ts';
import { Abort, Suspended, Unavailable } from '../core/signals.ts';
import { createTrace, type Trace, type TraceRecorder } from '../core/trace.ts';
import type { SnapshotReader } from './reader.ts';

/** How often a gate may learn that it has to read more. Paths learned from files learned from files: two rounds are common. */
const MAX_ROUNDS = 5;

/** What one gate says of one world, before lanes and registry are considered. */
export interface Evaluation {
  readonly verdict: Verdict;
  readonly reason: string | undefined;
  readonly unverified: readonly string[];
  readonly findings: readonly Finding[];
  readonly trace: Trace;
}

/** Everything that verdicts may depend on. */
export interface World {
  readonly target: SnapshotReader;
  readonly siblings: ReadonlyMap<string, SnapshotReader>;
  /** Configured siblings that could not be read, with the reason. */
  readonly lostSiblings?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What machines reported; nothing when absent. */
  readonly reported?: ReportedFacts;
  /** Every implemented gate by name, for gates that ask for another's verdict. */
  readonly gates: ReadonlyMap<string, Gate>;
  /** Hears how far the audit has come, before every fetch. */
  readonly onProgress?: ((progress: AuditProgress) => void) | undefined;
  /** Hears which gate comes next and is waited for, so that whoever kills the audit can be named. */
  readonly onGate?: ((name: string) => Promise<void>) | undefined;
  /** Gates that are not run at all, with the reason: they are blind. */
  readonly leftOut?: ReadonlyMap<string, string> | undefined;
}

export interface AuditProgress {
  /** Files that are being read now. */
  readonly files: number;
  /** Gates with a verdict, of all; 0 of 0 while lanes are resolved. */
  readonly done: number;
  readonly total: number;
}

/** Something that reads a world and may be suspended: a gate, or the resolution of lanes. */
export type Reading<T> = (world: World) => T;

interface Settling {
  /** How many of the readings are gates, for the progress. */
  readonly total?: number;
  /** Awaited before each reading, with its index. */
  readonly before?: ((index: number) => Promise<void>) | undefined;
}

/**
 * Runs readings until none is suspended any more: all that were missing something wait for one common fetch, then start over.
 * Returns their results in order; a reading that is still suspended after five rounds gives an Error instead.
 */
export async function settle<T>(
  world: World,
  readings: readonly Reading<T>[],
  { total = 0, before }: Settling = {},
): Promise<(T | Error)[]> {
  const results = new Map<number, T | Error>();
  const readers = [world.target, ...world.siblings.values()];
  for (let round = 0; ; round++) {
    const files = readers.reduce((sum, { missingFiles }) => sum + missingFiles, 0);
    world.onProgress?.({ files, done: total && results.size, total });
    await Promise.all(readers.map((reader) => reader.fetchMissing()));
    for (const [index, reading] of readings.entries()) {
      if (results.has(index)) continue;
      await before?.(index);
      try {
        results.set(index, reading(world));
      } catch (error) {
        if (!(error instanceof Suspended)) throw error;
        if (round === MAX_ROUNDS) results.set(index, new Error(`still reading new files after ${MAX_ROUNDS} rounds`));
      }
    }
    if (results.size === readings.length)
      return readings.map((_, index) => results.get(index) ?? new Error('no result'));
  }
}

/** Evaluates gates on a world, in order. One gate's exception touches no other. Throws only `SnapshotError`. */
export async function evaluateGates(world: World, gates: readonly Gate[]): Promise<readonly Evaluation[]> {
  for (const gate of gates) {
    world.target.prefetch(gate.reads);
    for (const [name, reads] of Object.entries(gate.siblingReads ?? {})) world.siblings.get(name)?.prefetch(reads);
  }
  const { onGate } = world;
  const results = await settle(
    world,
    gates.map((gate) => (here: World) => evaluateGate(here, gate, [])),
    { total: gates.length, before: onGate && ((index) => onGate(gates[index]?.name ?? '')) },
  );
  return results.map((result) =>
    result instanceof Error
      ? {
          verdict: 'crashed',
          reason: result.message,
          unverified: [],
          findings: [],
          trace: createTrace(),
        }
      : result,
  );
}

/** Evaluates one gate on what is already fetched. Throws `Suspended` when more is needed. */
function evaluateGate(world: World, gate: Gate, callers: readonly string[]): Evaluation {
  const trace = createTrace();
  const findings: Finding[] = [];
  const unverified: string[] = [];
  const reasons: string[] = [];
  let otherwise: Verdict = 'pass';
  const leftOut = world.leftOut?.get(gate.name);
  if (leftOut !== undefined) return { verdict: 'blind', reason: leftOut, unverified, findings, trace };
  try {
    for (const remark of gate.check(contextFor(world, gate, trace, callers))) {
      if ('unverified' in remark) unverified.push(remark.unverified);
      else if ('blind' in remark) {
        otherwise = 'blind';
        reasons.push(remark.blind);
      } else if ('notApplicable' in remark) {
        otherwise = 'skip';
        reasons.push(remark.notApplicable);
      } else findings.push(toFinding(remark));
    }
  } catch (error) {
    if (error instanceof Suspended) throw error;
    if (error instanceof Abort) {
      findings.push(
        toFinding({
          rule: 'unreadable',
          subject: error.subject,
          at: error,
          message: error.message,
        }),
      );
    } else if (error instanceof Unavailable) {
      otherwise = 'blind';
      reasons.push(error.message);
    } else {
      return { verdict: 'crashed', reason: String(error), unverified, findings, trace };
    }
  }
  const verdict = findings.length > 0 ? 'fail' : otherwise;
  if (verdict === 'fail') reasons.push(...trace.faults);
  if (verdict === 'blind') reasons.push(...lostSiblings(world, trace));
  return {
    verdict,
    reason: reasons.length > 0 ? reasons.join('; ') : undefined,
    unverified,
    findings,
    trace,
  };
}

/** Why siblings that this gate asked for are not there, beyond not being configured. */
function lostSiblings({ lostSiblings: lost = {} }: World, { facts }: TraceRecorder): readonly string[] {
  const asked = Object.entries(lost).filter(([name]) => facts.has(`${name} sibling`));
  return asked.map(([name, reason]) => `the sibling \`${name}\` could not be read: ${reason}`);
}

/** Facts that note in the trace which tables were asked for, and what they held. */
function recorded({ tables, lastArrival, maxAge }: ReportedFacts, trace: TraceRecorder): ReportedFacts {
  return {
    maxAge,
    get lastArrival() {
      trace.record('reported last arrival', String(lastArrival));
      return lastArrival;
    },
    tables(name) {
      const found = tables(name);
      trace.record(`reported table ${name}`, shortHash(JSON.stringify(found)));
      return found;
    },
  };
}

function contextFor(world: World, gate: Gate, trace: TraceRecorder, callers: readonly string[]): GateContext {
  const siblings = new Map<string, Repo>();
  return {
    repo: world.target.viewFor(trace),
    clock: createClock(world.now, (instant) => trace.flips(instant)),
    sibling(name) {
      const reader = world.siblings.get(name);
      if (!reader) trace.record(`${name} sibling`, 'not configured');
      else if (!siblings.has(name)) siblings.set(name, reader.viewFor(trace));
      return siblings.get(name);
    },
    history: (query) => world.target.historyFor(trace, query),
    reported: recorded(world.reported ?? NO_REPORTED_FACTS, trace),
    verdictOf(name): OtherVerdict {
      const other = world.gates.get(name);
      if (!other) return { verdict: 'skip', unverified: [], reason: `gate ${name} is not implemented` };
      if (name === gate.name || callers.includes(name)) throw new Error(`gate ${name} asks for its own verdict`);
      const { trace: read, ...result } = evaluateGate(world, other, [...callers, gate.name]);
      for (const [question, answer] of read.facts) trace.record(question, answer);
      if (read.flipsAt !== null) trace.flips(read.flipsAt);
      return result;
    },
  };
}
