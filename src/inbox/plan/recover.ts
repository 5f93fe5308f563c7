import { findingKeys } from '../../core/finding.ts';
import { shortHash } from '../../core/hash.ts';
import type { IssuePhase } from '../../core/inbox.ts';
import { hasLabel, LABELS } from '../labels.ts';
import type { Issue } from '../port.ts';
import type { GateState, InboxState } from '../state.ts';
import { isJudged, isOurs, listed, type OurIssue, recoveredIssue } from './our-issue.ts';
import { recoverGroup } from './recover-group.ts';
import type { Situation } from './situation.ts';
import { changeGate, confirmSingle, gateIn } from './updates.ts';

/**
 * Takes issues of ours back that the state does not know: made by a call that we never heard of again, or forgotten with the whole state.
 * What their markers list as new is not baseline, so losing the state accepts nothing.
 */
export function recoverLostIssues(state: InboxState, situation: Situation): InboxState {
  const isLost = state.startedAt === null;
  const ours = [...situation.tracker.issues.values()].filter(isOurs).sort((one, other) => one.number - other.number);
  let recovered = state;
  for (const issue of ours) {
    const { about } = issue.marker;
    if (about === '@inbox') recovered = recoverSingle(recovered, 'gapInbox', issue, isLost);
    else if (about === '@broken') recovered = recoverSingle(recovered, 'broken', issue, false);
    else if (about === '@group') recovered = recoverGroup(recovered, situation, issue, isLost);
    else recovered = recoverOpen(recovered, situation, issue);
  }
  // The newest closed issue tells where a gate stood.
  for (const issue of isLost ? ours.reverse() : []) recovered = recoverClosed(recovered, situation, issue);
  return recovered;
}

/** A closed one is taken back only so that nobody opens it anew. */
function recoverSingle(
  state: InboxState,
  field: 'gapInbox' | 'broken',
  issue: OurIssue,
  countsWhenClosed: boolean,
): InboxState {
  const isOpen = issue.state === 'open' || issue.closedBy === 'bot';
  if (state[field] || (!isOpen && !countsWhenClosed)) return state;
  return confirmSingle(state, field, { number: issue.number, fingerprint: '', isOpen, isPinned: !isOpen });
}

/** An open issue of a gate whose own issue, if it has one, is closed. */
function recoverOpen(state: InboxState, { gates, now }: Situation, issue: OurIssue): InboxState {
  const gate = gates.get(issue.marker.about);
  const before = gateIn(state, issue.marker.about);
  if (!gate || !before || issue.state !== 'open' || before.issue?.number === issue.number) return state;
  if (!isJudged(gate) || hasOpenIssue(before)) return state;
  const { findings, known } = issue.marker;
  const baseline = before.baseline?.filter((key) => !findings.includes(shortHash(key))) ?? listed(gate, known);
  const isHeld = issue.stateReason === 'reopened' && before.issue !== null;
  return changeGate(state, gate.name, { baseline, issue: { ...recoveredIssue(gate, issue, now), isHeld } });
}

/** Whether a gate has an issue that people see as open, as far as we know. */
function hasOpenIssue({ issue }: GateState): boolean {
  if (!issue) return false;
  return issue.phase === 'grouped' || issue.phase === 'adopted' || (issue.phase === 'open' && issue.closedSha === null);
}

/** With the state lost: what was new in a closed issue was no baseline, whoever closed it. */
function recoverClosed(state: InboxState, { gates, now }: Situation, issue: OurIssue): InboxState {
  const gate = gates.get(issue.marker.about);
  const before = gate && gateIn(state, gate.name);
  if (!gate || !before || before.issue || before.baseline || issue.state !== 'closed' || !isJudged(gate)) return state;
  const { findings } = issue.marker;
  const phase = phaseOfClosed(issue);
  const closed = phase === 'open' ? { closedSha: '' } : { closedAt: issue.closedAt ?? now };
  return changeGate(state, gate.name, {
    baseline: findingKeys(gate.findings).filter((key) => !findings.includes(shortHash(key))),
    issue: { ...recoveredIssue(gate, issue, now), phase, ...closed },
  });
}

function phaseOfClosed({ stateReason, labels, closedBy }: Issue): IssuePhase {
  if (stateReason === 'not_planned' && hasLabel(labels, LABELS.waived)) return 'waived';
  if (closedBy === 'bot') return 'open';
  return closedBy === 'us' ? 'resolved' : 'acknowledged';
}
