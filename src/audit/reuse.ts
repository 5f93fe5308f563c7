import { digest } from '../core/digest.ts';
import type { Finding } from '../core/finding.ts';
import type { Gate, Verdict } from '../core/gate.ts';
import { Suspended } from '../core/signals.ts';
import { redactText } from '../core/text/redact.ts';
import { belowAnswer, entryAnswer, listingAnswer, parseQuestion, type Question } from '../core/trace.ts';
import { type Evaluation, evaluateGates, siblingAnswer } from './evaluate.ts';
import { untilAllRead } from './read/until-all-read.ts';
import { pathAnswer } from './read/view.ts';
import type { World } from './world.ts';

/** What something rested on when it was found out, in a form that can be kept. */
export interface StoredTrace {
  /** Of the code that found it out, and of whatever else it was made from. */
  readonly version: string;
  /** When it was found out, in ms since the epoch. */
  readonly at: number;
  readonly facts: readonly (readonly [question: string, answer: string])[];
  readonly flipsAt: number | null;
  readonly asksTime: boolean;
}

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

/** Whether all that something rested on would be answered alike now. Reading may suspend. */
function holds({ at, facts, flipsAt, asksTime }: StoredTrace, world: World): boolean {
  if (asksTime && (world.now < at || (flipsAt !== null && world.now >= flipsAt))) return false;
  return facts.every(([text, answer]) => {
    const question = parseQuestion(text);
    return question !== undefined && answerTo(question, world) === answer;
  });
}

/** What the world answers now; undefined for what can never hold. */
function answerTo({ kind, repo, subject }: Question, world: World): string | undefined {
  const reader = repo === 'target' ? world.target : world.siblings.get(repo);
  switch (kind) {
    case 'path':
      return reader && pathAnswer(reader.tree.find(subject));
    case 'glob':
      return reader && listingAnswer(reader.tree.glob(subject));
    case 'files':
      return reader && listingAnswer(reader.tree.files(subject));
    case 'names':
      return reader && listingAnswer(reader.tree.names(subject));
    case 'uncommitted':
      return reader && listingAnswer(reader.uncommitted());
    case 'entry':
      return reader && entryAnswer(reader.tree.at(subject));
    case 'below':
      return reader && belowAnswer(reader.snapshot.entries, subject);
    case 'commit':
      return reader?.snapshot.sha ?? undefined;
    case 'history':
      return digest(JSON.stringify(world.target.history(JSON.parse(subject))));
    case 'sibling':
      return siblingAnswer(repo, world);
    case 'reported':
      return reportedAnswer(subject, world);
    case 'lost':
      return undefined;
  }
}

function reportedAnswer(subject: string, { reported }: World): string {
  const table = /^table ([\s\S]*)$/.exec(subject)?.[1];
  const answer = table === undefined ? (reported?.lastArrival ?? null) : (reported?.tables(table) ?? []);
  return digest(JSON.stringify(answer));
}

/** The verdicts of gates, in order, and how many of them were found out anew. */
export interface Judgement {
  readonly evaluations: readonly Evaluation[];
  /** Names of the gates that were judged; the verdicts of the others still hold. */
  readonly judged: ReadonlySet<string>;
}

/** Judges gates, those aside whose earlier verdict still holds. `versionOf` tells what a gate is made from. Throws only `SnapshotError`. */
export async function judgeGates(
  world: World,
  gates: readonly Gate[],
  earlier: EarlierVerdicts['verdicts'],
  versionOf: (gate: Gate) => string,
): Promise<Judgement> {
  const candidates = new Map<string, StoredVerdict>();
  for (const gate of gates) {
    const stored = earlier.get(gate.name);
    if (stored?.version === versionOf(gate)) candidates.set(gate.name, stored);
  }
  const names = [...candidates.keys()];
  const checked = await untilAllRead(
    world,
    [...candidates.values()].map((stored) => (here: World) => stillHolds(stored, here)),
  );
  const kept = new Set(names.filter((_, index) => checked[index] === true));
  const stale = gates.filter(({ name }) => !kept.has(name));
  const fresh = await evaluateGates(world, stale);
  const byName = new Map(stale.map(({ name }, index) => [name, fresh[index]]));
  const evaluations = gates.map(({ name }) => {
    const stored = kept.has(name) ? candidates.get(name) : undefined;
    const evaluation = stored ? recalled(stored) : byName.get(name);
    if (!evaluation) throw new Error(`no verdict of ${name}`);
    return evaluation;
  });
  return { evaluations, judged: new Set(byName.keys()) };
}

/** What cannot be answered now does not hold: judging the gate again says why. */
export function stillHolds(stored: StoredVerdict, world: World): boolean {
  try {
    return holds(stored, world);
  } catch (error) {
    if (error instanceof Suspended) throw error;
    return false;
  }
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

/** A verdict in the form in which it is kept; undefined for one that is not worth it, or says nothing of the repo. */
export function storable(
  { verdict, reason, unverified, findings, trace }: Evaluation,
  version: string,
  at: number,
): StoredVerdict | undefined {
  if (
    verdict === 'crashed' ||
    verdict === 'provisional' ||
    trace.facts.size > MOST_FACTS ||
    findings.length > MOST_FINDINGS
  )
    return undefined;
  // A gate that asked nothing was made from what it says, as those of CI's checks are.
  if (trace.facts.size === 0 && !trace.asksTime) return undefined;
  if ([...trace.facts.keys()].some((text) => parseQuestion(text)?.kind === 'lost')) return undefined;
  const said = findings.flatMap(({ subject, message, excerpt = '' }) => [subject, message, excerpt]);
  if (holdsSecret([reason ?? '', ...unverified, ...said, ...trace.facts.keys()])) return undefined;
  const { flipsAt, asksTime } = trace;
  const facts = [...trace.facts];
  return { version, at, verdict, reason: reason ?? null, unverified, findings, facts, flipsAt, asksTime };
}

/** A secret is stored nowhere, and a verdict that was masked would not be the verdict: the gate is judged anew each time. */
export function holdsSecret(texts: readonly string[]): boolean {
  return texts.some((text) => redactText(text) !== text);
}
