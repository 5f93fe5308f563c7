import { unusedWaivers } from '../../audit/waivers.ts';
import type { BrokenBy } from '../../core/broken-by.ts';
import { problemLine } from '../../core/declaration.ts';
import type { InboxSummary } from '../../core/inbox.ts';
import { type GateReport, isProvisional, type LaneReport, type Report } from '../../core/report.ts';
import { plural } from '../../core/text/plural.ts';
import type { Waivers } from '../../core/waiver.ts';
import type { InboxState } from '../state.ts';
import { nameProblems } from './names.ts';
import { rank } from './severity.ts';
import { gateIn } from './updates.ts';

/** Mistakes in gate files beyond these say nothing new. */
const MOST_MISTAKES = 10;

/** What the Gap inbox and the dashboard show. Absolute facts only: nothing here changes in a night in which nothing happened. */
export function summarize(
  report: Report,
  waivers: Waivers,
  state: InboxState,
  problems: readonly string[] = [],
): InboxSummary {
  const open: InboxSummary['open'][number][] = [];
  const baseline: InboxSummary['baseline'][number][] = [];
  const blind: InboxSummary['blind'][number][] = [];
  for (const gate of report.gates) {
    const { number, name, severity, verdict, reason, brokenBy } = gate;
    const issue = openIssueOf(state, name);
    if (issue !== null)
      open.push({ number, name, severity, issue, ...(brokenBy ? { brokenBy: inBrief(brokenBy) } : {}) });
    const findings = gateIn(state, name)?.baseline?.length ?? 0;
    if (findings > 0) baseline.push({ number, name, findings });
    if ((verdict === 'blind' || verdict === 'crashed') && !isProvisional(gate))
      blind.push({ number, name, reason: reason ?? '' });
  }
  return {
    lanes: lanesWithoutProvisional(report),
    open: open.sort((one, other) => rank(one.severity) - rank(other.severity)),
    baseline,
    waivers: waivers.active,
    blind,
    errors: [
      ...problems,
      ...mistakesIn(report),
      ...nameProblems(report),
      ...(report.unusable ?? []),
      ...(report.certificates === undefined ? [] : [report.certificates]),
      ...waivers.problems,
      ...unused(waivers, report.gates),
    ],
  };
}

/** Without the lines, which stand in the gate's own issue. */
function inBrief(brokenBy: BrokenBy): BrokenBy {
  return brokenBy.kind === 'commit' ? { ...brokenBy, lines: [] } : brokenBy;
}

/** Lanes in which every gate that nobody has certified counts alike: what its script says must not change an issue. */
function lanesWithoutProvisional({ lanes, gates }: Report): readonly LaneReport[] {
  const blindOnes = new Set(
    gates.filter((gate) => isProvisional(gate) && gate.verdict === 'blind').map(({ number }) => number),
  );
  return lanes.map((lane) => {
    const moved = lane.ours ? 0 : lane.gates.filter((number) => blindOnes.has(number)).length;
    if (moved === 0) return lane;
    return { ...lane, blind: lane.blind - moved, provisional: (lane.provisional ?? 0) + moved };
  });
}

/** What a repo declares and nobody can use: its gates are blind until it is mended. */
function mistakesIn({ problems = [] }: Report): readonly string[] {
  const left = problems.length - MOST_MISTAKES;
  return [
    ...problems.slice(0, MOST_MISTAKES).map(problemLine),
    ...(left > 0 ? [`${plural(left, 'more mistake')} in declared gates.`] : []),
  ];
}

function unused({ active }: Waivers, gates: readonly GateReport[]): readonly string[] {
  return unusedWaivers(active, gates).map(({ gate, subject }) => {
    const what = subject === null ? gate : `${gate} (${subject})`;
    return `The waiver for ${what} covers nothing; remove it.`;
  });
}

/** The number of the open issue, of its own or in common, that is about a gate. */
function openIssueOf(state: InboxState, name: string): number | null {
  const issue = gateIn(state, name)?.issue;
  const isOpen = issue?.phase === 'grouped' || (issue?.phase === 'open' && issue.closedSha === null);
  return issue && isOpen ? issue.number : null;
}
