import { isWaivedBy } from '../../audit/waivers.ts';
import { findingKeys } from '../../core/finding.ts';
import { LABELS } from '../labels.ts';
import { isIssue } from '../port.ts';
import type { IssueState } from '../state.ts';
import type { Call, CommentContent } from '../writes.ts';
import {
  commentOn,
  type GateCase,
  type GateDecision,
  isClosed,
  isTooOften,
  PERIODS,
  recentStateChanges,
  waivedFindings,
} from './gate-case.ts';

/** What is done about a gate without new findings: it passes, or all that is left is baseline or waived. */
export function whenQuiet(given: GateCase, issue: IssueState | null): GateDecision {
  const { gate, isComplete, now, state } = given;
  if (!issue || !isComplete) return { next: issue, steps: [] };
  if (issue.phase === 'gone') return { next: gate.verdict === 'pass' ? null : issue, steps: [] };
  if (isClosed(given)) return { next: asResolved(given, issue), steps: [] };
  if (issue.isHeld || (issue.phase === 'acknowledged' && gate.verdict === 'fail')) return { next: issue, steps: [] };
  if (issue.flapping) return whileFlapping(given, issue);
  const isWaived = (key: string) => issue.findings.includes(key) && !state.baseline?.includes(key);
  if (waivedFindings(given).some(isWaived)) return waive(given, issue);
  const stateChanges = recentStateChanges(given, issue);
  if (isTooOften(stateChanges)) {
    const steps: Call[] = [{ kind: 'add-label', issue: issue.number, label: LABELS.flapping }];
    return { next: { ...issue, flapping: { quietSince: now } }, steps };
  }
  const close: Call = { kind: 'close', issue: issue.number, reason: 'completed' };
  return {
    next: { ...issue, phase: 'resolved', closedAt: now, closedSha: null, stateChanges },
    steps: [...commentOn(given, issue, goodNews(given, issue)), close],
  };
}

function goodNews({ gate }: GateCase, { openedAt }: IssueState): CommentContent {
  if (gate.verdict === 'pass') return { kind: 'recovered', gate, openedAt };
  return { kind: 'back-to-baseline', gate, known: findingKeys(gate.findings).length };
}

/** A closed issue about which nothing is wrong any more: what a person closed counts as resolved from when they did. */
function asResolved({ gate, whereabouts, now }: GateCase, issue: IssueState): IssueState {
  if (issue.phase === 'resolved' || (issue.phase !== 'open' && gate.verdict === 'fail')) return issue;
  const closedAt = (isIssue(whereabouts) ? whereabouts.closedAt : null) ?? issue.closedAt ?? now;
  return { ...issue, phase: 'resolved', closedAt, closedSha: null };
}

function waive(given: GateCase, issue: IssueState): GateDecision {
  const { gate, now, waivers } = given;
  const mine = waivers.filter((waiver) => gate.findings.some(({ subject }) => isWaivedBy(waiver, gate, subject)));
  return {
    next: { ...issue, phase: 'waived', closedAt: now, closedSha: null, stateChanges: recentStateChanges(given, issue) },
    steps: [
      ...commentOn(given, issue, { kind: 'waived', waivers: mine }),
      { kind: 'add-label', issue: issue.number, label: LABELS.waived },
      { kind: 'close', issue: issue.number, reason: 'not_planned' },
    ],
  };
}

function whileFlapping({ now }: GateCase, issue: IssueState): GateDecision {
  const quietSince = issue.flapping?.quietSince ?? now;
  if (now - quietSince < PERIODS.flapping) return { next: { ...issue, flapping: { quietSince } }, steps: [] };
  const steps: Call[] = [
    { kind: 'remove-label', issue: issue.number, label: LABELS.flapping },
    { kind: 'close', issue: issue.number, reason: 'completed' },
  ];
  return { next: { ...issue, phase: 'resolved', closedAt: now, stateChanges: [], flapping: null }, steps };
}
