import type { FindingKey } from '../../core/finding.ts';
import { shortHash } from '../../core/hash.ts';
import type { IssuePhase } from '../../core/inbox.ts';
import type { GroupState, InboxState, IssueState } from '../state.ts';
import type { Call, GroupEntry } from '../writes.ts';
import type { PlanInput } from './input.ts';
import { freshFindings, type GateDecision, mayCommentOn } from './lifecycle.ts';
import { reportsByName } from './observe.ts';
import { gateContent, isAbout, isIssue, LABELS, openedIssue, toTransition, withGate, withIssue } from './steps.ts';

const DELETION = 7 * 86_400_000;

/** A gate that joins the common issue instead of getting its own. */
export interface Joiner {
  readonly name: string;
  readonly decision: GateDecision;
}

/** Takes over what became of the common issue: its gates leave it with what a person decided about it. */
export function meetGroup(state: InboxState, { tracker, now }: PlanInput): InboxState {
  const { group } = state;
  const issue = group && tracker.issues.get(group.number);
  if (!group || issue === undefined || issue === null) return state;
  if (issue === 'deleted') return dissolve(state, group, 'gone', now + DELETION);
  if (issue === 'transferred') return dissolve(state, group, 'gone', null);
  if (issue.state === 'closed') {
    if (tracker.ownActs.get(group.number)?.act === 'close') return recovered(state, group);
    return dissolve(state, group, 'acknowledged', null);
  }
  if (!isAbout(issue, '@group')) return dissolve(state, group, 'adopted', null);
  return issue.labels.includes(LABELS.accepted) ? dissolve(state, group, 'acknowledged', null) : state;
}

function dissolve(state: InboxState, group: GroupState, phase: IssuePhase, until: number | null): InboxState {
  return mapMembers(state, group, (issue, findings) => ({ ...issue, phase, until, findings }));
}

/** Its gates are on their own again; what they did is in a closed issue that they need not return to. */
function recovered(state: InboxState, group: GroupState): InboxState {
  return mapMembers(state, group, () => null);
}

function mapMembers(
  state: InboxState,
  { gates, number }: GroupState,
  change: (issue: IssueState, findings: readonly FindingKey[]) => IssueState | null,
): InboxState {
  return Object.entries(gates).reduce<InboxState>(
    (whole, [name, findings]) => {
      const issue = whole.gates[name]?.issue;
      return issue?.number === number ? withIssue(whole, name, change(issue, findings)) : whole;
    },
    { ...state, group: null },
  );
}

/** Keeps the common issue of many gates, opens it, or closes it when the last of them has recovered. */
export function planGroup(input: PlanInput, state: InboxState, joiners: readonly Joiner[]) {
  const { group } = state;
  if (!group) return joiners.length === 0 ? [] : [openGroup(input, joiners)];
  const issue = input.tracker.issues.get(group.number);
  if (!isIssue(issue)) return [];
  const before = group.gates;
  const left = Object.entries(before).map(([name, findings]) => [name, findingsLeft(input, state, name) ?? findings]);
  const gates: GroupState['gates'] = { ...Object.fromEntries(left), ...freshOf(joiners) };
  const fingerprint = fingerprintOf(gates);
  const next = { ...group, gates, fingerprint, revision: group.revision + 1 };
  if (input.report.complete && Object.values(gates).every((findings) => findings.length === 0)) {
    const close: Call = { kind: 'close', issue: group.number, reason: 'completed' };
    const why: Call = { kind: 'comment', issue: group.number, content: { kind: 'group-recovered' } };
    const calls = mayCommentOn(issue) ? [why, close] : [close];
    return [toTransition('@group', 'critical', group.revision, calls, (whole) => recovered(whole, next))];
  }
  if (fingerprint === group.fingerprint) return [];
  const content = { kind: 'group', gates: entriesOf(input, gates) } as const;
  const labels = [LABELS.audit, LABELS.grouped];
  const calls: Call[] = [{ kind: 'edit', issue: group.number, about: '@group', content, labels }];
  const reports = reportsByName(input.report);
  const grown = joiners.filter(({ name }) => !before[name]).flatMap(({ name }) => reports.get(name) ?? []);
  if (grown.length > 0 && mayCommentOn(issue))
    calls.push({ kind: 'comment', issue: group.number, content: { kind: 'group-grew', gates: grown } });
  return [toTransition('@group', 'critical', group.revision, calls, (whole) => join(input, whole, next, joiners))];
}

function openGroup(input: PlanInput, joiners: readonly Joiner[]) {
  const gates = freshOf(joiners);
  const content = { kind: 'group', gates: entriesOf(input, gates) } as const;
  const call: Call = { kind: 'create', about: '@group', content, labels: [LABELS.audit, LABELS.grouped] };
  const fingerprint = fingerprintOf(gates);
  return toTransition('@group', 'critical', 0, [call], (whole, number) =>
    number === null
      ? whole
      : join(input, whole, { number, revision: 1, fingerprint, openedAt: input.now, gates }, joiners),
  );
}

function freshOf(joiners: readonly Joiner[]): GroupState['gates'] {
  return Object.fromEntries(joiners.map(({ name, decision }) => [name, decision.create?.fresh ?? []]));
}

function fingerprintOf(gates: GroupState['gates']): string {
  return shortHash(
    JSON.stringify(
      Object.entries(gates)
        .map(([name, findings]) => [name, [...findings].sort()])
        .sort(),
    ),
  );
}

function join(
  { report, now }: PlanInput,
  state: InboxState,
  group: GroupState,
  joiners: readonly Joiner[],
): InboxState {
  const reports = reportsByName(report);
  return joiners.reduce<InboxState>(
    (whole, { name, decision }) => {
      const gate = reports.get(name);
      const before = whole.gates[name];
      if (!gate || !before) return whole;
      const content = gateContent(gate, before, decision.create?.fresh ?? [], null);
      const issue: IssueState = { ...openedIssue(group.number, content, now), phase: 'grouped' };
      return withGate(whole, name, { ...before, issue, revision: before.revision + 1 });
    },
    { ...state, group },
  );
}

/** What of a grouped gate's findings is left; undefined when this audit cannot tell. */
function findingsLeft(
  { report, waivers, registered }: PlanInput,
  state: InboxState,
  name: string,
): readonly FindingKey[] | undefined {
  const before = state.gates[name];
  const gate = reportsByName(report).get(name);
  if (!registered.has(name) || !before) return report.complete ? [] : undefined;
  if (gate?.verdict !== 'fail') return gate?.verdict === 'pass' && report.complete ? [] : undefined;
  const fresh = freshFindings({ gate, state: before, waivers: waivers.active });
  return fresh.length > 0 || report.complete ? fresh : undefined;
}

function entriesOf({ report }: PlanInput, gates: GroupState['gates']): readonly GroupEntry[] {
  const reports = reportsByName(report);
  return Object.entries(gates).map(([name, fresh]) => {
    const gate = reports.get(name) ?? { number: '', name, severity: '', lanes: [], findings: [] };
    return { gate, fresh, hasRecovered: fresh.length === 0 };
  });
}
