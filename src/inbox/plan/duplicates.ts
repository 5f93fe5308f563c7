import { own } from '../../core/own.ts';
import type { InboxState } from '../state.ts';
import type { Call, Transition } from '../writes.ts';
import { isOurs } from './our-issue.ts';
import type { Situation } from './situation.ts';
import { toTransition } from './transition.ts';

/**
 * Two open issues of ours for one gate can only come from an answer of GitHub that was not true; the one that we know stays.
 * One that people reopened beside it is their decision.
 */
export function closeDuplicates(state: InboxState, { tracker }: Situation): readonly Transition[] {
  const open = [...tracker.issues.values()].filter(isOurs).filter((issue) => issue.state === 'open');
  const numbers = new Set(open.map(({ number }) => number));
  const transitions: Transition[] = [];
  for (const { number, marker, stateReason, isLocked } of open) {
    const of = numberOf(state, marker.about);
    if (stateReason === 'reopened' || of === undefined || of === number || !numbers.has(of)) continue;
    const why: Call = { kind: 'comment', issue: number, content: { kind: 'duplicate', of } };
    const close: Call = { kind: 'close', issue: number, reason: 'not_planned' };
    const calls = isLocked ? [close] : [why, close];
    transitions.push(toTransition(`@duplicate-${number}`, 'low', 0, calls, (whole) => whole));
  }
  return transitions;
}

function numberOf({ gapInbox, broken, group, gates }: InboxState, about: string): number | undefined {
  if (about === '@inbox') return gapInbox?.number;
  if (about === '@broken') return broken?.number;
  if (about === '@group') return group?.number;
  return own(gates, about)?.issue?.number;
}
