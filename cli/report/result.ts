import { redactText } from '../../src/core/text/redact.ts';
import { MAX_BODY, MAX_OUTPUT, type ReportedResult } from '../../src/reported/results.ts';
import { printedFindings } from '../../src/scripts/findings.ts';
import type { ScriptRun } from '../shared/run-script.ts';
import { NotPosted } from './post.ts';

/** Statuses by which a shell says that a program cannot be run, which is no verdict about the repo. */
const CANNOT_RUN = [126, 127];
const NOT_FOUND = /^.*: (?:line \d+: )?(\S+): command not found$/m;

/** What a run of a gate's script comes to. `root` is where it ran. */
export function resultOf(
  gate: string,
  { status, problem, output }: ScriptRun,
  place: { readonly isFile: (path: string) => boolean; readonly root: string },
): ReportedResult {
  const shown = redactText(output.replaceAll(`${place.root}/`, '')).slice(-MAX_OUTPUT);
  const base = { gate, findings: [], output: shown };
  const [, program] = NOT_FOUND.exec(output) ?? [];
  if (status === null) return { ...base, verdict: 'blind', reason: problem ?? 'it gave no exit status' };
  if (CANNOT_RUN.includes(status))
    return { ...base, verdict: 'blind', reason: `it ended with ${status}: ${program ?? 'a program'} is missing here` };
  if (status === 0 && program !== undefined)
    return { ...base, verdict: 'blind', reason: `it went on without ${program}, which is missing here` };
  if (status === 0) return { ...base, verdict: 'pass' };
  const findings = printedFindings(output, place).map((finding) => ({
    ...finding,
    subject: redactText(finding.subject).slice(0, 500),
    message: redactText(finding.message).slice(0, 2000),
  }));
  return { ...base, verdict: 'fail', findings };
}

interface Body {
  readonly results: readonly ReportedResult[];
  readonly [field: string]: unknown;
}

/** The body within what the Worker takes: where it is too long, every output is cut to its end. Throws `NotPosted` where that does not help. */
export function bodyOf(body: Body): string {
  for (const length of [MAX_OUTPUT, 2000, 200, 0]) {
    const results = body.results.map((result) => ({
      ...result,
      output: length === 0 ? '' : result.output.slice(-length),
    }));
    const text = JSON.stringify({ ...body, results });
    if (Buffer.byteLength(text) <= MAX_BODY) return text;
  }
  throw new NotPosted(
    `The results are over ${MAX_BODY} bytes even without output; run fewer gates at once with --gate.`,
  );
}
