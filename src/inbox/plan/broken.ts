import { shortHash } from '../../core/hash.ts';
import { LABELS } from '../labels.ts';
import { isAbout, type TrackerView } from '../port.ts';
import type { InboxState } from '../state.ts';
import type { Call, Plan, Transition } from '../writes.ts';
import { REOPENING, reopening } from './reopening.ts';
import type { Situation } from './situation.ts';
import { toTransition } from './transition.ts';
import { confirmSingle } from './updates.ts';

const ABOUT = '@broken';

/**
 * Plans the one issue that says that nothing can be audited; it takes two failures in a row.
 * A person's close stands until the next complete audit; a bot's is contradicted, once a week at most.
 */
export function planBroken(state: InboxState, error: string, { issues }: TrackerView, now: number): Plan {
  const { broken } = state;
  const issue = broken?.isOpen ? issues.get(broken.number) : undefined;
  const hasOpenIssue = [...issues.values()].some((one) => isAbout(one, ABOUT) && one.state === 'open');
  const isNeeded = state.failedAudits + 1 >= 2 && !broken?.isOpen && !hasOpenIssue;
  const isDue = broken?.reopenedAt === undefined || now - broken.reopenedAt >= REOPENING;
  const isClosedByBot = isAbout(issue, ABOUT) && issue.closedBy === 'bot' && isDue;
  const transition = isNeeded
    ? openBroken(broken, error)
    : toTransition(ABOUT, 'critical', broken?.revision ?? 0, isClosedByBot ? reopening(issue) : [], (whole) =>
        isClosedByBot && broken
          ? confirmSingle(counted(whole), 'broken', { ...broken, reopenedAt: now })
          : counted(whole),
      );
  const unread = broken?.isOpen && issue === undefined && !hasOpenIssue ? [broken.number] : [];
  return { transitions: [transition], notes: [], problems: [], unread };
}

function counted(state: InboxState): InboxState {
  return { ...state, failedAudits: state.failedAudits + 1 };
}

function openBroken(before: InboxState['broken'], error: string): Transition {
  const content = { kind: 'broken', error } as const;
  const open: Call = { kind: 'create', about: ABOUT, content, labels: [LABELS.audit, LABELS.broken] };
  const opened = { fingerprint: shortHash(error), isOpen: true, isPinned: false };
  return toTransition(ABOUT, 'critical', before?.revision ?? 0, [open], (whole, number) =>
    number === null ? counted(whole) : confirmSingle(counted(whole), 'broken', { ...opened, number }),
  );
}

/** An audit that was complete ends the issue that said it could not be. */
export function endBroken({ broken }: InboxState, { report, tracker }: Situation): readonly Transition[] {
  if (!broken?.isOpen || !report.complete) return [];
  const issue = tracker.issues.get(broken.number);
  if (issue === undefined) return [];
  const isOpen = isAbout(issue, ABOUT) && issue.state === 'open';
  const why: Call = { kind: 'comment', issue: broken.number, content: { kind: 'audit-works-again' } };
  const close: Call = { kind: 'close', issue: broken.number, reason: 'completed' };
  const calls = isOpen ? [...(issue.isLocked ? [] : [why]), close] : [];
  return [
    toTransition(ABOUT, 'critical', broken.revision, calls, (whole) =>
      confirmSingle(whole, 'broken', { ...broken, isOpen: false }),
    ),
  ];
}
