import type { GateReport, Report } from '../../core/report.ts';
import type { InboxState } from '../state.ts';
import type { Call, Transition } from '../writes.ts';
import type { PlanInput } from './input.ts';
import { mayCommentOn } from './lifecycle.ts';
import { reportsByName } from './observe.ts';
import { isAbout, isIssue, LABELS, toTransition, withoutGate } from './steps.ts';

/** Gates that the repo no longer has: their issues are closed as not planned, once that was read in a complete audit. */
export function retire(input: PlanInput, state: InboxState): readonly Transition[] {
  const { report, registered, tracker } = input;
  if (!report.complete) return [];
  const known = Object.entries(state.gates).filter(([name]) => !registered.has(name));
  const ofKnown = known.flatMap(([name, { issue, revision }]) => {
    const whereabouts = issue ? tracker.issues.get(issue.number) : undefined;
    if (issue?.phase === 'open' && whereabouts === undefined) return [];
    const isOpen = isAbout(whereabouts, name) && whereabouts.state === 'open' && issue?.phase !== 'adopted';
    const calls = isOpen ? closing(input, name, whereabouts.number) : [];
    return [toTransition(name, 'low', revision, calls, (whole) => withoutGate(whole, name))];
  });
  return [...ofKnown, ...retireOrphans(input, state)];
}

/** Issues of gates that neither the state nor the registry knows. */
function retireOrphans(input: PlanInput, state: InboxState): readonly Transition[] {
  const { registered, tracker } = input;
  return [...tracker.issues.values()].flatMap((issue) => {
    const about = isIssue(issue) && issue.state === 'open' ? issue.marker?.about : undefined;
    if (!isIssue(issue) || about === undefined || about.startsWith('@')) return [];
    if (registered.has(about) || state.gates[about] || issue.stateReason === 'reopened') return [];
    return [toTransition(`@orphan-${issue.number}`, 'low', 0, closing(input, about, issue.number), (whole) => whole)];
  });
}

function closing({ tracker }: PlanInput, gate: string, number: number): readonly Call[] {
  const issue = tracker.issues.get(number);
  const why: Call = { kind: 'comment', issue: number, content: { kind: 'retired', gate } };
  return [
    ...(isIssue(issue) && mayCommentOn(issue) ? [why] : []),
    { kind: 'add-label', issue: number, label: LABELS.retired },
    { kind: 'close', issue: number, reason: 'not_planned' },
  ];
}

/** Registered gates with an open issue that no lane lists any more: nobody asks them, so nobody can tell. */
export function missingGates(report: Report, state: InboxState): readonly GateReport[] {
  const reports = reportsByName(report);
  return Object.entries(state.gates).flatMap(([name, { issue }]): readonly GateReport[] =>
    issue?.phase !== 'open' || reports.has(name)
      ? []
      : [{ number: '', name, category: '', severity: issue.severity, lanes: [], verdict: 'skip', findings: [] }],
  );
}
