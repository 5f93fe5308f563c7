import { redactText } from '../../src/core/text/redact.ts';
import { MAX_BODY, MAX_OUTPUT, type ReportedResult, type Results } from '../../src/reported/results.ts';
import { marksFailure, printedFindings } from '../../src/scripts/findings.ts';
import type { ScriptRun } from '../shared/run-script.ts';
import type { Job } from './jobs.ts';

/** Characters at the end of an output that are searched for secrets, of which the last ones are sent: what is before those tells a secret that began earlier. */
const SEARCHED = 4 * MAX_OUTPUT;
/** Statuses by which a shell says that a program cannot be run, which is no verdict about the repo. */
const CANNOT_RUN = [126, 127];
const NOT_FOUND = /^.*: (?:line \d+: )?(\S+): command not found$/m;

export interface Checked {
  readonly isFile: (path: string) => boolean;
  /** Where it ran. */
  readonly root: string;
  /** Where the clone lies that it was checked out from. */
  readonly clone: string;
}

/** What a run of a gate comes to. */
export function resultOf(
  { gate, say }: Pick<Job, 'gate' | 'say'>,
  { status, problem, output }: ScriptRun,
  place: Checked,
): ReportedResult {
  const shown = redactText(output.slice(-SEARCHED).replaceAll(`${place.root}/`, '')).slice(-MAX_OUTPUT);
  const base = { gate, findings: [], output: shown };
  const [, program] = NOT_FOUND.exec(output) ?? [];
  const blind = (reason: string) => ({ ...base, verdict: 'blind' as const, reason: redactText(reason).slice(0, 1000) });
  if (status === null) return blind(problem ?? 'it gave no exit status');
  if (CANNOT_RUN.includes(status)) return blind(`it ended with ${status}: ${program ?? 'a program'} is missing here`);
  if (status === 0 && program !== undefined) return blind(`it went on without ${program}, which is missing here`);
  if (status === 0) return { ...base, verdict: 'pass' };
  const findings = findingsOf(output, say, place);
  // Some repos name their own place: what is wrong there says nothing of this checkout, which lies elsewhere.
  if (findings.every(({ message }) => names(message, place.clone)))
    return blind(`it failed over ${place.clone}, where the clone lies, while it ran in a clean checkout elsewhere`);
  return { ...base, verdict: 'fail', findings };
}

/** Whether a message speaks of a folder or of what is in it. */
function names(message: string, folder: string): boolean {
  const [, ...after] = message.split(folder);
  return after.some((rest) => !/^[\w.-]/.test(rest));
}

/**
 * What two runs of a gate come to of which the first failed: only what failed both times counts. Scripts that look into a pipe with `grep -q` fail by chance
 * on a busy machine, each time over something else, and nobody is woken by that.
 */
export function steady(first: ReportedResult, second: ReportedResult): ReportedResult {
  const blind = (reason: string) => ({ ...second, verdict: 'blind' as const, reason, findings: [] });
  if (second.verdict !== 'fail') return blind('it failed, and did not when it was run again');
  const again = new Set(second.findings.map(({ subject }) => subject));
  const findings = first.findings.filter(({ subject }) => again.has(subject));
  return findings.length > 0 ? { ...first, findings } : blind('it failed twice, each time over something else');
}

/** What the output says is wrong; the gate's own sentence where it marks nothing; at the least that it failed. */
function findingsOf(output: string, say: string | undefined, place: Checked): ReportedResult['findings'] {
  const whole = { rule: 'reported', subject: 'exit status', path: null, line: null };
  if (say !== undefined && !marksFailure(output)) return [{ ...whole, message: redactText(say).slice(0, 2000) }];
  const printed = printedFindings(output, place).map((finding) => ({
    ...finding,
    subject: redactText(finding.subject).slice(0, 500),
    message: redactText(finding.message).slice(0, 2000),
  }));
  return printed.length > 0 ? printed : [{ ...whole, message: 'It failed and printed nothing.' }];
}

type Head = Omit<Results, 'results' | 'facts'>;

/** Bodies that the Worker takes: as few as its limit allows. */
export function bodiesOf(head: Head, results: readonly ReportedResult[]): readonly string[] {
  const bodies: string[] = [];
  let chunk: ReportedResult[] = [];
  const text = (some: readonly ReportedResult[]) => JSON.stringify({ ...head, results: some });
  const fits = (some: readonly ReportedResult[]) => Buffer.byteLength(text(some)) <= MAX_BODY;
  for (const result of results) {
    const one = fits([result]) ? result : { ...result, output: '' };
    if (chunk.length > 0 && !fits([...chunk, one])) {
      bodies.push(text(chunk));
      chunk = [];
    }
    chunk.push(one);
  }
  return [...bodies, text(chunk)];
}
