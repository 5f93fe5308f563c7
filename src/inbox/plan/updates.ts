import { own } from '../../core/own.ts';
import type { GateState, GroupState, InboxState, IssueState, SingleIssue } from '../state.ts';

/** What is remembered of a gate. */
export function gateIn({ gates }: InboxState, name: string): GateState | undefined {
  return own(gates, name);
}

/** Changes what is remembered of a gate; of one that nobody knows, nothing is. */
export function changeGate(state: InboxState, name: string, changes: Partial<GateState>): InboxState {
  const gate = gateIn(state, name);
  return gate ? { ...state, gates: { ...state.gates, [name]: { ...gate, ...changes } } } : state;
}

export function forgetGate(state: InboxState, name: string): InboxState {
  return { ...state, gates: Object.fromEntries(Object.entries(state.gates).filter(([other]) => other !== name)) };
}

/** A gate's issue after a confirmed transition, which counts. */
export function confirmIssue(state: InboxState, name: string, issue: IssueState | null): InboxState {
  const written = issue && { ...issue, refusedSince: undefined };
  return changeGate(state, name, { issue: written, revision: nextRevision(gateIn(state, name)) });
}

/** Notes issues of gates that GitHub refused to let us write to; what is noted already keeps its time. */
export function noteRefused(state: InboxState, numbers: ReadonlySet<number>, now: number): InboxState {
  let noted = state;
  for (const [name, { issue }] of Object.entries(state.gates)) {
    if (!issue || !numbers.has(issue.number) || issue.refusedSince !== undefined) continue;
    noted = changeGate(noted, name, { issue: { ...issue, refusedSince: now } });
  }
  return noted;
}

/** The common issue after a confirmed transition. */
export function confirmGroup(state: InboxState, group: Omit<GroupState, 'revision'>): InboxState {
  return { ...state, group: { ...group, revision: nextRevision(state.group) } };
}

/** The Gap inbox, or the issue about a broken audit, after a confirmed transition. */
export function confirmSingle(
  state: InboxState,
  field: 'gapInbox' | 'broken',
  issue: Omit<SingleIssue, 'revision'>,
): InboxState {
  return { ...state, [field]: { ...issue, revision: nextRevision(state[field]) } };
}

function nextRevision(before: { readonly revision: number } | null | undefined): number {
  return (before?.revision ?? 0) + 1;
}

/** A gate's issue that was just opened or found; `changes` says what is different about it. */
export function newIssue(
  number: number,
  { severity, now }: { readonly severity: string; readonly now: number },
  changes: Partial<IssueState>,
): IssueState {
  return {
    number,
    phase: 'open',
    findings: [],
    severity,
    fingerprint: '',
    openedAt: now,
    closedAt: null,
    reopenedOnce: false,
    closedSha: null,
    isHeld: false,
    follows: null,
    stateChanges: [],
    flapping: null,
    until: null,
    ...changes,
  };
}
