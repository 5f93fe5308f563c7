import { shortHash } from '../../core/hash.ts';
import { LABELS } from '../labels.ts';
import { isAbout, isIssue, type TrackerView } from '../port.ts';
import type { InboxState, SingleIssue } from '../state.ts';
import type { Call, IssueContent, Plan } from '../writes.ts';
import { formerAuthorProblems } from './former-authors.ts';
import { REOPENING, reopening } from './reopening.ts';
import { type PlanInput, situationOf } from './situation.ts';
import { summarize } from './summary.ts';
import { toTransition } from './transition.ts';
import { confirmSingle } from './updates.ts';
import { vanishedProblems } from './vanished.ts';

const ABOUT = '@inbox';
const NOTHING: Plan = { transitions: [], notes: [], problems: [], unread: [] };

/** Plans the Gap inbox after everything else is done, so that it names the issues that were just opened. A person's close leaves it alone. */
export function planGapInbox(input: PlanInput): Plan {
  const { report, waivers, state, tracker, now } = input;
  const problems = [...formerAuthorProblems(tracker), ...vanishedProblems(state, situationOf(input))];
  const summary = summarize(report, waivers, state, problems);
  const content: IssueContent = { kind: 'inbox', summary };
  const fingerprint = shortHash(JSON.stringify(summary));
  const labels = [LABELS.audit, LABELS.inbox];
  const { gapInbox } = state;
  const create: Call = { kind: 'create', about: ABOUT, content, labels };
  if (!gapInbox) return keeping(null, [create], { fingerprint, isOpen: true, isPinned: false });
  const { number, isPinned } = gapInbox;
  const issue = tracker.issues.get(number);
  if (issue === undefined) return NOTHING;
  if (isIssue(issue) && issue.state === 'open' && issue.formerAuthor !== null)
    return keeping({ ...gapInbox, number: undefined }, [create], { fingerprint, isOpen: true, isPinned: false });
  const edit: Call = { kind: 'edit', issue: number, about: ABOUT, content, labels };
  if (isAbout(issue, ABOUT) && issue.closedBy === 'bot' && gapInbox.isOpen) {
    const isDue = gapInbox.reopenedAt === undefined || now - gapInbox.reopenedAt >= REOPENING;
    return isDue ? keeping(gapInbox, [...reopening(issue), edit], { fingerprint, reopenedAt: now }) : NOTHING;
  }
  const isOpen = isAbout(issue, ABOUT) && issue.state === 'open';
  if (isOpen !== gapInbox.isOpen) return keeping(gapInbox, [], { isOpen });
  if (!isOpen) return NOTHING;
  if (!isPinned) return keeping(gapInbox, [{ kind: 'pin', issue: number }], { isPinned: true });
  return gapInbox.fingerprint === fingerprint ? NOTHING : keeping(gapInbox, [edit], { fingerprint });
}

/** One transition from what was known of the Gap inbox to what will be. */
function keeping(
  before: (Omit<SingleIssue, 'number'> & { readonly number: number | undefined }) | null,
  calls: readonly Call[],
  changes: Partial<SingleIssue>,
): Plan {
  const kept = toTransition(ABOUT, 'low', before?.revision ?? 0, calls, (whole, created) => {
    const number = before?.number ?? created;
    if (number === null) return whole;
    const unseen = { fingerprint: '', isOpen: true, isPinned: false };
    return confirmSingle(whole, 'gapInbox', { ...unseen, ...before, ...changes, number });
  });
  return { ...NOTHING, transitions: [kept] };
}

/** Numbers of the issues without a gate, and of the common one, that have to be read before anything can be planned about them. */
export function unreadSingles({ gapInbox, broken, group }: InboxState, { issues }: TrackerView): readonly number[] {
  const open = [gapInbox?.isOpen ? gapInbox : null, broken?.isOpen ? broken : null, group];
  return open.flatMap((one) => (one && !issues.has(one.number) ? [one.number] : []));
}
