import type { Report } from '../core/report.ts';
import type { Outcome, StoredAudit, TargetSummary } from '../core/store.ts';

const STRIP_LENGTH = 30;

/** What an audit amounts to in one word: an error of the auditor beats everything, a new failure beats an old one. */
export function outcomeOf(report: Report, newlyFailing: readonly string[]): Outcome {
  if (report.error !== undefined) return 'error';
  if (newlyFailing.length > 0) return 'new';
  if (!report.complete) return 'incomplete';
  return report.gates.some(({ verdict }) => verdict === 'fail') ? 'fail' : 'pass';
}

/** The line that the fleet page shows, continuing the strip of the line before. */
export function summarizeAudit(repo: string, audit: StoredAudit, before: TargetSummary | null): TargetSummary {
  const { id, report, newlyFailing, delivery } = audit;
  const outcome = outcomeOf(report, newlyFailing);
  const lanes = report.lanes.map(({ id: lane, pass, total, gates }) => {
    const fresh = gates.filter((gate) => newlyFailing.includes(gate)).length;
    return [lane, [pass, total, fresh] as const] as const;
  });
  return {
    repo,
    id,
    sha: report.sha,
    now: report.now,
    outcome,
    lanes: Object.fromEntries(lanes),
    strip: `${before?.strip ?? ''}${outcome.charAt(0)}`.slice(-STRIP_LENGTH),
    lastCompleteAt: report.complete ? report.now : (before?.lastCompleteAt ?? null),
    errors: delivery.errors.length + (report.error === undefined ? 0 : 1),
  };
}
