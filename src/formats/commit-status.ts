import type { CommitStatus } from '../core/status.ts';
import type { StoredAudit } from '../core/store.ts';
import { outcomeOf } from './summary.ts';

/** GitHub takes no more. */
const MAX_DESCRIPTION = 140;

const STATES = { pass: 'success', fail: 'success', new: 'failure', incomplete: 'error', error: 'error' } as const;

/** What an audit says beside its commit: red only for what newly fails, since the commit is not to blame for what is known. */
export function commitStatusOf({ report, newlyFailing }: StoredAudit): CommitStatus | null {
  if (report.sha === null) return null;
  const outcome = outcomeOf(report, newlyFailing);
  const count = (verdict: string) => report.gates.filter((gate) => gate.verdict === verdict).length;
  const known = count('fail') - newlyFailing.length;
  const parts = [
    newlyFailing.length > 0 ? `newly failing: ${newlyFailing.join(' ')}` : '',
    outcome === 'incomplete' ? 'incomplete' : '',
    `${count('pass')} of ${report.gates.length} gates pass`,
    known > 0 ? `${known} known to fail` : '',
    count('blind') > 0 ? `${count('blind')} blind` : '',
  ];
  const told = outcome === 'error' ? 'could not audit' : parts.filter((part) => part !== '').join(' · ');
  return { sha: report.sha, state: STATES[outcome], description: told.slice(0, MAX_DESCRIPTION) };
}
