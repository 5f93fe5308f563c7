import { newIn } from '../../audit/new-findings.ts';
import type { FindingKey } from '../../core/finding.ts';
import { shortHash } from '../../core/hash.ts';
import { own } from '../../core/own.ts';
import { LABELS } from '../labels.ts';
import type { Issue } from '../port.ts';
import type { GroupState, InboxState } from '../state.ts';
import type { Call, GroupEntry, Transition } from '../writes.ts';
import { fingerprintOf, gateContent } from './content.ts';
import { type GateDecision, mayCommentOn } from './gate-case.ts';
import { withoutGroup } from './group-changes.ts';
import { issueAt, type Situation } from './situation.ts';
import { toTransition } from './transition.ts';
import { confirmGroup, confirmIssue, gateIn, newIssue } from './updates.ts';

const ABOUT = '@group';
const WORST = 'critical';
const OWN_LABELS = [LABELS.audit, LABELS.grouped];

/** A gate that joins the common issue instead of getting its own. */
export interface Joiner {
  readonly name: string;
  readonly decision: GateDecision;
}

/** Keeps the common issue of many gates, opens it, or closes it when the last of them has recovered. */
export function planGroup(state: InboxState, situation: Situation, joiners: readonly Joiner[]): readonly Transition[] {
  const { group } = state;
  if (!group) return joiners.length === 0 ? [] : [openGroup(situation, joiners)];
  const issue = issueAt(situation, group.number);
  if (!issue?.marker) return [];
  const left = membersNow(state, situation, group, joiners);
  const next = { ...group, gates: left, fingerprint: meaningOf(left) };
  if (situation.report.complete && Object.values(left).every((findings) => findings.length === 0))
    return [closeGroup(group, issue)];
  if (issue.state === 'closed') return [reopenGroup(situation, next, joiners)];
  if (next.fingerprint === group.fingerprint) return [];
  const calls: Call[] = [editOf(situation, next)];
  const grown = joiners.filter(({ name }) => own(group.gates, name) === undefined);
  const gates = grown.flatMap(({ name }) => situation.gates.get(name) ?? []);
  if (gates.length > 0 && mayCommentOn(issue))
    calls.push({ kind: 'comment', issue: group.number, content: { kind: 'group-grew', gates } });
  return [transitionOf(group, calls, (whole) => join(whole, situation, next, joiners))];
}

function openGroup(situation: Situation, joiners: readonly Joiner[]): Transition {
  const gates = freshOf(joiners);
  const content = { kind: 'group', gates: entriesOf(situation, gates) } as const;
  const call: Call = { kind: 'create', about: ABOUT, content, labels: OWN_LABELS };
  const fingerprint = meaningOf(gates);
  return transitionOf(null, [call], (whole, number) =>
    number === null ? whole : join(whole, situation, { number, fingerprint, openedAt: situation.now, gates }, joiners),
  );
}

function closeGroup(group: GroupState, issue: Issue): Transition {
  const why: Call = { kind: 'comment', issue: group.number, content: { kind: 'group-recovered' } };
  const close: Call = { kind: 'close', issue: group.number, reason: 'completed' };
  const calls = issue.state === 'closed' ? [] : [...(mayCommentOn(issue) ? [why] : []), close];
  return transitionOf(group, calls, (whole) => withoutGroup(whole, group));
}

/** A bot closed it although some of its gates still fail. */
function reopenGroup(situation: Situation, group: GroupState, joiners: readonly Joiner[]): Transition {
  const issue = group.number;
  const calls: Call[] = [
    { kind: 'reopen', issue },
    editOf(situation, group),
    { kind: 'comment', issue, content: { kind: 'closed-by-bot', failing: null } },
  ];
  const next = { ...group, reopenedOnce: true };
  return transitionOf(group, calls, (whole) => join(whole, situation, next, joiners));
}

function transitionOf(group: GroupState | null, calls: readonly Call[], apply: Transition['apply']): Transition {
  return toTransition(ABOUT, WORST, group?.revision ?? 0, calls, apply);
}

function editOf(situation: Situation, { number, gates }: GroupState): Call {
  const content = { kind: 'group', gates: entriesOf(situation, gates) } as const;
  return { kind: 'edit', issue: number, about: ABOUT, content, labels: OWN_LABELS };
}

function freshOf(joiners: readonly Joiner[]): GroupState['gates'] {
  return Object.fromEntries(joiners.map(({ name, decision }) => [name, decision.create?.fresh ?? []]));
}

function meaningOf(gates: GroupState['gates']): string {
  const entries = Object.entries(gates).map(([name, findings]) => [name, [...findings].sort()]);
  return shortHash(JSON.stringify(entries.sort()));
}

function join(
  state: InboxState,
  situation: Situation,
  group: Omit<GroupState, 'revision'>,
  joiners: readonly Joiner[],
): InboxState {
  const { gates, now } = situation;
  let joined = confirmGroup(state, group);
  for (const { name, decision } of joiners) {
    const gate = gates.get(name);
    const before = gateIn(joined, name);
    if (!gate || !before) continue;
    const findings = decision.create?.fresh ?? [];
    const fingerprint = fingerprintOf(gateContent(gate, before, findings, null));
    const { severity } = gate;
    const issue = newIssue(group.number, { severity, now }, { phase: 'grouped', findings, fingerprint });
    joined = confirmIssue(joined, name, issue);
  }
  return joined;
}

/** What is left of the findings of each gate of the group, and what joins them. */
function membersNow(
  state: InboxState,
  situation: Situation,
  group: GroupState,
  joiners: readonly Joiner[],
): GroupState['gates'] {
  const left = Object.entries(group.gates).map(([name, findings]) => [
    name,
    findingsLeft(state, situation, name) ?? findings,
  ]);
  return { ...Object.fromEntries(left), ...freshOf(joiners) };
}

/** Undefined when this audit cannot tell. */
function findingsLeft(
  state: InboxState,
  { report, gates, waivers, registered }: Situation,
  name: string,
): readonly FindingKey[] | undefined {
  const before = gateIn(state, name);
  const gate = gates.get(name);
  if (!registered.has(name) || !before) return report.complete ? [] : undefined;
  if (gate?.verdict !== 'fail') return gate?.verdict === 'pass' && report.complete ? [] : undefined;
  const fresh = newIn(gate, before.baseline ?? [], waivers.active);
  return fresh.length > 0 || report.complete ? fresh : undefined;
}

function entriesOf({ gates }: Situation, members: GroupState['gates']): readonly GroupEntry[] {
  return Object.entries(members).map(([name, fresh]) => {
    const gate = gates.get(name) ?? { number: '', name, severity: '', lanes: [], findings: [] };
    return { gate, fresh, hasRecovered: fresh.length === 0 };
  });
}
