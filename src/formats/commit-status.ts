import type { CommitStatus } from '../core/status.ts';
import type { StoredAudit } from '../core/store.ts';
import { oneLine } from '../core/text/neutral.ts';
import { outcomeOf } from './summary.ts';
import { totalsInWords } from './totals.ts';

/** GitHub takes no more. */
const MAX_DESCRIPTION = 140;

const STATES = { pass: 'success', fail: 'success', new: 'failure', incomplete: 'error', error: 'error' } as const;

/** What an audit says beside its commit: red only for what newly fails, since the commit is not to blame for what is known. */
export function commitStatusOf({ report, newlyFailing }: StoredAudit): CommitStatus | null {
  if (report.sha === null) return null;
  const outcome = outcomeOf(report, newlyFailing);
  const description = descriptionOf(report, newlyFailing);
  return { sha: report.sha, state: STATES[outcome], description: oneLine(description, MAX_DESCRIPTION) };
}

function descriptionOf(report: StoredAudit['report'], newlyFailing: readonly string[]): string {
  if (report.error !== undefined) return 'could not audit';
  const parts: string[] = [];
  if (newlyFailing.length > 0) parts.push(`newly failing: ${newlyFailing.join(' ')}`);
  else if (!report.complete) parts.push('incomplete');
  parts.push(totalsInWords(report, newlyFailing));
  return parts.join(' · ');
}
