import type { FindingKey } from '../../core/finding.ts';
import type { IssuePhase } from '../../core/inbox.ts';
import { hasLabel, LABELS } from '../labels.ts';
import type { GroupState, InboxState, IssueState } from '../state.ts';
import { DELETION } from './human-changes.ts';
import type { Situation } from './situation.ts';
import { confirmIssue, gateIn } from './updates.ts';

/** Takes over what became of the common issue: its gates leave it with what a person decided about it. */
export function applyGroupChanges(state: InboxState, { tracker, now }: Situation): InboxState {
  const { group } = state;
  const issue = group && tracker.issues.get(group.number);
  if (!group || issue === undefined || issue === null) return state;
  if (issue === 'deleted') return dissolve(state, group, 'gone', now + DELETION);
  if (issue === 'transferred') return dissolve(state, group, 'gone', null);
  if (issue.state === 'closed') {
    if (tracker.ownActs.get(group.number)?.act === 'close') return withoutGroup(state, group);
    const isContradicted = issue.closedBy === 'bot' && !group.reopenedOnce && issue.marker?.about === '@group';
    return isContradicted ? state : dissolve(state, group, 'acknowledged', null);
  }
  if (issue.formerAuthor !== null) return state;
  if (issue.marker?.about !== '@group') return dissolve(state, group, 'adopted', null);
  return hasLabel(issue.labels, LABELS.accepted) ? dissolve(state, group, 'acknowledged', null) : state;
}

function dissolve(state: InboxState, group: GroupState, phase: IssuePhase, until: number | null): InboxState {
  return leaveGroup(state, group, (issue, findings) => ({ ...issue, phase, until, findings }));
}

/** Its gates are on their own again; what they did is in a closed issue that they need not return to. */
export function withoutGroup(state: InboxState, group: GroupState): InboxState {
  return leaveGroup(state, group, () => null);
}

function leaveGroup(
  state: InboxState,
  { gates, number }: GroupState,
  change: (issue: IssueState, findings: readonly FindingKey[]) => IssueState | null,
): InboxState {
  let left: InboxState = { ...state, group: null };
  for (const [name, findings] of Object.entries(gates)) {
    const issue = gateIn(left, name)?.issue;
    if (issue?.number === number) left = confirmIssue(left, name, change(issue, findings));
  }
  return left;
}
