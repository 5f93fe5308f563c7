import type { Finding } from '../core/finding.ts';
import { SnapshotError } from '../core/snapshot.ts';
import { enumerate } from '../core/text/enumerate.ts';
import { redactLine, redactText } from '../core/text/redact.ts';
import { createTrace, type Trace } from '../core/trace.ts';
import { executeScript, type ScriptRequest, type ScriptRun } from './execute.ts';
import { attributesIn, foldersAbove } from './files/attributes.ts';
import { PLACE } from './files/disk.ts';
import { marksFailure, printedFindings } from './findings.ts';
import { Budget, LIMITS } from './shell/budget.ts';
import { OTHER_SURROUNDINGS, RESPECTS, type Respect, type Surroundings, USUAL_SURROUNDINGS } from './surroundings.ts';

/** What a script of the audited repo says about it, and what it took to find out. */
export interface ScriptVerdict {
  readonly verdict: 'pass' | 'fail' | 'blind' | 'crashed';
  /** Why it is blind or crashed; what a failing script could not look at. */
  readonly reason?: string;
  readonly findings: readonly Finding[];
  /** What it printed besides, redacted, at most `EXCERPT_LINES` lines. */
  readonly excerpt: readonly string[];
  readonly needs: readonly string[];
  /** What it was told that is the machine's and not the repo's. Where it passes or fails, it does so on two machines that differ in all of these. */
  readonly leansOn: readonly Respect[];
  /** What of its verdict stands on somebody's word. */
  readonly unverified: readonly string[];
  /** Empty where the verdict is `crashed`: it must not be used again. */
  readonly trace: Trace;
  readonly cost: { readonly commands: number; readonly milliseconds: number };
}

const EXCERPT_LINES = 40;
/** So many needs are named; a script that wants the whole machine names dozens. */
const NAMED_NEEDS = 3;
const ABSENT_REMEDY = '; where nothing is there, the target can state it as `absent`';
const PYTHON_REMEDY = '; a Worker whose `main` is src/worker-with-python.ts has it';

/** What one run of a script says. */
type Look = Omit<ScriptVerdict, 'cost'>;

/**
 * Runs a script of the audited repo, unmodified, and says what it found. It is blind when it needs anything that is not here, whatever its exit status,
 * and crashed when it used up a limit. A verdict that leans on the machine must be the same on another one, or it is blind; the limits hold for both runs
 * together. Throws `SnapshotError` when the repo cannot be read at all.
 */
export async function runScript(request: ScriptRequest): Promise<ScriptVerdict> {
  const startedAt = performance.now();
  const budget = new Budget(request.limits ?? LIMITS);
  const first = await look(request, USUAL_SURROUNDINGS, budget);
  const isShaky = (first.verdict === 'pass' || first.verdict === 'fail') && first.leansOn.length > 0;
  const told = isShaky ? confirmed(first, await look(request, OTHER_SURROUNDINGS, budget)) : first;
  return { ...told, cost: { commands: budget.commands, milliseconds: performance.now() - startedAt } };
}

async function look(request: ScriptRequest, surroundings: Surroundings, budget: Budget): Promise<Look> {
  const run = await attempt(request, surroundings, budget);
  if ('crash' in run) {
    const trace = { facts: new Map<string, string>(), flipsAt: null, asksTime: false };
    const nothing = { findings: [], excerpt: [], needs: [], unverified: [], leansOn: [] };
    return { verdict: 'crashed', reason: run.crash, ...nothing, trace };
  }
  const { verdict, reason, telling } = judge(run, request);
  const findings = verdict === 'fail' ? findingsIn(telling, request) : [];
  return {
    verdict,
    ...(reason === undefined ? {} : { reason }),
    findings,
    excerpt: excerptOf(run.output, findings),
    needs: run.needs.map(({ what }) => what),
    unverified: run.absent.map((place) => `${place}, which the target's settings say is absent`),
    trace: run.trace,
    leansOn: [...run.leansOn.keys()],
  };
}

async function attempt(
  request: ScriptRequest,
  surroundings: Surroundings,
  budget: Budget,
): Promise<ScriptRun | { readonly crash: string }> {
  try {
    const run = await executeScript(request, surroundings, budget);
    // Whoever waits for a machine that is not here never ends: what says why is the need.
    if (run.limit === null || run.needs.length > 0) return run;
    return { crash: `limit: ${run.limit}` };
  } catch (error) {
    if (error instanceof SnapshotError) throw error;
    return { crash: error instanceof Error ? `the shell failed: ${error.message}` : String(error) };
  }
}

/** A verdict that leans on the machine, once it was looked for on another. What either run asked is asked. */
function confirmed(first: Look, second: Look): Look {
  if (second.verdict === 'crashed') return second;
  const trace = createTrace();
  trace.include(first.trace);
  trace.include(second.trace);
  const needs = [...new Set([...first.needs, ...second.needs])];
  const unverified = [...new Set([...first.unverified, ...second.unverified])];
  const both = { ...first, needs, unverified, trace };
  if (second.verdict === first.verdict) return both;
  if (second.needs.length > 0)
    return { ...both, verdict: 'blind', reason: `needs ${named(second.needs)}`, findings: [] };
  const respects = first.leansOn.map((respect) => RESPECTS[respect]);
  const machine = `the machine: its verdict hangs on ${enumerate(respects, 'or')}`;
  return { ...both, verdict: 'blind', reason: `needs ${machine}`, needs: [...needs, machine], findings: [] };
}

interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'blind';
  readonly reason?: string;
  /** The output that the findings are taken from. */
  readonly telling: string;
}

/** A pass needs all that the script asked for. A failure may stand on what it had printed before it asked for something that is not here. */
function judge(run: ScriptRun, request: ScriptRequest): Judgement {
  const [first] = run.needs;
  if (first) {
    const before = run.output.slice(0, first.at);
    const isProven = run.limit === null && run.status !== 0 && marksFailure(before);
    return {
      verdict: isProven ? 'fail' : 'blind',
      reason: `needs ${named(run.needs.map(({ what }) => what))}`,
      telling: before,
    };
  }
  if (!looksAtRepo(run, request)) return { verdict: 'blind', reason: 'it read nothing of the repo', telling: '' };
  return { verdict: run.status === 0 ? 'pass' : 'fail', telling: run.output };
}

/** The first needs, and what the owner can do about them. */
function named(needs: readonly string[]): string {
  const shown = needs.slice(0, NAMED_NEEDS);
  const more = needs.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '') + remedyFor(needs);
}

/** A need is called `python3` only where scripts are given no Python. */
function remedyFor(needs: readonly string[]): string {
  if (needs.every((what) => what.startsWith(PLACE))) return ABSENT_REMEDY;
  return needs.every((what) => /^python3(?:,|$)/.test(what)) ? PYTHON_REMEDY : '';
}

/** Whether it asked anything about the repo but for the way to itself. */
function looksAtRepo({ trace }: ScriptRun, { script }: ScriptRequest): boolean {
  const above = foldersAbove(script);
  const ways = new Set([script, '.git', ...above, ...above.map(attributesIn)]);
  for (const question of trace.facts.keys()) {
    const [, kind = '', subject = ''] = /^\S+ (\S+) (.*)$/s.exec(question) ?? [];
    if (kind !== 'entry' || !ways.has(subject)) return true;
  }
  return false;
}

function findingsIn(output: string, { tree, layout }: ScriptRequest): readonly Finding[] {
  const isFile = (path: string) => tree.snapshot.entries.get(path)?.mode.startsWith('100') === true;
  return printedFindings(output, { isFile, root: layout.root }).map(({ rule, subject, path, line, message }) => ({
    rule,
    subject: redactText(subject),
    repo: 'target',
    path,
    line,
    message: redactText(message),
  }));
}

function excerptOf(output: string, findings: readonly Finding[]): readonly string[] {
  const told = findings.map(({ message }) => message);
  return output
    .split('\n')
    .filter((line) => line.trim() !== '' && !told.some((message) => line.includes(message)))
    .slice(0, EXCERPT_LINES)
    .map(redactLine);
}
