import { continueStrip } from './outcome.ts';
import type { GateReport, Report } from './report.ts';
import type { GateHistory, RepeatedAudit, StoredAudit } from './store.ts';

/** An audit that repeats another one, as if it had been made anew. */
export function repeated(audit: StoredAudit, { id, now, trigger, requests, work, times }: RepeatedAudit): StoredAudit {
  const { touched: _, ...rest } = audit;
  const histories = repeatedHistories(audit.histories, audit.report, { now, times });
  return { ...rest, id, trigger, requests, work, histories, report: { ...audit.report, now } };
}

/** The history of every gate, after its report was found to hold some more times, the last time at `now`. */
export function repeatedHistories(
  histories: StoredAudit['histories'],
  { gates, now: before }: Report,
  { now, times }: Pick<RepeatedAudit, 'now' | 'times'>,
): StoredAudit['histories'] {
  const byNumber = new Map(gates.map((gate) => [gate.number, gate]));
  const continued = Object.entries(histories).map(([number, history]): [string, GateHistory] => {
    const gate = byNumber.get(number);
    return [number, gate ? repeatedHistory(history, gate, { before, now, times }) : history];
  });
  return Object.fromEntries(continued);
}

function repeatedHistory(
  history: GateHistory,
  { verdict }: GateReport,
  { before, now, times }: { readonly before: string; readonly now: string; readonly times: number },
): GateHistory {
  const { strip, fresh, lastPass } = history;
  const isRenewed = verdict === 'pass' && lastPass?.at === Date.parse(before);
  return {
    ...history,
    strip: continueStrip(strip, fresh.length > 0 ? 'new' : verdict, times),
    lastPass: isRenewed ? { ...lastPass, at: Date.parse(now) } : lastPass,
  };
}
