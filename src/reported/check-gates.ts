import type { CheckRun } from '../core/check-runs.ts';
import type { Located } from '../core/finding.ts';
import type { Gate } from '../core/gate.ts';
import { type CheckResult, checkResult } from './check-results.ts';

/** Why the checks of a commit are not known. */
export interface UnreadChecks {
  readonly unread: string;
}

/** Checks of CI as gates of a lane of their own, in the order in which they are named. */
export function checkGates(names: readonly string[], runs: readonly CheckRun[] | UnreadChecks): readonly Gate[] {
  return names.map((name, index) => {
    const result: CheckResult =
      'unread' in runs ? { verdict: 'blind', reason: runs.unread, findings: [] } : checkResult(name, runs);
    return checkGate(name, `C${index + 1}`, result);
  });
}

function checkGate(name: string, number: string, { verdict, reason = '', findings }: CheckResult): Gate {
  return {
    name: `check: ${name}`,
    mirrors: [],
    own: { number, severity: 'high', lane: 'checks' },
    why: 'This check of CI is one of the gates of this repository.',
    fix: "Open the check's run at GitHub and fix what it reports.",
    rules: { 'check-succeeds': 'The check reports what is wrong.' },
    reads: [],
    *check({ repo }) {
      if (verdict === 'blind') return yield { blind: reason };
      for (const { rule, subject, path, line, message } of findings)
        yield { rule, subject, message, at: path === null ? undefined : placeOf(repo.at(path), line) };
    },
    examples: { pass: [], fail: [] },
  };
}

function placeOf({ place }: Located, line: number | null): Located {
  return { place: { ...place, line } };
}
