import type { CheckAnnotation, CheckRun, CheckState } from '../core/check-runs.ts';
import { stableText } from '../core/text/stable.ts';

/** What a check of CI comes to as a gate's verdict. */
export interface CheckResult {
  readonly verdict: 'pass' | 'fail' | 'blind';
  /** Why it is blind. */
  readonly reason?: string;
  readonly findings: readonly CheckFinding[];
}

export interface CheckFinding {
  readonly rule: string;
  readonly subject: string;
  readonly path: string | null;
  readonly line: number | null;
  readonly message: string;
}

/** Only `success` and `failure` say something about the repo; everything else says why nothing is known. */
const UNKNOWN: Readonly<Record<Exclude<CheckState, 'success' | 'failure'>, string>> = {
  neutral: 'ended as neutral, which is neither pass nor fail',
  cancelled: 'was cancelled',
  skipped: 'was skipped',
  'timed-out': 'ran out of time',
  'action-required': 'waits for somebody to approve it',
  'startup-failure': 'could not start',
  stale: 'was given up by GitHub',
  pending: 'has not ended yet',
};

/**
 * The verdict of the check of this name among those of the audited commit. A name is that of a check run, a commit status's context,
 * or `workflow / job`. Where several have the name, all have to succeed, and one failure fails.
 */
export function checkResult(name: string, runs: readonly CheckRun[]): CheckResult {
  const named = runsNamed(name, runs);
  if (named.length === 0)
    return { verdict: 'blind', reason: `No check called ${name} ran at this commit.`, findings: [] };
  const failed = named.filter(({ state }) => state === 'failure');
  if (failed.length > 0) return { verdict: 'fail', findings: failed.flatMap(findingsOf) };
  for (const { state } of named) {
    if (state !== 'success' && state !== 'failure')
      return { verdict: 'blind', reason: `The check ${name} ${UNKNOWN[state]}.`, findings: [] };
  }
  return { verdict: 'pass', findings: [] };
}

/** The runs that a name stands for. */
export function runsNamed(name: string, runs: readonly CheckRun[]): readonly CheckRun[] {
  return runs.filter((run) => run.name === name || `${run.workflow} / ${run.name}` === name);
}

/** Its failure annotations; where it has none, its own words. */
function findingsOf(run: CheckRun): readonly CheckFinding[] {
  const failures = run.annotations.filter(({ level }) => level === 'failure');
  // GitHub Actions adds one about the job as a whole, at `.github`, beside those of the tools that ran in it.
  const placed = failures.filter(({ path }) => path !== '.github');
  const shown = placed.length > 0 ? placed : failures;
  if (shown.length > 0) return shown.map(asFinding);
  const [message = ''] = run.summary.split('\n');
  return [
    { rule: 'check-succeeds', subject: run.name, path: null, line: null, message: message || `${run.name} failed.` },
  ];
}

function asFinding({ path, line, title, message }: CheckAnnotation): CheckFinding {
  const text = title === '' || message.startsWith(title) ? message : `${title}: ${message}`;
  const isPlaced = path !== '.github' && path !== '';
  return {
    rule: 'check-succeeds',
    subject: `${isPlaced ? path : ''} ${stableText(text)}`.trim(),
    path: isPlaced ? path : null,
    line: isPlaced ? line : null,
    message: text,
  };
}
