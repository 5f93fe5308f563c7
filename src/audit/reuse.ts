import type { Finding } from '../core/finding.ts';
import type { Gate, Verdict } from '../core/gate.ts';
import { redactText } from '../core/text/redact.ts';
import { parseQuestion } from '../core/trace.ts';
import { type Evaluation, evaluateGates } from './evaluate.ts';
import { untilAllRead } from './read/until-all-read.ts';
import { type StoredTrace, stillHolds } from './still-holds.ts';
import type { World } from './world.ts';

/** A verdict as it is kept from one audit to the next. */
export interface StoredVerdict extends StoredTrace {
  readonly verdict: Exclude<Verdict, 'provisional'>;
  readonly reason: string | null;
  readonly unverified: readonly string[];
  readonly findings: readonly Finding[];
  /** What a script printed besides. */
  readonly output?: readonly string[];
}

/** What an earlier audit found out, by the name of a gate or `scriptKey` of a script, and what tells one version of our code from another. */
export interface EarlierVerdicts {
  readonly version: string;
  readonly verdicts: ReadonlyMap<string, StoredVerdict>;
}

/** A larger verdict is not kept: finding it again costs less than storing it. */
const MOST_FACTS = 4_000;
const MOST_FINDINGS = 500;

/** The verdicts of gates, and which of them were found out anew. */
export interface Judgement {
  readonly evaluations: ReadonlyMap<Gate, Evaluation>;
  /** Names of the gates that were judged; the verdicts of the others still hold. */
  readonly judged: ReadonlySet<string>;
  /** Earlier verdicts of the same version of a gate, whether they still hold or not. */
  readonly before: ReadonlyMap<string, StoredVerdict>;
}

export interface JudgingOptions {
  readonly earlier: ReadonlyMap<string, StoredVerdict>;
  /** What a gate is made from; undefined where that is its verdict, which is kept nowhere. */
  readonly versionOf: (gate: Gate) => string | undefined;
  /** Adds what stands at the places of findings; `before` is what the same version of the gate said earlier. */
  readonly quote: (evaluation: Evaluation, before: StoredVerdict | undefined) => Evaluation;
}

/** Judges gates, those aside whose earlier verdict still holds. Throws only `SnapshotError`. */
export async function judgeGates(
  world: World,
  gates: readonly Gate[],
  { earlier, versionOf, quote }: JudgingOptions,
): Promise<Judgement> {
  const candidates = new Map<string, StoredVerdict>();
  for (const gate of gates) {
    const stored = earlier.get(gate.name);
    if (stored && stored.version === versionOf(gate)) candidates.set(gate.name, stored);
  }
  const names = [...candidates.keys()];
  const checked = await untilAllRead(
    world,
    [...candidates.values()].map((stored) => (here: World) => stillHolds(stored, here)),
  );
  const kept = new Set(names.filter((_, index) => checked[index] === true));
  const stale = gates.filter(({ name }) => !kept.has(name));
  const fresh = await evaluateGates(world, stale, ({ name }, evaluation) => quote(evaluation, candidates.get(name)));
  const byName = new Map(stale.map(({ name }, index) => [name, fresh[index]]));
  const evaluations = new Map<Gate, Evaluation>();
  for (const gate of gates) {
    const stored = kept.has(gate.name) ? candidates.get(gate.name) : undefined;
    const evaluation = stored ? recalled(stored) : byName.get(gate.name);
    if (!evaluation) throw new Error(`no verdict of ${gate.name}`);
    evaluations.set(gate, evaluation);
  }
  return { evaluations, judged: new Set(byName.keys()), before: candidates };
}

function recalled({ verdict, reason, unverified, findings, facts, flipsAt, asksTime }: StoredVerdict): Evaluation {
  return {
    verdict,
    reason: reason ?? undefined,
    unverified,
    findings,
    trace: { facts: new Map(facts), flipsAt, asksTime },
  };
}

/**
 * A verdict in the form in which it is kept; undefined for one that is not worth it, or has no version.
 * `before` is what the same version of the gate said earlier, which holds no secret.
 */
export function storable(
  { verdict, reason, unverified, findings, trace }: Evaluation,
  version: string | undefined,
  at: number,
  before: StoredVerdict | undefined,
): StoredVerdict | undefined {
  if (
    version === undefined ||
    verdict === 'crashed' ||
    verdict === 'provisional' ||
    trace.facts.size > MOST_FACTS ||
    findings.length > MOST_FINDINGS
  )
    return undefined;
  if ([...trace.facts.keys()].some((text) => parseQuestion(text)?.kind === 'lost')) return undefined;
  const { flipsAt, asksTime } = trace;
  const facts = [...trace.facts];
  const stored = { version, at, verdict, reason: reason ?? null, unverified, findings, facts, flipsAt, asksTime };
  const texts = (verdict: StoredVerdict) => [...textsOf(verdict), ...verdict.facts.map(([question]) => question)];
  return holdsSecret(texts(stored), before && texts(before)) ? undefined : stored;
}

/** What a verdict tells people. */
export function textsOf({ reason, unverified, findings }: StoredVerdict): readonly string[] {
  const said = findings.flatMap(({ subject, message, excerpt = '' }) => [subject, message, excerpt]);
  return [reason ?? '', ...unverified, ...said];
}

/**
 * A secret is stored nowhere, and a verdict that was masked would not be the verdict: the gate is judged anew each time.
 * Texts that are known to hold none are not searched again.
 */
export function holdsSecret(texts: readonly string[], known: readonly string[] = []): boolean {
  const harmless = new Set(known);
  return texts.some((text) => !harmless.has(text) && redactText(text) !== text);
}
