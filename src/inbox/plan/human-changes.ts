import { DAY } from '../../core/durations.ts';
import { hasLabel, LABELS } from '../labels.ts';
import { type Issue, isAbout, type OwnAct, type Whereabouts } from '../port.ts';
import type { GateState, InboxState, IssueState } from '../state.ts';
import type { Situation } from './situation.ts';
import { changeGate } from './updates.ts';

/** How long the deletion of an issue counts as "I know". */
export const DELETION = 7 * DAY;

/** What GitHub says of the issue of one gate. */
interface Seen {
  readonly name: string;
  /** Undefined when it was not read, so nothing is known. */
  readonly whereabouts: Whereabouts | undefined;
  readonly isHidden: boolean;
  readonly ownAct: OwnAct | undefined;
  readonly lastFail: GateState['lastFail'];
  readonly now: number;
}

/** Takes over what became of the gates' issues while we did not look: people win. */
export function applyHumanChanges(state: InboxState, { tracker, now }: Situation): InboxState {
  let changed = state;
  for (const [name, gate] of Object.entries(state.gates)) {
    if (!gate.issue) continue;
    const { number } = gate.issue;
    const whereabouts = tracker.issues.get(number);
    const isHidden = tracker.hidden.has(number);
    const ownAct = tracker.ownActs.get(number);
    const issue = afterwards(gate.issue, { name, whereabouts, isHidden, ownAct, lastFail: gate.lastFail, now });
    if (issue !== gate.issue) changed = changeGate(changed, name, { issue });
  }
  return changed;
}

function afterwards(stored: IssueState, seen: Seen): IssueState | null {
  const issue = sinceWhenHidden(stored, seen);
  const { name, whereabouts, now } = seen;
  if (issue.phase === 'grouped') return issue;
  if (issue.phase === 'gone') {
    if (issue.until !== null && isAbout(whereabouts, name)) return foundAgain(issue, whereabouts);
    return issue.until !== null && now >= issue.until ? null : issue;
  }
  if (whereabouts === undefined) return issue;
  if (whereabouts === 'deleted') return { ...issue, phase: 'gone', until: now + DELETION };
  if (whereabouts === 'transferred') return { ...issue, phase: 'gone', until: null };
  return whereabouts.state === 'open' ? whileOpen(issue, whereabouts, seen) : whileClosed(issue, whereabouts, seen);
}

function sinceWhenHidden(issue: IssueState, { whereabouts, isHidden, now }: Seen): IssueState {
  if (isHidden) return issue.hiddenSince === undefined ? { ...issue, hiddenSince: now } : issue;
  return whereabouts === undefined || issue.hiddenSince === undefined ? issue : { ...issue, hiddenSince: undefined };
}

function whileOpen(issue: IssueState, { marker, formerAuthor, labels }: Issue, seen: Seen): IssueState {
  if (formerAuthor !== null) return issue.phase === 'adopted' ? { ...issue, phase: 'open' } : issue;
  if (!marker || issue.phase === 'adopted') return { ...issue, phase: 'adopted' };
  // A reopening of ours that is not finished: the rest of its transition is planned again.
  if (seen.ownAct?.act === 'reopen') return issue;
  const isAccepted = hasLabel(labels, LABELS.accepted);
  if (issue.phase === 'open') return isAccepted ? { ...issue, phase: 'acknowledged' } : { ...issue, closedSha: null };
  // The common issue of many gates, reopened, is no gate's own.
  if (marker.about !== seen.name) return issue;
  if (issue.phase === 'acknowledged') return isAccepted ? issue : { ...issue, phase: 'open', closedSha: null };
  return { ...issue, phase: 'open', isHeld: true, closedSha: null };
}

function whileClosed(issue: IssueState, closed: Issue, { ownAct, lastFail, now }: Seen): IssueState {
  const isAdopted = issue.phase === 'adopted' || (!closed.marker && closed.formerAuthor === null);
  if (isAdopted) return closedByOthers({ ...issue, phase: 'open' }, closed, lastFail);
  if (issue.phase !== 'open') return issue;
  if (ownAct?.act === 'close') return closedByUs(issue, closed, now);
  return closedByOthers(issue, closed, lastFail);
}

/** It was not deleted after all: GitHub had answered wrongly. */
function foundAgain(issue: IssueState, { state, stateReason }: Issue): IssueState {
  if (state === 'open') return { ...issue, phase: 'open', until: null };
  return { ...issue, phase: stateReason === 'completed' ? 'resolved' : 'acknowledged', until: null };
}

/** A close of which we never heard that it worked. */
function closedByUs(issue: IssueState, { stateReason, closedAt }: Issue, now: number): IssueState {
  const at = closedAt ?? now;
  const phase = stateReason === 'not_planned' ? 'waived' : 'resolved';
  return { ...issue, phase, closedAt: at, stateChanges: [...issue.stateChanges, at] };
}

/**
 * "Completed" is believed until the gate fails at a commit that the person had not seen fail; then we disagree, once.
 * A bot has seen nothing, so it is contradicted at any commit, once. Every other close means "accepted as it is".
 */
function closedByOthers(
  issue: IssueState,
  { stateReason, labels, closedBy }: Issue,
  lastFail: GateState['lastFail'],
): IssueState {
  if (hasLabel(labels, LABELS.accepted) || issue.reopenedOnce) return { ...issue, phase: 'acknowledged' };
  if (closedBy === 'bot') return { ...issue, closedSha: '' };
  const isCompleted = stateReason === 'completed' || stateReason === null;
  if (!isCompleted) return { ...issue, phase: 'acknowledged' };
  return { ...issue, closedSha: issue.closedSha ?? lastFail?.sha ?? '' };
}
