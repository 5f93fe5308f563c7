import { shortHash } from '../../core/hash.ts';
import { LABELS } from '../labels.ts';
import { isAbout, type TrackerView } from '../port.ts';
import type { InboxState } from '../state.ts';
import type { Call, Plan, Transition } from '../writes.ts';
import type { Situation } from './situation.ts';
import { toTransition } from './transition.ts';
import { confirmSingle } from './updates.ts';

const ABOUT = '@broken';

/** Plans the one issue that says that nothing can be audited; it takes two failures in a row. A person's close stands until the next complete audit. */
export function planBroken(state: InboxState, error: string, { issues }: TrackerView): Plan {
  const hasOpenIssue = [...issues.values()].some((issue) => isAbout(issue, ABOUT) && issue.state === 'open');
  const counted = (whole: InboxState): InboxState => ({ ...whole, failedAudits: whole.failedAudits + 1 });
  const isNeeded = state.failedAudits + 1 >= 2 && !state.broken?.isOpen && !hasOpenIssue;
  const content = { kind: 'broken', error } as const;
  const open: Call = { kind: 'create', about: ABOUT, content, labels: [LABELS.audit, LABELS.broken] };
  const opened = toTransition(
    ABOUT,
    'critical',
    state.broken?.revision ?? 0,
    isNeeded ? [open] : [],
    (whole, number) =>
      number === null
        ? counted(whole)
        : confirmSingle(counted(whole), 'broken', {
            number,
            fingerprint: shortHash(error),
            isOpen: true,
            isPinned: false,
          }),
  );
  return { transitions: [opened], notes: [], problems: [], unread: [] };
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
