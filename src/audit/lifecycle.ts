import { shortHash } from '../core/hash.ts';
import {
  type Call,
  type CommentContent,
  type FindingKey,
  findingKey,
  type GateState,
  type InboxState,
  type Issue,
  type IssueContent,
  type IssueState,
  type Step,
  type Transition,
  type Waiver,
  type Whereabouts,
} from '../core/inbox.ts';
import type { GateReport } from '../core/report.ts';
import { isWaivedBy } from './waivers.ts';

const DAY = 86_400_000;

/** Periods of the lifecycle, in ms (inbox.md). */
export const PERIODS = { regression: 14 * DAY, flapping: 7 * DAY, deletion: 7 * DAY, unverified: DAY };
/** Closes and reopens within `PERIODS.flapping` from which on an issue stays open. */
const TURNS_TO_FLAP = 3;

export const LABELS = {
  audit: 'audit',
  accepted: 'audit/accepted',
  quiet: 'audit/quiet',
  waived: 'audit/waived',
  retired: 'audit/retired',
  flapping: 'audit/flapping',
} as const;

/** What one audit says about one gate, together with all that the decision depends on. */
export interface GateCase {
  readonly gate: GateReport;
  readonly state: GateState;
  /** What GitHub says of the stored issue; undefined when there is none or it could not be read. */
  readonly issue: Whereabouts | undefined;
  readonly waivers: readonly Waiver[];
  readonly sha: string;
  /** When this commit was first seen as the head (ms since the epoch). */
  readonly seenAt: number;
  readonly now: number;
  readonly isComplete: boolean;
}

/** What is to be done about one gate: steps and the state after them; `create` marks a new issue, which may yet be grouped. */
export interface GateDecision {
  readonly next: GateState;
  readonly steps: readonly Call[];
  readonly create?: { readonly fresh: readonly FindingKey[]; readonly follows: number | null };
}

interface Sorted {
  readonly keys: readonly FindingKey[];
  /** In neither baseline nor waivers. */
  readonly fresh: readonly FindingKey[];
  readonly waived: readonly FindingKey[];
}

/** Decides about one gate. Pure; the table of inbox.md, row by row. */
export function decideGate(given: GateCase): GateDecision {
  const state = observe(given);
  const sorted = sortFindings(given, state);
  const issue = meetPeople(given, state.issue, sorted);
  const { verdict } = given.gate;
  if (verdict !== 'pass' && verdict !== 'fail') return whileUnverified(given, { ...state, issue });
  if (issue?.phase === 'adopted' || issue?.phase === 'grouped') return { next: { ...state, issue }, steps: [] };
  const failing = sorted.fresh.length > 0;
  const decide = failing ? whenFailing : whenQuiet;
  return decide(given, { ...state, issue }, sorted);
}

/** Records the sighting and lets the baseline only ever shrink. */
function observe({ gate, state, sha, now, isComplete }: GateCase): GateState {
  if (gate.verdict !== 'pass' && gate.verdict !== 'fail') return state;
  const keys = new Set(gate.findings.map(findingKey));
  const sighting = { sha, at: now };
  const baseline = state.baseline ?? [...keys];
  return {
    ...state,
    baseline: isComplete ? baseline.filter((key) => keys.has(key)) : baseline,
    verifiedAt: now,
    lastPass: gate.verdict === 'pass' ? sighting : state.lastPass,
    firstFail: gate.verdict === 'pass' ? null : (state.firstFail ?? sighting),
    lastFail: gate.verdict === 'pass' ? null : sighting,
  };
}

function sortFindings({ gate, waivers }: GateCase, { baseline }: GateState): Sorted {
  const keys = [...new Set(gate.findings.map(findingKey))];
  const isWaived = ({ subject }: { subject: string }) => waivers.some((waiver) => isWaivedBy(waiver, gate, subject));
  const waived = [...new Set(gate.findings.filter(isWaived).map(findingKey))];
  const fresh = keys.filter((key) => !baseline?.includes(key) && !waived.includes(key));
  return { keys, fresh, waived };
}

/** Takes over what people did to the issue: they win. */
function meetPeople(
  { issue, now, gate }: GateCase,
  stored: IssueState | null,
  { fresh, keys }: Sorted,
): IssueState | null {
  if (!stored || issue === undefined || stored.phase === 'grouped') return stored;
  if (stored.phase === 'gone') return stored.until !== null && now >= stored.until ? null : stored;
  if (issue === 'deleted') return { ...stored, phase: 'gone', until: now + PERIODS.deletion };
  if (issue === 'transferred') return { ...stored, phase: 'gone', until: null };
  const accepted = { ...stored, phase: 'acknowledged', findings: union(stored.findings, fresh) } as const;
  if (!issue.marker || stored.phase === 'adopted') {
    return issue.state === 'open'
      ? { ...stored, phase: 'adopted' }
      : { ...accepted, findings: union(stored.findings, keys) };
  }
  if (issue.state === 'open') {
    if (stored.phase === 'open') return issue.labels.includes(LABELS.accepted) ? accepted : stored;
    if (stored.phase === 'acknowledged')
      return issue.labels.includes(LABELS.accepted) ? stored : { ...stored, phase: 'open' };
    const isFailing = gate.verdict === 'fail' && fresh.length > 0;
    return { ...stored, phase: isFailing && stored.phase === 'resolved' ? 'open' : 'adopted' };
  }
  if (stored.phase !== 'open') return stored;
  if (issue.isClosedByUs) return { ...stored, phase: 'resolved', closedAt: issue.closedAt ?? now };
  const isDecided = issue.stateReason !== 'completed' || issue.labels.includes(LABELS.accepted) || stored.reopenedOnce;
  return isDecided ? accepted : stored;
}

function whenFailing(given: GateCase, state: GateState, sorted: Sorted): GateDecision {
  const { issue } = state;
  const { fresh } = sorted;
  if (!issue || issue.phase === 'gone') {
    return issue ? { next: state, steps: [] } : { next: state, steps: [], create: { fresh, follows: null } };
  }
  const isNew = fresh.filter((key) => !issue.findings.includes(key));
  switch (issue.phase) {
    case 'open':
      return isClosed(given) ? afterPersonsClose(given, state, sorted) : update(given, state, sorted, isNew);
    case 'acknowledged':
      return isNew.length > 0
        ? reopen(given, state, sorted, { kind: 'new-findings', gate: given.gate, fresh: isNew, severityRose: false })
        : { next: state, steps: [] };
    case 'waived':
      return reopen(given, state, sorted, { kind: 'waiver-ended' });
    default:
      return afterResolution(given, state, sorted);
  }
}

/** A person closed it as completed although it fails: once, and only with newer evidence, we disagree. */
function afterPersonsClose(given: GateCase, state: GateState, sorted: Sorted): GateDecision {
  const closedAt = asIssue(given.issue)?.closedAt ?? given.now;
  if (given.seenAt <= closedAt) return { next: state, steps: [] };
  const decision = reopen(given, state, sorted, { kind: 'still-failing', gate: given.gate });
  const { issue } = decision.next;
  return { ...decision, next: { ...decision.next, issue: issue && { ...issue, reopenedOnce: true } } };
}

function afterResolution(given: GateCase, state: GateState, sorted: Sorted): GateDecision {
  const { issue, lastPass, firstFail } = state;
  const isRecent = issue?.closedAt != null && given.now - issue.closedAt <= PERIODS.regression;
  const isOurs = asIssue(given.issue)?.marker?.about === given.gate.name;
  if (isRecent && isOurs) return reopen(given, state, sorted, { kind: 'regressed', lastPass, firstFail });
  return {
    next: { ...state, issue: null },
    steps: [],
    create: { fresh: sorted.fresh, follows: issue?.number ?? null },
  };
}

function update(given: GateCase, state: GateState, sorted: Sorted, isNew: readonly FindingKey[]): GateDecision {
  const { issue } = state;
  if (!issue) return { next: state, steps: [] };
  const content = gateContent(given, state, sorted.fresh, null);
  const fingerprint = fingerprintOf(content);
  const severityRose = rank(given.gate.severity) < rank(issue.severity);
  const flapping = issue.flapping && { quietSince: null };
  const next = { ...issue, flapping, fingerprint, findings: sorted.fresh, severity: given.gate.severity };
  if (fingerprint === issue.fingerprint) return { next: { ...state, issue: next }, steps: [] };
  const steps: Call[] = [edit(given, issue.number, content)];
  if ((isNew.length > 0 || severityRose) && mayComment(given, issue)) {
    steps.push({
      kind: 'comment',
      issue: issue.number,
      content: { kind: 'new-findings', gate: given.gate, fresh: isNew, severityRose },
    });
  }
  return { next: { ...state, issue: next }, steps };
}

function reopen(given: GateCase, state: GateState, { fresh }: Sorted, comment: CommentContent): GateDecision {
  const { issue } = state;
  if (!issue) return { next: state, steps: [] };
  if (asIssue(given.issue)?.marker?.about !== given.gate.name) {
    return { next: { ...state, issue: null }, steps: [], create: { fresh, follows: issue.number } };
  }
  const turns = recentTurns(given, issue);
  const flaps = turns.length >= TURNS_TO_FLAP || issue.flapping !== null;
  const content = gateContent(given, state, fresh, null);
  const number = issue.number;
  const steps: Call[] = [];
  if (issue.phase === 'waived') steps.push({ kind: 'remove-label', issue: number, label: LABELS.waived });
  if (flaps && !issue.flapping) steps.push({ kind: 'add-label', issue: number, label: LABELS.flapping });
  if (isClosed(given)) steps.push({ kind: 'reopen', issue: number });
  steps.push(edit(given, number, content));
  if (!flaps && mayComment(given, issue)) steps.push({ kind: 'comment', issue: number, content: comment });
  const reopened: IssueState = {
    ...issue,
    phase: 'open',
    findings: fresh,
    severity: given.gate.severity,
    fingerprint: fingerprintOf(content),
    openedAt: given.now,
    closedAt: null,
    turns,
    flapping: flaps ? { quietSince: null } : null,
  };
  return { next: { ...state, issue: reopened }, steps };
}

/** Nothing is newly wrong: the gate passes, or all that is left is baseline or waived. */
function whenQuiet(given: GateCase, state: GateState, sorted: Sorted): GateDecision {
  const { issue } = state;
  const { gate, isComplete, now } = given;
  if (!issue || !isComplete) return { next: state, steps: [] };
  if (issue.phase === 'gone') return { next: gate.verdict === 'pass' ? { ...state, issue: null } : state, steps: [] };
  const resolved = { ...state, issue: { ...issue, phase: 'resolved' as const, closedAt: issue.closedAt ?? now } };
  if (isClosed(given)) {
    const stays = issue.phase === 'resolved' || (issue.phase !== 'open' && gate.verdict === 'fail');
    return { next: stays ? state : resolved, steps: [] };
  }
  if (issue.phase === 'acknowledged' && gate.verdict === 'fail') return { next: state, steps: [] };
  if (issue.flapping) return whileFlapping(given, state, issue);
  const waivers = given.waivers.filter((waiver) =>
    gate.findings.some(({ subject }) => isWaivedBy(waiver, gate, subject)),
  );
  const isWaived = gate.verdict === 'fail' && sorted.waived.some((key) => issue.findings.includes(key));
  if (isWaived) return waive(given, state, issue, waivers);
  const turns = recentTurns(given, issue);
  if (turns.length >= TURNS_TO_FLAP) {
    const steps: Call[] = [{ kind: 'add-label', issue: issue.number, label: LABELS.flapping }];
    return { next: { ...state, issue: { ...issue, flapping: { quietSince: now } } }, steps };
  }
  const content: CommentContent =
    gate.verdict === 'pass'
      ? { kind: 'recovered', gate, openedAt: issue.openedAt }
      : { kind: 'back-to-baseline', gate, known: sorted.keys.length };
  const steps: Call[] = mayComment(given, issue) ? [{ kind: 'comment', issue: issue.number, content }] : [];
  steps.push({ kind: 'close', issue: issue.number, reason: 'completed' });
  return { next: { ...state, issue: { ...issue, phase: 'resolved', closedAt: now, turns } }, steps };
}

function waive(given: GateCase, state: GateState, issue: IssueState, waivers: readonly Waiver[]): GateDecision {
  const comment: Call = { kind: 'comment', issue: issue.number, content: { kind: 'waived', waivers } };
  const steps: Call[] = [
    ...(asIssue(given.issue)?.isLocked ? [] : [comment]),
    { kind: 'add-label', issue: issue.number, label: LABELS.waived },
    { kind: 'close', issue: issue.number, reason: 'not_planned' },
  ];
  const waived: IssueState = { ...issue, phase: 'waived', closedAt: given.now, turns: recentTurns(given, issue) };
  return { next: { ...state, issue: waived }, steps };
}

function whileFlapping({ now }: GateCase, state: GateState, issue: IssueState): GateDecision {
  const quietSince = issue.flapping?.quietSince ?? now;
  if (now - quietSince < PERIODS.flapping)
    return { next: { ...state, issue: { ...issue, flapping: { quietSince } } }, steps: [] };
  const steps: Call[] = [
    { kind: 'remove-label', issue: issue.number, label: LABELS.flapping },
    { kind: 'close', issue: issue.number, reason: 'completed' },
  ];
  return {
    next: { ...state, issue: { ...issue, phase: 'resolved', closedAt: now, turns: [], flapping: null } },
    steps,
  };
}

/** Blind, crashed or skipped: the issue stays, and after a day it says once since when nobody could tell. */
function whileUnverified(given: GateCase, state: GateState): GateDecision {
  const { issue, verifiedAt } = state;
  const { gate, now } = given;
  const isOverdue = verifiedAt !== null && now - verifiedAt > PERIODS.unverified;
  if (issue?.phase !== 'open' || isClosed(given) || !isOverdue || !asIssue(given.issue))
    return { next: state, steps: [] };
  const fingerprint = `unverified since ${isoDay(verifiedAt)}`;
  if (issue.fingerprint === fingerprint) return { next: state, steps: [] };
  const content = gateContent({ ...given, gate }, state, issue.findings, isoDay(verifiedAt));
  return { next: { ...state, issue: { ...issue, fingerprint } }, steps: [edit(given, issue.number, content)] };
}

/** What a gate's issue shows. */
export function gateContent(
  { gate, now: _ }: Pick<GateCase, 'gate' | 'now'>,
  state: GateState,
  fresh: readonly FindingKey[],
  unverifiedSince: string | null,
  follows: number | null = null,
): Extract<IssueContent, { kind: 'gate' }> {
  const known = [...new Set(gate.findings.map(findingKey))].filter((key) => !fresh.includes(key));
  const { lastPass, firstFail } = state;
  return { kind: 'gate', gate, fresh, known, lastPass, firstFail, unverifiedSince, follows };
}

/** Hash of what makes an edit worth it: no messages, lines, counters or times. */
export function fingerprintOf({
  gate,
  fresh,
  known,
  unverifiedSince,
}: Extract<IssueContent, { kind: 'gate' }>): string {
  const { number, name, severity, lanes } = gate;
  return shortHash(
    JSON.stringify([number, name, severity, lanes, [...fresh].sort(), [...known].sort(), unverifiedSince]),
  );
}

/** The labels of ours that a gate's issue carries. */
export function gateLabels({ lanes, severity }: Pick<GateReport, 'lanes' | 'severity'>): readonly string[] {
  return [
    LABELS.audit,
    ...lanes.map((lane) => `audit/lane:${lane}`),
    ...(severity ? [`audit/severity:${severity}`] : []),
  ];
}

/** Numbers a gate's calls, so that each keeps its identity until the transition is committed. */
export function toTransition(
  about: string,
  severity: string,
  revision: number,
  calls: readonly Call[],
  apply: Transition['apply'],
): Transition {
  const steps = calls.map((call, index): Step => ({ key: `${about}:r${revision}:${callName(call)}:${index}`, call }));
  return { about, severity, steps, apply };
}

function callName(call: Call): string {
  return call.kind === 'comment' ? `comment-${call.content.kind}` : call.kind;
}

/** Puts a gate's new state into the whole, counting the transition. */
export function withGate(state: InboxState, name: string, gate: GateState): InboxState {
  return { ...state, gates: { ...state.gates, [name]: { ...gate, revision: gate.revision + 1 } } };
}

const SEVERITIES = ['critical', 'high', 'medium', 'low'];

/** 0 is the worst. */
export function rank(severity: string): number {
  const index = SEVERITIES.indexOf(severity);
  return index < 0 ? SEVERITIES.length : index;
}

function edit({ gate }: GateCase, issue: number, content: IssueContent): Call {
  return { kind: 'edit', issue, about: gate.name, content, labels: gateLabels(gate) };
}

function asIssue(whereabouts: Whereabouts | undefined): Issue | undefined {
  return typeof whereabouts === 'object' ? whereabouts : undefined;
}

function isClosed({ issue }: GateCase): boolean {
  return asIssue(issue)?.state === 'closed';
}

function mayComment({ issue }: GateCase, { flapping }: IssueState): boolean {
  const actual = asIssue(issue);
  return actual !== undefined && !actual.isLocked && !actual.labels.includes(LABELS.quiet) && flapping === null;
}

/** The turns of the last seven days, with the one that is about to happen. */
function recentTurns({ now }: GateCase, { turns }: IssueState): readonly number[] {
  return [...turns.filter((turn) => now - turn < PERIODS.flapping), now];
}

function union<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  return [...new Set([...one, ...other])];
}

function isoDay(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
