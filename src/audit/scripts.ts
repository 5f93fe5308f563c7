import { digest } from '../core/digest.ts';
import type { Finding } from '../core/finding.ts';
import type { RunScript, ScriptAnswer, ScriptEngine } from '../core/script-gate.ts';
import { parseQuestion } from '../core/trace.ts';
import { siblingAnswer } from './evaluate.ts';
import { withExcerpt } from './excerpt.ts';
import { fetchAhead } from './fetch-ahead.ts';
import { untilAllRead } from './read/until-all-read.ts';
import { type EarlierVerdicts, holdsSecret, type StoredVerdict } from './reuse.ts';
import { stillHolds } from './still-holds.ts';
import { mayQuote, type World } from './world.ts';

/** The audited repo's own scripts, and how far this run may go with them. */
export interface ScriptsRequest {
  readonly engine: ScriptEngine;
  /** Scripts that nobody has certified count, too. */
  readonly areTrusted: boolean;
  /** Asked after each script, with what was done since the start: whether to leave the others for the next run. Never, when absent. */
  readonly isEnough?: (done: Spent) => boolean;
  /** Hears each verdict as soon as it is found out, and is waited for, so that a life that ends loses one script at most. */
  readonly onVerdict?: (key: string, verdict: StoredVerdict) => Promise<void>;
}

interface Spent {
  readonly scripts: number;
  readonly commands: number;
}

/** Scripts are left for the next run; what was found out so far is in `verdicts`. */
export class ScriptsLeft extends Error {
  override readonly name = 'ScriptsLeft';
  readonly left: number;
  readonly total: number;
  /** The audit's clock. */
  readonly begun: number;
  /** Of gates that we judge ourselves, as an audit gives them. */
  verdicts: ReadonlyMap<string, StoredVerdict> = new Map();

  constructor(left: number, total: number, begun: number) {
    super(`${left} of ${total} scripts are still to be run`);
    this.begun = begun;
    this.left = left;
    this.total = total;
  }
}

/** A script to run, and the gate that it is known by where a life ends with it. */
export interface WantedScript {
  readonly path: string;
  readonly gate: string;
}

export interface ScriptJudgement {
  readonly answers: ReadonlyMap<string, ScriptAnswer>;
  readonly verdicts: ReadonlyMap<string, StoredVerdict>;
  readonly judged: number;
  readonly reused: number;
}

/** The name under which a script's verdict is kept; no gate has one with a colon. */
function scriptKey(path: string): string {
  return `script:${path}`;
}

/** Runs scripts, those aside whose earlier verdict still holds. Throws `ScriptsLeft`, and `SnapshotError`. */
export async function judgeScripts(
  world: World,
  wanted: readonly WantedScript[],
  { engine, isEnough = () => false, onVerdict }: ScriptsRequest,
  { earlier, detailed = false }: { readonly earlier?: EarlierVerdicts | undefined; readonly detailed?: boolean },
): Promise<ScriptJudgement> {
  const version = `${earlier?.version ?? ''} ${engine.layout}`;
  const scripts = [...new Map(wanted.map((script) => [script.path, script])).values()];
  const kept = await stillHolding(world, scripts, earlier, version);
  const answers = new Map<string, ScriptAnswer>();
  const verdicts = new Map<string, StoredVerdict>();
  for (const [path, stored] of kept) {
    answers.set(path, recalled(stored));
    verdicts.set(scriptKey(path), stored);
  }
  const stale = scripts.filter(({ path }) => !kept.has(path));
  await fetchAhead(
    world.target.snapshot,
    stale.map(({ path }) => path),
  );
  let run: RunScript | undefined;
  let commands = 0;
  for (const [index, { path, gate }] of stale.entries()) {
    const leftOut = world.leftOut?.get(gate);
    if (leftOut !== undefined) {
      answers.set(path, blind(leftOut));
      continue;
    }
    if (index > 0 && isEnough({ scripts: index, commands }))
      throw new ScriptsLeft(stale.length - index, scripts.length, world.now);
    world.onProgress?.({ files: 0, done: kept.size + index, total: scripts.length });
    await world.onGate?.(gate);
    run ??= await engine.open({ target: world.target.snapshot, siblings: siblingsOf(world), now: world.now });
    const answer = await presentable(await run(path), world, detailed);
    commands += answer.commands;
    answers.set(path, answer);
    if (!earlier) continue;
    const stored = toStore(answer, version, world);
    verdicts.set(scriptKey(path), stored);
    await onVerdict?.(scriptKey(path), stored);
  }
  return { answers, verdicts, judged: stale.length, reused: kept.size };
}

function siblingsOf({ siblings }: World) {
  return new Map([...siblings].map(([name, { snapshot }]) => [name, snapshot]));
}

async function stillHolding(
  world: World,
  scripts: readonly WantedScript[],
  earlier: EarlierVerdicts | undefined,
  version: string,
): Promise<ReadonlyMap<string, StoredVerdict>> {
  const candidates: [string, StoredVerdict][] = [];
  for (const { path } of scripts) {
    const stored = earlier?.verdicts.get(scriptKey(path));
    if (stored?.version === version) candidates.push([path, stored]);
  }
  const checked = await untilAllRead(
    world,
    candidates.map(
      ([, stored]) =>
        (here: World) =>
          stillHolds(stored, here),
    ),
  );
  return new Map(candidates.filter((_, index) => checked[index] === true));
}

function blind(reason: string): ScriptAnswer {
  const trace = { facts: new Map([['target lost ', reason]]), flipsAt: null, asksTime: false };
  return { verdict: 'blind', reason, findings: [], output: [], unverified: [], trace, commands: 0 };
}

/** What a script said as far as readers of the target may see it, with what stands where its findings are. */
async function presentable(answer: ScriptAnswer, world: World, detailed: boolean): Promise<ScriptAnswer> {
  const hidden = [...world.siblings.values()].find(
    (sibling) => !mayQuote(sibling, world) && asksAbout(sibling.name, answer),
  );
  if (hidden) return withoutQuotes(answer, hidden.name);
  if (!detailed) return answer;
  for (const { path, line } of answer.findings) if (path !== null && line !== null) world.target.want(path);
  await world.target.fetchMissing();
  return { ...answer, findings: answer.findings.map((finding) => withExcerpt(finding, world.target)) };
}

function asksAbout(repo: string, { trace }: ScriptAnswer): boolean {
  return [...trace.facts.keys()].some((text) => parseQuestion(text)?.repo === repo);
}

/** A script that read a private sibling may print what stands there. */
function withoutQuotes(answer: ScriptAnswer, sibling: string): ScriptAnswer {
  const message = `A line of the script's output is not shown, since it may quote the private repository \`${sibling}\`.`;
  const findings = answer.findings.map(
    (finding): Finding => ({ ...finding, subject: digest(finding.subject), message }),
  );
  return { ...answer, findings, output: [] };
}

/**
 * A verdict in the form in which it is kept. Each is kept at least for this commit at this instant, so that the next run of the same
 * audit need not find it out again: also one that crashed, that lost something, or whose questions must not be written down.
 */
function toStore({ trace, reason, ...answer }: ScriptAnswer, version: string, world: World): StoredVerdict {
  const { verdict, findings, output, unverified } = answer;
  const isLost = [...trace.facts.keys()].some((text) => parseQuestion(text)?.kind === 'lost');
  const isBrief = verdict === 'crashed' || isLost || trace.facts.size === 0 || holdsSecret([...trace.facts.keys()]);
  const { flipsAt, asksTime } = trace;
  const facts = [...trace.facts, ...siblingFacts(world)];
  const rests = isBrief ? onThisInstant(world) : { facts, flipsAt, asksTime };
  return { version, at: world.now, verdict, reason: reason ?? null, unverified, findings, output, ...rests };
}

/** A sibling that is not there is a path that does not exist, about which a script asks nothing further. */
function siblingFacts(world: World): readonly (readonly [question: string, answer: string])[] {
  const names = [...world.siblings.keys(), ...(world.lostSiblings?.keys() ?? [])];
  return names.map((name) => [`${name} sibling `, siblingAnswer(name, world)] as const);
}

function onThisInstant({ target, siblings, now }: World) {
  const commits = [target, ...siblings.values()].flatMap(({ name, snapshot: { sha } }) =>
    sha === null ? [] : [[`${name} commit `, sha] as const],
  );
  return { facts: commits, flipsAt: now + 1, asksTime: true };
}

function recalled({
  verdict,
  reason,
  unverified,
  findings,
  output = [],
  facts,
  flipsAt,
  asksTime,
}: StoredVerdict): ScriptAnswer {
  const trace = { facts: new Map(facts), flipsAt, asksTime };
  // A script never says that it does not apply.
  return {
    verdict: verdict === 'skip' ? 'blind' : verdict,
    reason: reason ?? undefined,
    findings,
    output,
    unverified,
    trace,
    commands: 0,
  };
}
