import type { LaneReport, Report } from '../core/report.ts';
import { plural } from '../core/text/plural.ts';
import { countVerdicts, type VerdictCounts } from '../core/verdict-counts.ts';

/** `24/25 · 1 fail`: whatever is neither pass nor fail is named, never hidden. */
export function laneTotals(lane: VerdictCounts & Pick<LaneReport, 'total'>): string {
  const { pass, total } = lane;
  const rest = (['fail', 'blind', 'crashed', 'skip'] as const).filter((verdict) => lane[verdict] > 0);
  return [`${pass}/${total}`, ...rest.map((verdict) => `${lane[verdict]} ${verdict}`)].join(' · ');
}

/** `48 of 52 gates pass · 1 known failure · 3 skipped`: an audit's gates but for those that newly fail, of which its reader is told first. */
export function totalsInWords({ gates }: Report, newlyFailing: readonly string[]): string {
  const { pass, fail, blind, crashed, skip } = countVerdicts(gates.map(({ verdict }) => verdict));
  const known = fail - newlyFailing.length;
  const parts = [`${pass} of ${plural(gates.length, 'gate')} pass`];
  if (known > 0) parts.push(plural(known, 'known failure'));
  if (blind > 0) parts.push(`${blind} blind`);
  if (crashed > 0) parts.push(`${crashed} crashed`);
  if (skip > 0) parts.push(`${skip} skipped`);
  return parts.join(' · ');
}
