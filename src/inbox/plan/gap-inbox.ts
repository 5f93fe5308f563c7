import { unusedWaivers, type Waivers } from '../../audit/waivers.ts';
import { shortHash } from '../../core/hash.ts';
import type { InboxSummary } from '../../core/inbox.ts';
import type { GateReport, Report } from '../../core/report.ts';
import type { TrackerView } from '../port.ts';
import type { InboxState, StandingIssue } from '../state.ts';
import type { Call, IssueContent, Plan, Transition } from '../writes.ts';
import type { PlanInput } from './input.ts';
import { isAbout, LABELS, rank, toTransition } from './steps.ts';

const NOTHING: Plan = { transitions: [], notes: [], unread: [] };

/** Plans the one issue that says that nothing can be audited; it takes two failures in a row. A person's close stands until the next complete audit. */
export function planBroken(state: InboxState, error: string, { issues }: TrackerView): Plan {
  const known = [...issues.values()].find((issue) => isAbout(issue, '@broken') && issue.state === 'open');
  const failedAudits = state.failedAudits + 1;
  const { broken } = state;
  const counted = (whole: InboxState): InboxState => ({ ...whole, failedAudits: whole.failedAudits + 1 });
  if (failedAudits < 2 || broken?.isOpen || known)
    return { ...NOTHING, transitions: [toTransition('@broken', 'critical', 0, [], counted)] };
  const revision = (broken?.revision ?? 0) + 1;
  const labels = [LABELS.audit, LABELS.broken];
  const call: Call = { kind: 'create', about: '@broken', content: { kind: 'broken', error }, labels };
  const opened = toTransition('@broken', 'critical', revision, [call], (whole, number) =>
    number === null
      ? whole
      : {
          ...counted(whole),
          broken: { number, revision, fingerprint: shortHash(error), isOpen: true, isPinned: false },
        },
  );
  return { ...NOTHING, transitions: [opened] };
}

/** An audit that was complete ends the issue that said it could not be. */
export function endBroken({ report, tracker }: PlanInput, { broken }: InboxState): readonly Transition[] {
  if (!broken?.isOpen || !report.complete) return [];
  const issue = tracker.issues.get(broken.number);
  if (issue === undefined) return [];
  const isOpen = isAbout(issue, '@broken') && issue.state === 'open';
  const why: Call = { kind: 'comment', issue: broken.number, content: { kind: 'audit-works-again' } };
  const close: Call = { kind: 'close', issue: broken.number, reason: 'completed' };
  const calls = isOpen ? [...(issue.isLocked ? [] : [why]), close] : [];
  const ended = (whole: InboxState): InboxState => ({ ...whole, broken: { ...broken, isOpen: false } });
  return [toTransition('@broken', 'critical', broken.revision, calls, ended)];
}

/** Plans the Gap inbox after everything else is done, so that it names the issues that were just opened. A person's close leaves it alone. */
export function planGapInbox({ report, waivers, state, tracker }: PlanInput): Plan {
  const summary = summarize(report, waivers, state);
  const content: IssueContent = { kind: 'inbox', summary };
  const fingerprint = shortHash(JSON.stringify(summary));
  const labels = [LABELS.audit, LABELS.inbox];
  const { gapInbox } = state;
  if (!gapInbox) {
    const call: Call = { kind: 'create', about: '@inbox', content, labels };
    return keeping([call], 0, { revision: 1, fingerprint, isOpen: true, isPinned: false });
  }
  const { number, revision, isPinned } = gapInbox;
  const issue = tracker.issues.get(number);
  if (issue === undefined) return NOTHING;
  const isOpen = isAbout(issue, '@inbox') && issue.state === 'open';
  if (isOpen !== gapInbox.isOpen) return keeping([], revision, { ...gapInbox, isOpen });
  if (!isOpen) return NOTHING;
  if (!isPinned)
    return keeping([{ kind: 'pin', issue: number }], revision, { ...gapInbox, isPinned: true, revision: revision + 1 });
  if (gapInbox.fingerprint === fingerprint) return NOTHING;
  const call: Call = { kind: 'edit', issue: number, about: '@inbox', content, labels };
  return keeping([call], revision, { ...gapInbox, fingerprint, revision: revision + 1 });
}

function keeping(
  calls: readonly Call[],
  revision: number,
  next: Omit<StandingIssue, 'number'> & { number?: number },
): Plan {
  const kept = toTransition('@inbox', 'low', revision, calls, (whole, created) => {
    const number = next.number ?? created;
    return number === null ? whole : { ...whole, gapInbox: { ...next, number } };
  });
  return { ...NOTHING, transitions: [kept] };
}

/** Numbers that have to be known before the standing issues can be planned. */
export function standingNumbers({ gapInbox, broken, group }: InboxState, { issues }: TrackerView): readonly number[] {
  const open = [gapInbox?.isOpen ? gapInbox : null, broken?.isOpen ? broken : null, group];
  return open.flatMap((standing) => (standing && !issues.has(standing.number) ? [standing.number] : []));
}

/** What the Gap inbox and the dashboard show. Absolute facts only: nothing here changes in a night in which nothing happened. */
export function summarize(report: Report, waivers: Waivers, state: InboxState): InboxSummary {
  const open = report.gates.flatMap((gate) => {
    const issue = openIssueOf(state, gate);
    return issue === null ? [] : [{ number: gate.number, name: gate.name, severity: gate.severity, issue }];
  });
  const baseline = report.gates.flatMap(({ number, name }) => {
    const findings = state.gates[name]?.baseline?.length ?? 0;
    return findings > 0 ? [{ number, name, findings }] : [];
  });
  const blind = report.gates
    .filter(({ verdict }) => verdict === 'blind' || verdict === 'crashed')
    .map(({ number, name, reason }) => ({ number, name, reason: reason ?? '' }));
  const unused = unusedWaivers(waivers.active, report.gates).map(
    ({ gate, subject }) => `The waiver for ${gate}${subject ? ` (${subject})` : ''} covers nothing; remove it.`,
  );
  const bySeverity = open.sort((one, other) => rank(one.severity) - rank(other.severity));
  return {
    lanes: report.lanes,
    open: bySeverity,
    baseline,
    waivers: waivers.active,
    blind,
    errors: [...waivers.problems, ...unused],
  };
}

/** The number of the open issue, of its own or in common, that is about a gate. */
function openIssueOf(state: InboxState, { name }: Pick<GateReport, 'name'>): number | null {
  const issue = state.gates[name]?.issue;
  const isOpen = issue?.phase === 'grouped' || (issue?.phase === 'open' && issue.closedSha === null);
  return issue && isOpen ? issue.number : null;
}
