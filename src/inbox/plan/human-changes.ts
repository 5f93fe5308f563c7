import type { OwnAct, Whereabouts } from '../port.ts';
import type { GateState, IssueState } from '../state.ts';
import { isAbout, LABELS } from './steps.ts';

const DELETION = 7 * 86_400_000;

/** Takes over what became of a gate's issue while we did not look: people win. `whereabouts` undefined: not read, so nothing is known. */
export function meetPeople(
  name: string,
  { issue: stored, lastFail }: GateState,
  whereabouts: Whereabouts | undefined,
  ownAct: OwnAct | undefined,
  now: number,
): IssueState | null {
  if (!stored || stored.phase === 'grouped') return stored;
  if (stored.phase === 'gone') {
    if (stored.until === null || !isAbout(whereabouts, name)) return isPast(stored.until, now) ? null : stored;
    return foundAgain(stored, whereabouts);
  }
  if (whereabouts === undefined) return stored;
  if (whereabouts === 'deleted') return { ...stored, phase: 'gone', until: now + DELETION };
  if (whereabouts === 'transferred') return { ...stored, phase: 'gone', until: null };
  const isOpen = whereabouts.state === 'open';
  if (!whereabouts.marker || stored.phase === 'adopted') {
    return isOpen
      ? { ...stored, phase: 'adopted' }
      : closedByPerson({ ...stored, phase: 'open' }, whereabouts, lastFail);
  }
  const isAccepted = whereabouts.labels.includes(LABELS.accepted);
  if (!isOpen) {
    if (stored.phase !== 'open') return stored;
    return ownAct?.act === 'close'
      ? closedByUs(stored, whereabouts, now)
      : closedByPerson(stored, whereabouts, lastFail);
  }
  // A reopening of ours that is not finished: the rest of its transition is planned again.
  if (ownAct?.act === 'reopen') return stored;
  if (stored.phase === 'open')
    return isAccepted ? { ...stored, phase: 'acknowledged' } : { ...stored, closedSha: null };
  // The common issue of many gates, reopened, is no gate's own.
  if (!isAbout(whereabouts, name)) return stored;
  if (stored.phase === 'acknowledged') return isAccepted ? stored : { ...stored, phase: 'open', closedSha: null };
  return { ...stored, phase: 'open', isHeld: true, closedSha: null };
}

function isPast(until: number | null, now: number): boolean {
  return until !== null && now >= until;
}

/** It was not deleted after all: GitHub had answered wrongly. */
function foundAgain(stored: IssueState, { state, stateReason }: Closed): IssueState {
  const phase = state === 'open' ? 'open' : stateReason === 'completed' ? 'resolved' : 'acknowledged';
  return { ...stored, phase, until: null };
}

type Closed = Exclude<Whereabouts, string>;

/** A close of which we never heard that it worked. */
function closedByUs(stored: IssueState, { stateReason, closedAt }: Closed, now: number): IssueState {
  const at = closedAt ?? now;
  return {
    ...stored,
    phase: stateReason === 'not_planned' ? 'waived' : 'resolved',
    closedAt: at,
    turns: [...stored.turns, at],
  };
}

/** As completed: believed until a newer commit says otherwise, once. Any other way: accepted as it is. */
function closedByPerson(
  stored: IssueState,
  { stateReason, labels }: Closed,
  lastFail: GateState['lastFail'],
): IssueState {
  const isCompleted = stateReason === 'completed' || stateReason === null;
  if (!isCompleted || labels.includes(LABELS.accepted) || stored.reopenedOnce)
    return { ...stored, phase: 'acknowledged' };
  return { ...stored, closedSha: stored.closedSha ?? lastFail?.sha ?? '' };
}
