import { newIn } from '../../audit/new-findings.ts';
import { isWaivedBy } from '../../audit/waivers.ts';
import { type FindingKey, findingKeys } from '../../core/finding.ts';
import type { GateReport } from '../../core/report.ts';
import type { Waiver } from '../../core/waiver.ts';
import type { Issue, Whereabouts } from '../port.ts';
import type { GateState, IssueState } from '../state.ts';
import type { Call, CommentContent, IssueContent } from '../writes.ts';
import { fingerprintOf, gateContent, gateLabels, isAbout, isIssue, LABELS, rank } from './steps.ts';

const DAY = 86_400_000;

/** Periods of the lifecycle, in ms (inbox.md). */
export const PERIODS = { regression: 14 * DAY, flapping: 7 * DAY, unverified: DAY };
/** Closes and reopens within `PERIODS.flapping` from which on an issue stays open. */
const TURNS_TO_FLAP = 3;

/** What one audit says about one gate, together with all that the decision depends on. */
export interface GateCase {
  readonly gate: GateReport;
  /** After this audit was observed and people were met. */
  readonly state: GateState;
  /** What GitHub says of the stored issue; undefined when it was not read. */
  readonly whereabouts: Whereabouts | undefined;
  /** In force now. */
  readonly waivers: readonly Waiver[];
  readonly sha: string;
  readonly now: number;
  readonly isComplete: boolean;
}

/** What is to be done about one gate: steps, and its issue after them; `create` asks for a new issue, which may yet be grouped. */
export interface GateDecision {
  readonly next: IssueState | null;
  readonly steps: readonly Call[];
  readonly create?: { readonly fresh: readonly FindingKey[]; readonly follows: number | null };
}

/** Decides about one gate. Pure; the table of inbox.md, row by row. */
export function decideGate(given: GateCase): GateDecision {
  const { gate, state } = given;
  const { issue } = state;
  if (issue?.phase === 'adopted' || issue?.phase === 'grouped') return { next: issue, steps: [] };
  if (gate.verdict !== 'pass' && gate.verdict !== 'fail') return whileUnverified(given, issue);
  const fresh = freshFindings(given);
  return fresh.length > 0 ? whenFailing(given, issue, fresh) : whenQuiet(given, issue);
}

/** Findings in neither baseline nor waivers. */
export function freshFindings({
  gate,
  state,
  waivers,
}: Pick<GateCase, 'gate' | 'state' | 'waivers'>): readonly FindingKey[] {
  return newIn(gate, state.baseline ?? [], waivers);
}

function waivedFindings(gate: GateReport, waivers: readonly Waiver[]): readonly FindingKey[] {
  const isWaived = ({ subject }: { subject: string }) => waivers.some((waiver) => isWaivedBy(waiver, gate, subject));
  return findingKeys(gate.findings.filter(isWaived));
}

function whenFailing(given: GateCase, issue: IssueState | null, fresh: readonly FindingKey[]): GateDecision {
  if (!issue) return { next: null, steps: [], create: { fresh, follows: null } };
  const isNew = fresh.filter((key) => !issue.findings.includes(key));
  switch (issue.phase) {
    case 'open':
      return issue.closedSha === null ? update(given, issue, fresh, isNew) : afterPersonsClose(given, issue, fresh);
    case 'acknowledged':
      if (isNew.length === 0) return { next: issue, steps: [] };
      return reopen(given, issue, fresh, { kind: 'new-findings', gate: given.gate, fresh: isNew, severityRose: false });
    case 'waived':
      return reopen(given, issue, fresh, { kind: 'waiver-ended' });
    case 'gone':
      if (issue.until === null || isNew.length === 0) return { next: issue, steps: [] };
      return { next: null, steps: [], create: { fresh, follows: null } };
    default:
      return afterResolution(given, issue, fresh);
  }
}

/** A person closed it as completed although it fails: once, and only at a commit that they had not seen fail, we disagree. */
function afterPersonsClose(given: GateCase, issue: IssueState, fresh: readonly FindingKey[]): GateDecision {
  if (given.sha === issue.closedSha) return { next: issue, steps: [] };
  const decision = reopen(given, issue, fresh, { kind: 'still-failing', gate: given.gate });
  return decision.next
    ? { ...decision, next: { ...decision.next, openedAt: issue.openedAt, reopenedOnce: true } }
    : decision;
}

function afterResolution(given: GateCase, issue: IssueState, fresh: readonly FindingKey[]): GateDecision {
  const { lastPass, firstFail } = given.state;
  const isRecent = issue.closedAt !== null && given.now - issue.closedAt <= PERIODS.regression;
  if (isRecent) return reopen(given, issue, fresh, { kind: 'regressed', lastPass, firstFail });
  return { next: null, steps: [], create: { fresh, follows: issue.number } };
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
  const steps: Call[] = [edit(given, issue.number, content)];
  if ((isNew.length > 0 || severityRose) && mayComment(given, issue))
    steps.push(comment(issue, { kind: 'new-findings', gate, fresh: isNew, severityRose }));
  return { next, steps };
}

function reopen(given: GateCase, issue: IssueState, fresh: readonly FindingKey[], why: CommentContent): GateDecision {
  const { whereabouts, gate, state, now } = given;
  if (!isAbout(whereabouts, gate.name)) return { next: null, steps: [], create: { fresh, follows: issue.number } };
  const turns = recentTurns(given, issue);
  const flaps = turns.length >= TURNS_TO_FLAP || issue.flapping !== null;
  const content = gateContent(gate, state, fresh, issue.follows);
  const { number } = issue;
  const steps: Call[] = [LABELS.waived, LABELS.accepted]
    .filter((label) => whereabouts.labels.includes(label))
    .map((label) => ({ kind: 'remove-label', issue: number, label }));
  if (flaps && !issue.flapping) steps.push({ kind: 'add-label', issue: number, label: LABELS.flapping });
  if (isClosed(given)) steps.push({ kind: 'reopen', issue: number });
  steps.push(edit(given, number, content));
  if (!flaps && mayComment(given, issue)) steps.push(comment(issue, why));
  const reopened: IssueState = {
    ...issue,
    phase: 'open',
    findings: fresh,
    severity: gate.severity,
    fingerprint: fingerprintOf(content),
    openedAt: now,
    closedAt: null,
    closedSha: null,
    isHeld: false,
    turns,
    flapping: flaps ? { quietSince: null } : null,
  };
  return { next: reopened, steps };
}

/** Nothing is newly wrong: the gate passes, or all that is left is baseline or waived. */
function whenQuiet(given: GateCase, issue: IssueState | null): GateDecision {
  const { gate, isComplete, now, waivers, state } = given;
  if (!issue || !isComplete) return { next: issue, steps: [] };
  if (issue.phase === 'gone') return { next: gate.verdict === 'pass' ? null : issue, steps: [] };
  if (isClosed(given)) return { next: settled(given, issue), steps: [] };
  if (issue.isHeld || (issue.phase === 'acknowledged' && gate.verdict === 'fail')) return { next: issue, steps: [] };
  if (issue.flapping) return whileFlapping(given, issue);
  const waived = waivedFindings(gate, waivers);
  if (waived.some((key) => issue.findings.includes(key) && !state.baseline?.includes(key))) return waive(given, issue);
  const turns = recentTurns(given, issue);
  if (turns.length >= TURNS_TO_FLAP) {
    const steps: Call[] = [{ kind: 'add-label', issue: issue.number, label: LABELS.flapping }];
    return { next: { ...issue, flapping: { quietSince: now } }, steps };
  }
  const why: CommentContent =
    gate.verdict === 'pass'
      ? { kind: 'recovered', gate, openedAt: issue.openedAt }
      : { kind: 'back-to-baseline', gate, known: findingKeys(gate.findings).length };
  const steps: Call[] = mayComment(given, issue) ? [comment(issue, why)] : [];
  steps.push({ kind: 'close', issue: issue.number, reason: 'completed' });
  return { next: { ...issue, phase: 'resolved', closedAt: now, closedSha: null, turns }, steps };
}

/** A closed issue about which nothing is wrong any more: what a person closed counts as resolved from when they did. */
function settled({ gate, whereabouts, now }: GateCase, issue: IssueState): IssueState {
  if (issue.phase === 'resolved' || (issue.phase !== 'open' && gate.verdict === 'fail')) return issue;
  const closedAt = (isIssue(whereabouts) ? whereabouts.closedAt : null) ?? issue.closedAt ?? now;
  return { ...issue, phase: 'resolved', closedAt, closedSha: null };
}

function waive(given: GateCase, issue: IssueState): GateDecision {
  const { gate, now, waivers } = given;
  const mine = waivers.filter((waiver) => gate.findings.some(({ subject }) => isWaivedBy(waiver, gate, subject)));
  const steps: Call[] = [
    ...(mayComment(given, issue) ? [comment(issue, { kind: 'waived', waivers: mine })] : []),
    { kind: 'add-label', issue: issue.number, label: LABELS.waived },
    { kind: 'close', issue: issue.number, reason: 'not_planned' },
  ];
  return {
    next: { ...issue, phase: 'waived', closedAt: now, closedSha: null, turns: recentTurns(given, issue) },
    steps,
  };
}

function whileFlapping({ now }: GateCase, issue: IssueState): GateDecision {
  const quietSince = issue.flapping?.quietSince ?? now;
  if (now - quietSince < PERIODS.flapping) return { next: { ...issue, flapping: { quietSince } }, steps: [] };
  const steps: Call[] = [
    { kind: 'remove-label', issue: issue.number, label: LABELS.flapping },
    { kind: 'close', issue: issue.number, reason: 'completed' },
  ];
  return { next: { ...issue, phase: 'resolved', closedAt: now, turns: [], flapping: null }, steps };
}

/** Blind, crashed, skipped or not even asked: the issue stays, and after a day it says once since when nobody could tell. */
export function whileUnverified(given: GateCase, issue: IssueState | null): GateDecision {
  const { verifiedAt } = given.state;
  const isOverdue = verifiedAt !== null && given.now - verifiedAt > PERIODS.unverified;
  if (issue?.phase !== 'open' || isClosed(given) || !isOverdue) return { next: issue, steps: [] };
  const since = new Date(verifiedAt).toISOString().slice(0, 10);
  const fingerprint = `unverified since ${since}`;
  if (issue.fingerprint === fingerprint) return { next: issue, steps: [] };
  const call: Call = {
    kind: 'edit',
    issue: issue.number,
    about: given.gate.name,
    content: { kind: 'unverified', since },
    labels: [],
  };
  return { next: { ...issue, fingerprint }, steps: [call] };
}

function edit({ gate }: GateCase, issue: number, content: IssueContent): Call {
  return { kind: 'edit', issue, about: gate.name, content, labels: gateLabels(gate) };
}

function comment({ number }: IssueState, content: CommentContent): Call {
  return { kind: 'comment', issue: number, content };
}

/** An issue that was not read is where we left it. */
function isClosed({ whereabouts, state }: GateCase): boolean {
  return isIssue(whereabouts) ? whereabouts.state === 'closed' : state.issue?.phase !== 'open';
}

function mayComment({ whereabouts }: GateCase, { flapping }: IssueState): boolean {
  return isIssue(whereabouts) && mayCommentOn(whereabouts) && flapping === null;
}

export function mayCommentOn({ isLocked, labels }: Issue): boolean {
  return !isLocked && !labels.includes(LABELS.quiet);
}

/** The turns of the last seven days, with the one that is about to happen. */
function recentTurns({ now }: GateCase, { turns }: IssueState): readonly number[] {
  return [...turns.filter((turn) => now - turn < PERIODS.flapping), now];
}
