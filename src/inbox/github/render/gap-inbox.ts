import type { InboxSummary } from '../../../core/inbox.ts';
import { gateTitle, type LaneReport } from '../../../core/report.ts';
import { code, neutral, prose } from '../../../core/text/neutral.ts';
import { plural } from '../../../core/text/plural.ts';
import type { Waiver } from '../../../core/waiver.ts';
import { brokenByText } from '../../../formats/broken-by.ts';
import { assemble, type Section } from './assemble.ts';
import { type RenderContext, wordingFor } from './context.ts';

/** The body of the Gap inbox. */
export function renderGapInbox(summary: InboxSummary, context: RenderContext, limit: number): string {
  const { lanes, open, baseline, waivers, blind, errors } = summary;
  const before = [
    context.badgeUrl ? `![Last audit](${context.badgeUrl})` : '',
    'What Lanekeeper knows about this repository. This text is edited only when something changes.',
  ];
  const sections = [
    section(
      'Problems to fix',
      errors.map((error) => `- ${prose(error, 600)}`),
    ),
    { lines: ['| Lane | Passing | Not passing |', '|---|---|---|', ...lanes.map(laneRow)] },
    section('Open issues', openRows(open, context)),
    section(
      'Could not be checked',
      blind.map((one) => `- ${gate(one)}: ${prose(one.reason, 600)}`),
    ),
    section('Waivers', waivers.map(waiverRow)),
    section(
      'Known findings without an issue',
      baseline.map((one) => `- ${gate(one)}: ${plural(one.findings, 'known finding')}`),
    ),
  ];
  return assemble(before, sections, context.dashboardUrl ? [`[Dashboard](${context.dashboardUrl})`] : [], limit);
}

type Open = InboxSummary['open'][number];

/** Gates of one common issue that are named; the issue lists them all. */
const MAX_NAMED = 10;

/** A line for each issue, the worst first. */
function openRows(open: readonly Open[], context: RenderContext): readonly string[] {
  const byIssue = new Map<number, Open[]>();
  for (const one of open) byIssue.set(one.issue, [...(byIssue.get(one.issue) ?? []), one]);
  return [...byIssue].map(([issue, gates]) => {
    const culprit = ({ brokenBy }: Open) => (brokenBy ? `, broken ${brokenByText(brokenBy, wordingFor(context))}` : '');
    const names = gates
      .slice(0, MAX_NAMED)
      .map((one) => `${gate(one)}, ${neutral(one.severity || 'unknown')}${culprit(one)}`);
    const rest = gates.length > MAX_NAMED ? `; and ${gates.length - MAX_NAMED} more` : '';
    return `- #${issue} ${names.join('; ')}${rest}`;
  });
}

function gate(one: { readonly number: string; readonly name: string }): string {
  return code(gateTitle(one));
}

function section(heading: string, rows: readonly string[]): Section {
  return { lines: rows.length === 0 ? [] : [`### ${heading}`, '', ...rows] };
}

function laneRow(lane: LaneReport): string {
  const counts: readonly (readonly [count: number, word: string])[] = [
    [lane.fail, 'failing'],
    [lane.blind, 'could not be checked'],
    [lane.crashed, 'crashed'],
    [lane.provisional ?? 0, 'not certified yet'],
    [lane.skip, 'skipped'],
  ];
  const rest = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return `| ${code(lane.id)}${lane.ours ? ' (built in)' : ''} | ${lane.pass}/${lane.total} | ${rest.join(', ')} |`;
}

function waiverRow({ gate, subject, reason, owner, expires }: Waiver): string {
  const what = code(subject === null ? gate : `${gate} ${subject}`);
  return `- ${what} until ${neutral(expires)}, ${neutral(owner)}: ${neutral(reason)}`;
}
