import type { Finding } from '../core/finding.ts';
import { SnapshotError } from '../core/snapshot.ts';
import { redactLine, redactText } from '../core/text/redact.ts';
import type { Trace } from '../core/trace.ts';
import { executeScript, type Need, type ScriptRequest, type ScriptRun } from './execute.ts';
import { marksFailure, printedFindings } from './findings.ts';

/** What a script of the audited repo says about it, and what it took to find out. */
export interface ScriptVerdict {
  readonly verdict: 'pass' | 'fail' | 'blind' | 'crashed';
  /** Why it is blind or crashed; what a failing script could not look at. */
  readonly reason?: string;
  readonly findings: readonly Finding[];
  /** What it printed besides, redacted, at most `EXCERPT_LINES` lines. */
  readonly excerpt: readonly string[];
  readonly needs: readonly string[];
  /** Empty where the verdict is `crashed`: it must not be used again. */
  readonly trace: Trace;
  readonly cost: { readonly commands: number; readonly milliseconds: number };
}

const EXCERPT_LINES = 40;
/** So many needs are named; a script that wants the whole machine names dozens. */
const NAMED_NEEDS = 3;

/**
 * Runs a script of the audited repo, unmodified, and says what it found. It is blind when it needs anything that is not here, whatever its exit status,
 * and crashed when it used up a limit. Throws `SnapshotError` when the repo cannot be read at all.
 */
export async function runScript(request: ScriptRequest): Promise<ScriptVerdict> {
  const startedAt = performance.now();
  const run = await attempt(request);
  const milliseconds = performance.now() - startedAt;
  if ('crash' in run) {
    const trace = { facts: new Map<string, string>(), flipsAt: null, asksTime: false };
    const cost = { commands: 0, milliseconds };
    return { verdict: 'crashed', reason: run.crash, findings: [], excerpt: [], needs: [], trace, cost };
  }
  const { verdict, reason, telling } = judge(run, request);
  const findings = verdict === 'fail' ? findingsIn(telling, request) : [];
  return {
    verdict,
    ...(reason === undefined ? {} : { reason }),
    findings,
    excerpt: excerptOf(run.output, findings),
    needs: run.needs.map(({ what }) => what),
    trace: run.trace,
    cost: { commands: run.commands, milliseconds },
  };
}

async function attempt(request: ScriptRequest): Promise<ScriptRun | { readonly crash: string }> {
  try {
    const run = await executeScript(request);
    // Whoever waits for a machine that is not here never ends: what says why is the need.
    if (run.limit === null || run.needs.length > 0) return run;
    return { crash: `limit: ${run.limit}` };
  } catch (error) {
    if (error instanceof SnapshotError) throw error;
    return { crash: error instanceof Error ? `the shell failed: ${error.message}` : String(error) };
  }
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
    return { verdict: isProven ? 'fail' : 'blind', reason: `needs ${named(run.needs)}`, telling: before };
  }
  if (!looksAtRepo(run, request)) return { verdict: 'blind', reason: 'it read nothing of the repo', telling: '' };
  return { verdict: run.status === 0 ? 'pass' : 'fail', telling: run.output };
}

function named(needs: readonly Need[]): string {
  const shown = needs.slice(0, NAMED_NEEDS).map(({ what }) => what);
  const more = needs.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Whether it asked anything about the repo but for the way to itself. */
function looksAtRepo({ trace }: ScriptRun, { script }: ScriptRequest): boolean {
  const ways = new Set([script, '', '.git']);
  for (let at = script.lastIndexOf('/'); at > 0; at = script.lastIndexOf('/', at - 1)) ways.add(script.slice(0, at));
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
