import { createClock } from '../core/clock.ts';
import { digest } from '../core/digest.ts';
import { NO_REPORTED_FACTS, type ReportedFacts } from '../core/facts.ts';
import { type Finding, toFinding } from '../core/finding.ts';
import type { Gate, GateContext, OtherVerdict, Verdict } from '../core/gate.ts';
import { createMeter } from '../core/meter.ts';
import type { Repo } from '../core/repo.ts';
import { Abort, Exhausted, Suspended, Unavailable } from '../core/signals.ts';
import { createTrace, type Trace, type TraceRecorder } from '../core/trace.ts';
import { planReading } from './read/reading-plan.ts';
import { untilAllRead } from './read/until-all-read.ts';
import { viewOf } from './read/view.ts';
import { mayQuote, type World } from './world.ts';

/** What one gate says of one world, before lanes and registry are considered. */
export interface Evaluation {
  readonly verdict: Verdict;
  readonly reason: string | undefined;
  readonly unverified: readonly string[];
  readonly findings: readonly Finding[];
  readonly trace: Trace;
}

/**
 * Evaluates gates on a world; gives what they say in their order. One gate's exception touches no other. Throws only `SnapshotError`.
 * `finish` has each evaluation while the files that it rests on are still parsed.
 */
export async function evaluateGates(
  world: World,
  gates: readonly Gate[],
  finish: (gate: Gate, evaluation: Evaluation) => Evaluation = (_, evaluation) => evaluation,
): Promise<readonly Evaluation[]> {
  const { onGate } = world;
  const { order, done } = planReading(world, gates);
  const results = await untilAllRead(
    world,
    order.map((gate) => (here: World) => {
      const evaluation = finish(gate, evaluateGate(here, gate, []));
      done(gate);
      return evaluation;
    }),
    { total: gates.length, before: onGate && ((index) => onGate(order[index]?.name ?? '')) },
  );
  const byGate = new Map(order.map((gate, index) => [gate, results[index]]));
  return gates.map((gate) => {
    const result = byGate.get(gate) ?? new Error(`no verdict of ${gate.name}`);
    return result instanceof Error ? crashed(result.message, createTrace()) : result;
  });
}

/** Evaluates one gate on what is already fetched. Throws `Suspended` when more is needed. */
function evaluateGate(world: World, gate: Gate, callers: readonly string[]): Evaluation {
  const trace = createTrace();
  const findings: Finding[] = [];
  const unverified: string[] = [];
  const reasons: string[] = [];
  let otherwise: Verdict = 'pass';
  const leftOut = world.leftOut?.get(gate.name);
  if (leftOut !== undefined) {
    trace.record({ kind: 'lost', repo: 'target', subject: '' }, leftOut);
    return { verdict: 'blind', reason: leftOut, unverified, findings, trace };
  }
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
      const { subject, message } = error;
      findings.push(toFinding({ rule: 'unreadable', subject, at: error, message }));
    } else if (error instanceof Unavailable) {
      otherwise = 'blind';
      reasons.push(error.message);
      if (!error.isLasting) trace.record({ kind: 'lost', repo: 'target', subject: '' }, error.message);
    } else {
      const reason = error instanceof Exhausted ? error.message : String(error);
      return { ...crashed(reason, trace), unverified, findings };
    }
  }
  if (gate.own && otherwise === 'pass' && findings.length === 0 && foundNothing(trace)) {
    otherwise = 'skip';
    reasons.push('nothing that it looks at is there');
  }
  const verdict = findings.length > 0 ? 'fail' : otherwise;
  if (verdict === 'fail') reasons.push(...untold(trace.faults, findings));
  if (verdict === 'blind') reasons.push(...lostSiblings(world, trace));
  const reason = reasons.length > 0 ? reasons.join('; ') : undefined;
  return { verdict, reason, unverified, findings: findings.map((finding) => unquoted(finding, world)), trace };
}

/** What a finding does not say itself. */
function untold(faults: Iterable<string>, findings: readonly Finding[]): readonly string[] {
  const places = findings.map(({ path, line }) => `${path}:${line} `);
  return [...faults].filter((fault) => !places.some((place) => fault.startsWith(place)));
}

function crashed(reason: string, trace: Trace): Evaluation {
  return { verdict: 'crashed', reason, unverified: [], findings: [], trace };
}

/** Whether a gate asked, and nothing of what it asked for is there: then a pass would say that something was looked at. */
function foundNothing({ facts }: Trace): boolean {
  const answers = [...facts.values()];
  return answers.length > 0 && answers.every((answer) => answer === 'absent' || answer.startsWith('0 '));
}

/** A finding in a sibling that the target's readers may not see: where it is, and not what stands there. */
function unquoted(finding: Finding, world: World): Finding {
  const sibling = world.siblings.get(finding.repo);
  if (!sibling || mayQuote(sibling, world)) return finding;
  const { repo, path, line, rule } = finding;
  const place = `${path ?? ''}${line === null ? '' : `:${line}`}`;
  const message = `\`${place}\` in the private repository \`${repo}\` breaks the rule \`${rule}\`; what stands there is not shown to readers of this one.`;
  return { ...finding, subject: `${path ?? repo} ${digest(finding.subject)}`, message };
}

/** Why siblings that this gate asked for are not there, beyond not being configured. */
function lostSiblings({ lostSiblings: lost = new Map() }: World, { facts }: Trace): readonly string[] {
  const asked = [...lost].filter(([name]) => facts.has(`${name} sibling `));
  return asked.map(([name, reason]) => `the sibling \`${name}\` could not be read: ${reason}`);
}

/** Facts that note in the trace which tables were asked for, and what they held. */
function recorded({ tables, arrivals, maxAge }: ReportedFacts, trace: TraceRecorder): ReportedFacts {
  const note = (subject: string, answer: unknown) =>
    trace.record({ kind: 'reported', repo: 'machines', subject }, digest(JSON.stringify([answer, maxAge])));
  return {
    maxAge,
    get arrivals() {
      note('arrivals', arrivals);
      return arrivals;
    },
    tables(name) {
      const found = tables(name);
      note(`table ${name}`, found);
      return found;
    },
  };
}

function contextFor(world: World, gate: Gate, trace: TraceRecorder, callers: readonly string[]): GateContext {
  const siblings = new Map<string, Repo>();
  const options = { meter: createMeter(), severalDocuments: gate.own ? 'refused' : 'as-printed' } as const;
  return {
    repo: viewOf(world.target, trace, options),
    clock: createClock(world.now, trace.askTime),
    sibling(name) {
      const reader = world.siblings.get(name);
      trace.record({ kind: 'sibling', repo: name, subject: '' }, siblingAnswer(name, world));
      if (reader && !siblings.has(name)) siblings.set(name, viewOf(reader, trace, options));
      return siblings.get(name);
    },
    history(query) {
      const answer = world.target.history(query);
      trace.record({ kind: 'history', repo: 'target', subject: JSON.stringify(query) }, digest(JSON.stringify(answer)));
      return answer;
    },
    reported: recorded(world.reported ?? NO_REPORTED_FACTS, trace),
    verdictOf(name): OtherVerdict {
      const other = world.gates.get(name);
      if (!other) return { verdict: 'skip', unverified: [], reason: `gate ${name} is not implemented` };
      if (name === gate.name || callers.includes(name)) throw new Error(`gate ${name} asks for its own verdict`);
      const { trace: read, ...result } = evaluateGate(world, other, [...callers, gate.name]);
      trace.include(read);
      return result;
    },
  };
}

/** What there is to say of a sibling by itself. */
export function siblingAnswer(name: string, world: World): string {
  const reader = world.siblings.get(name);
  if (!reader) return world.lostSiblings?.get(name) ?? 'not configured';
  return mayQuote(reader, world) ? 'open' : 'private';
}
