import { findingKey, findingKeys } from '../../core/finding.ts';
import { shortHash } from '../../core/hash.ts';
import type { GateReport, Report } from '../../core/report.ts';
import type { Issue, Marker, Whereabouts } from '../port.ts';
import type { GateState, InboxState, StandingIssue } from '../state.ts';
import { reportsByName } from './observe.ts';
import { isIssue, LABELS, withGate } from './steps.ts';

type Ours = Issue & { readonly marker: Marker };

/**
 * Takes issues of ours back that the state does not know: made by a call that we never heard of again, or forgotten with the whole state.
 * What their markers list as new is not baseline, so losing the state accepts nothing.
 */
export function claimIssues(
  state: InboxState,
  report: Report,
  issues: readonly Whereabouts[],
  now: number,
): InboxState {
  const isLost = state.startedAt === null;
  const ours = [...issues].filter(isOurs).sort((one, other) => one.number - other.number);
  const reports = reportsByName(report);
  let claimed = state;
  for (const issue of ours) {
    const { about } = issue.marker;
    if (about === '@inbox' || about === '@broken') claimed = claimStanding(claimed, about, issue, isLost);
    else if (about === '@group') claimed = claimGroup(claimed, report, issue, now, isLost);
    else claimed = claimOpen(claimed, reports.get(about), issue, now);
  }
  // The newest closed issue tells where a gate stood.
  for (const issue of isLost ? ours.reverse() : [])
    claimed = claimClosed(claimed, reports.get(issue.marker.about), issue, now);
  return claimed;
}

function isOurs(issue: Whereabouts): issue is Ours {
  return isIssue(issue) && issue.marker !== null;
}

function claimStanding(state: InboxState, about: '@inbox' | '@broken', issue: Ours, isLost: boolean): InboxState {
  const field = about === '@inbox' ? 'gapInbox' : 'broken';
  const isOpen = issue.state === 'open';
  if (state[field] || (!isOpen && !(isLost && field === 'gapInbox'))) return state;
  const standing: StandingIssue = { number: issue.number, revision: 1, fingerprint: '', isOpen, isPinned: !isOpen };
  return { ...state, [field]: standing };
}

/** An open issue of a gate whose own issue, if it has one, is closed. */
function claimOpen(state: InboxState, gate: GateReport | undefined, issue: Ours, now: number): InboxState {
  const before = state.gates[issue.marker.about];
  if (!gate || !before || issue.state !== 'open' || before.issue?.number === issue.number) return state;
  if (gate.verdict !== 'pass' && gate.verdict !== 'fail') return state;
  if (hasOpenIssue(before)) return state;
  const { findings, known } = issue.marker;
  const baseline = before.baseline?.filter((key) => !findings.includes(shortHash(key))) ?? listed(gate, known);
  return withGate(state, gate.name, {
    ...before,
    baseline,
    issue: { ...claimedIssue(gate, issue, now), isHeld: issue.stateReason === 'reopened' && before.issue !== null },
  });
}

/** Whether a gate has an issue that people see as open, as far as we know. */
function hasOpenIssue({ issue }: GateState): boolean {
  if (!issue) return false;
  return issue.phase === 'grouped' || issue.phase === 'adopted' || (issue.phase === 'open' && issue.closedSha === null);
}

/** With the state lost: what was new in a closed issue was no baseline, whoever closed it. */
function claimClosed(state: InboxState, gate: GateReport | undefined, issue: Ours, now: number): InboxState {
  const before = gate && state.gates[gate.name];
  if (!gate || !before || before.issue || before.baseline || issue.state !== 'closed') return state;
  if (gate.verdict !== 'pass' && gate.verdict !== 'fail') return state;
  const { findings } = issue.marker;
  const isWaived = issue.stateReason === 'not_planned' && issue.labels.includes(LABELS.waived);
  const phase = isWaived ? 'waived' : issue.isClosedByUs ? 'resolved' : 'acknowledged';
  return withGate(state, gate.name, {
    ...before,
    baseline: findingKeys(gate.findings).filter((key) => !findings.includes(shortHash(key))),
    issue: { ...claimedIssue(gate, issue, now), phase, closedAt: issue.closedAt ?? now },
  });
}

function claimedIssue(
  gate: GateReport,
  { number, labels, marker }: Ours,
  now: number,
): NonNullable<GateState['issue']> {
  return {
    number,
    phase: 'open',
    findings: listed(gate, marker.findings),
    severity: gate.severity,
    fingerprint: '',
    openedAt: now,
    closedAt: null,
    reopenedOnce: false,
    closedSha: null,
    isHeld: false,
    follows: null,
    turns: [],
    flapping: labels.includes(LABELS.flapping) ? { quietSince: null } : null,
    until: null,
  };
}

function listed(gate: GateReport, hashes: readonly string[]) {
  return findingKeys(gate.findings).filter((key) => hashes.includes(shortHash(key)));
}

/** A gate of the group that cannot be judged now keeps a placeholder, so that it does not count as recovered. */
const UNJUDGED = 'not judged since its issue was found again';

function claimGroup(state: InboxState, { gates }: Report, issue: Ours, now: number, isLost: boolean): InboxState {
  if (state.group || issue.state !== 'open' || (issue.stateReason === 'reopened' && !isLost)) return state;
  const { known, findings } = issue.marker;
  const members = gates.filter(({ name }) => {
    const before = state.gates[name];
    return before && known.includes(shortHash(name)) && (!before.issue || before.issue.number === issue.number);
  });
  if (members.length === 0) return state;
  let claimed = state;
  const ofGates: Record<string, readonly string[]> = {};
  for (const gate of members) {
    const isNew = (key: string) => findings.includes(shortHash(`${gate.name} ${key}`));
    const isJudged = gate.verdict === 'pass' || gate.verdict === 'fail';
    const fresh = gate.findings.map(findingKey).filter(isNew);
    ofGates[gate.name] = isJudged ? [...new Set(fresh)] : [UNJUDGED];
    const before = claimed.gates[gate.name];
    if (!before) continue;
    const baseline = isJudged
      ? (before.baseline ?? findingKeys(gate.findings)).filter((key) => !isNew(key))
      : (before.baseline ?? []);
    const grouped = {
      ...claimedIssue(gate, issue, now),
      phase: 'grouped',
      findings: ofGates[gate.name] ?? [],
    } as const;
    claimed = withGate(claimed, gate.name, { ...before, baseline, issue: grouped });
  }
  const group = { number: issue.number, revision: 0, fingerprint: '', openedAt: now, gates: ofGates };
  return { ...claimed, group };
}

/** Open issues of ours that say what another one of ours already says; people may reopen an old one beside it. */
export function duplicates(
  state: InboxState,
  issues: readonly Whereabouts[],
): readonly (readonly [issue: Ours, of: number])[] {
  const open = [...issues].filter(isOurs).filter((issue) => issue.state === 'open');
  return open.flatMap((issue) => {
    if (issue.stateReason === 'reopened') return [];
    const own = ownNumber(state, issue.marker.about);
    if (own === undefined || own === issue.number) return [];
    const isOriginalOpen = open.some(({ number }) => number === own);
    return isOriginalOpen ? [[issue, own] as const] : [];
  });
}

function ownNumber(state: InboxState, about: string): number | undefined {
  if (about === '@inbox') return state.gapInbox?.number;
  if (about === '@broken') return state.broken?.number;
  if (about === '@group') return state.group?.number;
  return state.gates[about]?.issue?.number;
}
