import type { Verdict } from '../core/gate.ts';
import type { GateReport, LaneReport, Report } from '../core/report.ts';
import { plural } from '../core/text/plural.ts';
import { countVerdicts, type VerdictCounts } from '../core/verdict-counts.ts';

/** What gates are called that do not pass. */
const REST = {
  fail: 'failing',
  provisional: 'provisional',
  blind: 'blind',
  crashed: 'crashed',
  skip: 'skipped',
} as const;

/** `24/25 · 1 failing`: whatever does not pass is named, never hidden. */
export function laneTotals(lane: Omit<LaneReport, 'id' | 'gates'>): string {
  const counts = { ...lane, provisional: lane.provisional ?? 0 };
  const others = rest(counts, ['fail', 'provisional', 'blind', 'crashed', 'skip']);
  return [`${lane.pass}/${lane.total}`, ...others].join(' · ');
}

/** `48 of 52 gates pass · 1 known failure · 3 skipped`: an audit's gates, but for those that newly fail, of which its reader is told first. */
export function totalsInWords({ gates }: Report, newlyFailing: readonly string[]): string {
  const counts = countVerdicts(gates.map(({ verdict }) => verdict));
  const known = counts.fail - newlyFailing.length;
  const parts = [`${counts.pass} of ${plural(gates.length, 'gate')} pass`];
  if (known > 0) parts.push(plural(known, 'known failure'));
  return [...parts, ...rest(counts, ['provisional', 'blind', 'crashed', 'skip'])].join(' · ');
}

function rest(counts: VerdictCounts, verdicts: readonly Exclude<Verdict, 'pass'>[]): readonly string[] {
  return verdicts.filter((verdict) => counts[verdict] > 0).map((verdict) => `${counts[verdict]} ${REST[verdict]}`);
}

/** Gates that pass in a report without lanes, where gates were named instead: no total tells of them. */
export function passesBeyondTotals({ lanes, gates }: Report): readonly GateReport[] {
  return lanes.length > 0 ? [] : gates.filter(({ verdict }) => verdict === 'pass');
}
