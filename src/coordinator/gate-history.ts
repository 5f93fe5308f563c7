import { type FindingKey, findingKey } from '../core/finding.ts';
import { continueStrip } from '../core/outcome.ts';
import { own } from '../core/own.ts';
import type { GateReport, Report } from '../core/report.ts';
import type { GateStanding } from '../core/store.ts';
import type { InboxState } from '../inbox/state.ts';

const UNSEEN: GateStanding = { strip: '', seen: {}, fresh: [], lastPass: null, firstFail: null, issue: null };

/** Where every gate stands, by number. */
export type Standings = Readonly<Record<string, GateStanding>>;

/** What an audit leaves behind for the next one to continue. */
export interface Concluded {
  readonly report: Report;
  /** The inbox as it is after delivery. */
  readonly state: InboxState;
  /** New findings by gate number. */
  readonly news: ReadonlyMap<string, readonly FindingKey[]>;
}

/** Where every gate stands after an audit. An audit that could not begin leaves all as it was, marked as an error in the strips. */
export function standingsAfter(before: Standings, { report, state, news }: Concluded): Standings {
  if (report.error !== undefined) {
    const unchanged = Object.entries(before).map(([gate, standing]) => [
      gate,
      { ...standing, strip: continueStrip(standing.strip, 'error') },
    ]);
    return Object.fromEntries(unchanged);
  }
  return Object.fromEntries(
    report.gates.map((gate) => {
      const fresh = news.get(gate.number) ?? [];
      return [gate.number, standingAfter(own(before, gate.number) ?? UNSEEN, gate, report, state, fresh)];
    }),
  );
}

function standingAfter(
  before: GateStanding,
  gate: GateReport,
  { sha, now }: Report,
  state: InboxState,
  fresh: readonly FindingKey[],
): GateStanding {
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
