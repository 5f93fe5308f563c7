import type { Audit } from '../audit/run.ts';
import type { GateWork } from '../core/store.ts';
import type { Verdicts } from './kept-verdicts.ts';
import type { LastAudit, Rows } from './rows.ts';

/**
 * How many gates an audit judged, in however many alarms and lives, and how many verdicts are older than it.
 * `before` are those that its last alarm found in the ledger. What was judged since an audit was last told is the work of this one.
 */
export function workOf({ judged, reused, verdicts }: Audit, before: Verdicts, rows: Rows): GateWork {
  const since = lastTold(rows);
  let inEarlierAlarms = 0;
  for (const [key, verdict] of verdicts) if (before.get(key) === verdict && verdict.at > since) inEarlierAlarms += 1;
  return { judged: judged + inEarlierAlarms, reused: reused - inEarlierAlarms };
}

/** The work of an audit that finds the last one still true. That one is told only now where a request came before it could be. */
export function workAgain({ report, work = { judged: 0, reused: 0 } }: LastAudit, rows: Rows): GateWork {
  return Date.parse(report.now) > lastTold(rows) ? work : { judged: 0, reused: work.judged + work.reused };
}

/** The clock of the last audit that was told. */
function lastTold(rows: Rows): number {
  const summary = rows.get('summary');
  return summary ? Date.parse(summary.now) : Number.NEGATIVE_INFINITY;
}
