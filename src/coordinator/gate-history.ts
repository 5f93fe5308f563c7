import { type FindingKey, findingKey } from '../core/finding.ts';
import { continueStrip } from '../core/outcome.ts';
import { own } from '../core/own.ts';
import type { GateReport, Report } from '../core/report.ts';
import type { GateHistory } from '../core/store.ts';
import type { InboxState } from '../inbox/state.ts';

const UNSEEN: GateHistory = { strip: '', seen: {}, fresh: [], lastPass: null, firstFail: null, issue: null };

/** The history of every gate, by number. */
export type GateHistories = Readonly<Record<string, GateHistory>>;

/** What an audit leaves behind for the next one to continue. */
export interface Concluded {
  readonly report: Report;
  /** The inbox after its writes. */
  readonly state: InboxState;
  /** New findings by gate number. */
  readonly news: ReadonlyMap<string, readonly FindingKey[]>;
}

/** The history of every gate after an audit. An audit that could not begin leaves all as it was, marked as an error in the strips. */
export function historiesAfter(before: GateHistories, { report, state, news }: Concluded): GateHistories {
  if (report.error !== undefined) {
    const unchanged = Object.entries(before).map(([gate, history]) => [
      gate,
      { ...history, strip: continueStrip(history.strip, 'error') },
    ]);
    return Object.fromEntries(unchanged);
  }
  return Object.fromEntries(
    report.gates.map((gate) => {
      const fresh = news.get(gate.number) ?? [];
      return [gate.number, historyAfter(own(before, gate.number) ?? UNSEEN, gate, report, state, fresh)];
    }),
  );
}

function historyAfter(
  before: GateHistory,
  gate: GateReport,
  { sha, now }: Report,
  state: InboxState,
  fresh: readonly FindingKey[],
): GateHistory {
  const { issue = null, lastPass = null, firstFail = null } = own(state.gates, gate.name) ?? {};
  const here = { sha: sha ?? '', at: Date.parse(now) };
  const keys = gate.findings.map(findingKey);
  return {
    strip: continueStrip(before.strip, fresh.length > 0 ? 'new' : gate.verdict),
    seen: Object.fromEntries(keys.map((key) => [key, own(before.seen, key) ?? here])),
    fresh,
    lastPass,
    firstFail,
    issue: issue && { number: issue.number, phase: issue.phase },
  };
}
