import { hasLabel, LABELS } from '../labels.ts';
import { type Issue, isAbout, isIssue } from '../port.ts';
import type { InboxState } from '../state.ts';
import type { Call, Transition } from '../writes.ts';
import { mayCommentOn } from './gate-case.ts';
import type { Situation } from './situation.ts';
import { toTransition } from './transition.ts';
import { forgetGate, gateIn } from './updates.ts';

/** Gates that the repo no longer has: their issues are closed as not planned, once that was read in a complete audit. */
export function retireGates(state: InboxState, situation: Situation): readonly Transition[] {
  const { report, registered, tracker } = situation;
  if (!report.complete) return [];
  const transitions: Transition[] = [];
  for (const [name, { issue, revision }] of Object.entries(state.gates)) {
    if (registered.has(name)) continue;
    const whereabouts = issue ? tracker.issues.get(issue.number) : undefined;
    if (issue?.phase === 'open' && whereabouts === undefined) continue;
    const isOpen = isAbout(whereabouts, name) && whereabouts.state === 'open' && issue?.phase !== 'adopted';
    const calls = isOpen ? closing(whereabouts, name) : [];
    transitions.push(toTransition(name, 'low', revision, calls, (whole) => forgetGate(whole, name)));
  }
  return [...transitions, ...retireOrphans(state, situation)];
}

/** Issues of gates that neither the state nor the registry knows. */
function retireOrphans(state: InboxState, { registered, tracker }: Situation): readonly Transition[] {
  const transitions: Transition[] = [];
  for (const issue of tracker.issues.values()) {
    if (!isIssue(issue) || issue.state === 'closed' || !issue.marker) continue;
    const { about } = issue.marker;
    if (about.startsWith('@') || registered.has(about) || gateIn(state, about)) continue;
    if (issue.stateReason === 'reopened') continue;
    const calls = closing(issue, about);
    transitions.push(toTransition(`@orphan-${issue.number}`, 'low', 0, calls, (whole) => whole));
  }
  return transitions;
}

function closing(issue: Issue, gate: string): readonly Call[] {
  const { number } = issue;
  const why: Call = { kind: 'comment', issue: number, content: { kind: 'retired', gate } };
  const label: Call = { kind: 'add-label', issue: number, label: LABELS.retired };
  return [
    ...(mayCommentOn(issue) ? [why] : []),
    ...(hasLabel(issue.labels, LABELS.retired) ? [] : [label]),
    { kind: 'close', issue: number, reason: 'not_planned' },
  ];
}
