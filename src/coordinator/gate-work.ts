import type { Audit } from '../audit/run.ts';
import type { GateWork } from '../core/store.ts';
import type { LastAudit, Rows } from './rows.ts';
import type { KeptVerdict } from './verdict-row.ts';

/**
 * The name of the audit that is under way, in however many alarms and lives. What was judged since an audit was last told is the work of this one.
 * Its clock would not tell it from others: a push is audited in the same millisecond, or before a cron whose time is earlier.
 */
export function auditUnderWay(rows: Rows): string {
  const known = rows.get('audit');
  if (known !== undefined) return known;
  const name = crypto.randomUUID();
  rows.put('audit', name);
  return name;
}

/** The audit under way is told: what is judged from now on is the work of another. */
export function endAudit(rows: Rows): void {
  if (rows.get('audit') !== undefined) rows.delete('audit');
}

/**
 * How many gates an audit judged, and how many verdicts are older than it. `before` are those that its last alarm found in the ledger:
 * some of them are of its earlier alarms.
 */
export function workOf(
  { judged, reused, verdicts }: Audit,
  before: ReadonlyMap<string, KeptVerdict>,
  rows: Rows,
): GateWork {
  const underWay = rows.get('audit');
  let inEarlierAlarms = 0;
  for (const [key, verdict] of verdicts) {
    const kept = before.get(key);
    if (kept === verdict && kept.audit !== undefined && kept.audit === underWay) inEarlierAlarms += 1;
  }
  return { judged: judged + inEarlierAlarms, reused: reused - inEarlierAlarms };
}

/** The work of an audit that finds the last one still true. That one is told only now where a request came before it could be. */
export function workAgain({ audit, work = { judged: 0, reused: 0 } }: LastAudit, rows: Rows): GateWork {
  const isTold = audit === undefined || audit !== rows.get('audit');
  return isTold ? { judged: 0, reused: work.judged + work.reused } : work;
}
