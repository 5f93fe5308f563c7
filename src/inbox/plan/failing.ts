import type { FindingKey } from '../../core/finding.ts';
import { gateLabels, hasLabel, LABELS } from '../labels.ts';
import { isAbout, isIssue } from '../port.ts';
import type { IssueState } from '../state.ts';
import type { Call, CommentContent } from '../writes.ts';
import { fingerprintOf, type GateContent, gateContent } from './content.ts';
import {
  commentOn,
  type GateCase,
  type GateDecision,
  isClosed,
  isTooOften,
  PERIODS,
  recentStateChanges,
} from './gate-case.ts';
import { rank } from './severity.ts';

/** What is done about a gate with new findings. */
export function whenFailing(given: GateCase, issue: IssueState | null, fresh: readonly FindingKey[]): GateDecision {
  if (!issue) return open(fresh, null);
  const isNew = fresh.filter((key) => !issue.findings.includes(key));
  switch (issue.phase) {
    case 'open':
      return issue.closedSha === null ? update(given, issue, fresh, isNew) : afterOthersClosed(given, issue, fresh);
    case 'acknowledged':
      if (isNew.length === 0) return { next: issue, steps: [] };
      return reopen(given, issue, fresh, { kind: 'new-findings', gate: given.gate, fresh: isNew, severityRose: false });
    case 'waived':
      return reopen(given, issue, fresh, { kind: 'waiver-ended' });
    case 'gone':
      return issue.until === null || isNew.length === 0 ? { next: issue, steps: [] } : open(fresh, null);
    default:
      return afterResolution(given, issue, fresh);
  }
}

function open(fresh: readonly FindingKey[], follows: number | null): GateDecision {
  return { next: null, steps: [], create: { fresh, follows } };
}

/** Somebody closed it although it fails. We disagree once: with a person only at a commit that they had not seen fail. */
function afterOthersClosed(given: GateCase, issue: IssueState, fresh: readonly FindingKey[]): GateDecision {
  if (given.sha === issue.closedSha) return { next: issue, steps: [] };
  const { whereabouts, gate } = given;
  const isBot = isIssue(whereabouts) && whereabouts.closedBy === 'bot';
  const why: CommentContent = isBot
    ? { kind: 'closed-by-bot', failing: fresh.length }
    : { kind: 'still-failing', gate, failing: fresh.length };
  const { next, ...decision } = reopen(given, issue, fresh, why);
  return { ...decision, next: next && { ...next, openedAt: issue.openedAt, reopenedOnce: true } };
}

function afterResolution(given: GateCase, issue: IssueState, fresh: readonly FindingKey[]): GateDecision {
  const { lastPass, firstFail } = given.state;
  const isRecent = issue.closedAt !== null && given.now - issue.closedAt <= PERIODS.regression;
  return isRecent ? reopen(given, issue, fresh, { kind: 'regressed', lastPass, firstFail }) : open(fresh, issue.number);
}

function update(
  given: GateCase,
  issue: IssueState,
  fresh: readonly FindingKey[],
  isNew: readonly FindingKey[],
): GateDecision {
  const { gate, state } = given;
  const content = gateContent(gate, state, fresh, issue.follows);
  const fingerprint = fingerprintOf(content);
  const severityRose = rank(gate.severity) < rank(issue.severity);
  const flapping = issue.flapping && { quietSince: null };
  const next = { ...issue, flapping, fingerprint, findings: fresh, severity: gate.severity, isHeld: false };
  if (fingerprint === issue.fingerprint) return { next, steps: [] };
  const isNews = isNew.length > 0 || severityRose;
  const news = isNews ? commentOn(given, issue, { kind: 'new-findings', gate, fresh: isNew, severityRose }) : [];
  return { next, steps: [edit(issue.number, content), ...news] };
}

function reopen(given: GateCase, issue: IssueState, fresh: readonly FindingKey[], why: CommentContent): GateDecision {
  const { whereabouts, gate, state, now } = given;
  if (!isAbout(whereabouts, gate.name)) return open(fresh, issue.number);
  const stateChanges = recentStateChanges(given, issue);
  const flaps = isTooOften(stateChanges) || issue.flapping !== null;
  const content = gateContent(gate, state, fresh, issue.follows);
  const { number } = issue;
  const outdated = [LABELS.waived, LABELS.accepted].filter((label) => hasLabel(whereabouts.labels, label));
  const steps: Call[] = outdated.map((label) => ({ kind: 'remove-label', issue: number, label }));
  if (flaps && !issue.flapping) steps.push({ kind: 'add-label', issue: number, label: LABELS.flapping });
  if (isClosed(given)) steps.push({ kind: 'reopen', issue: number });
  steps.push(edit(number, content));
  if (!flaps) steps.push(...commentOn(given, issue, why));
  const next: IssueState = {
    ...issue,
    phase: 'open',
    findings: fresh,
    severity: gate.severity,
    fingerprint: fingerprintOf(content),
    openedAt: now,
    closedAt: null,
    closedSha: null,
    isHeld: false,
    stateChanges,
    flapping: flaps ? { quietSince: null } : null,
  };
  return { next, steps };
}

function edit(issue: number, content: GateContent): Call {
  return { kind: 'edit', issue, about: content.gate.name, content, labels: gateLabels(content.gate) };
}
