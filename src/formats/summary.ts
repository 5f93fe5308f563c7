import { continueStrip, type Outcome } from '../core/outcome.ts';
import { own } from '../core/own.ts';
import { judgedNothing, type Report } from '../core/report.ts';
import type { StoredAudit, TargetSummary } from '../core/store.ts';

/** KV's metadata is small. */
const MAX_NAMED = 4;

/** What an audit amounts to in one word: an error of the auditor beats everything, a new failure beats an old one. */
export function outcomeOf(report: Report, newlyFailing: readonly string[]): Outcome {
  if (report.error !== undefined || judgedNothing(report)) return 'error';
  if (newlyFailing.length > 0) return 'new';
  if (!report.complete) return 'incomplete';
  return report.gates.some(({ verdict }) => verdict === 'fail') ? 'fail' : 'pass';
}

/** The line that the fleet page shows, continuing the strip of the line before. */
export function summarizeAudit(repo: string, audit: StoredAudit, before: TargetSummary | null): TargetSummary {
  const { id, report, trigger, newlyFailing, delivery, histories } = audit;
  const outcome = outcomeOf(report, newlyFailing);
  const lanes = report.lanes.map(({ id: lane, pass, total, fail, blind, crashed, provisional = 0, gates }) => {
    const newly = gates.filter((gate) => newlyFailing.includes(gate)).length;
    const totals = [pass, total, newly, fail, blind + crashed] as const;
    return [lane, provisional > 0 ? ([...totals, provisional] as const) : totals] as const;
  });
  const { planned, opened, updated, closed, suppressed, failed } = delivery;
  const since = (gate: string) => own(histories, gate)?.firstFail?.sha.slice(0, 7) ?? '';
  return {
    repo,
    id,
    sha: report.sha,
    now: report.now,
    outcome,
    trigger,
    lanes: Object.fromEntries(lanes),
    delivery: [planned, opened, updated, closed, suppressed, failed],
    strip: continueStrip(before?.strip ?? '', outcome),
    lastCompleteAt: report.complete ? report.now : (before?.lastCompleteAt ?? null),
    errors: delivery.errors.length + (report.error === undefined ? 0 : 1),
    newlyFailing: newlyFailing.slice(0, MAX_NAMED).map((gate) => [gate, since(gate)]),
  };
}
