import { waiversInForce } from '../../audit/waivers.ts';
import type { GateReport } from '../../core/report.ts';
import type { InboxState } from '../state.ts';
import type { Call, Plan, Transition } from '../writes.ts';
import { endBroken, standingNumbers } from './gap-inbox.ts';
import { type Joiner, meetGroup, planGroup } from './group.ts';
import { meetPeople } from './human-changes.ts';
import type { PlanInput } from './input.ts';
import { decideGate, type GateCase, type GateDecision } from './lifecycle.ts';
import { meetGates, newBaselines, observe, reportsByName } from './observe.ts';
import { claimIssues, duplicates } from './recover.ts';
import { missingGates, retire } from './retire.ts';
import { gateContent, gateLabels, openedIssue, rank, toTransition, withGate, withIssue } from './steps.ts';

/** Single issues that one audit may open; more become one grouped issue. */
const MAX_SINGLES = 5;
/** Share of the evaluated gates that may newly fail at once before we suspect one common cause. */
const GROUP_SHARE = 0.25;

interface Decided {
  readonly gate: GateReport;
  readonly decision: GateDecision;
}

/**
 * What the audit wants to be true in the tracker. Pure: carrying it out and planning again gives an empty plan.
 * First everything that needs no write (what was seen, what people did, issues found again), then one transition per issue.
 */
export function planInbox(given: PlanInput): Plan {
  const input = withUsableNames({ ...given, waivers: waiversInForce(given.waivers, given.now) });
  const { report, registered, tracker, now } = input;
  const seeded = meetGates(input.state, report, registered);
  const met = meetGroup(meetEverybody(input, seeded), input);
  const claimed = claimIssues(met, report, [...tracker.issues.values()], now);
  const observed = observe(claimed, report);
  const unread: number[] = [...standingNumbers(observed, tracker)];
  const decided = decideAll(input, observed, unread);
  const isSilent = ({ decision }: Decided) => decision.steps.length === 0 && !decision.create;
  const state = decided
    .filter(isSilent)
    .reduce<InboxState>((whole, { gate, decision }) => withSilent(whole, gate.name, decision), observed);
  const joiners = flood(input, decided);
  const isSingle = ({ gate }: Decided) => !joiners.some(({ name }) => name === gate.name);
  const singles = decided.filter((one) => !isSilent(one) && isSingle(one));
  const transitions = [
    ...closeDuplicates(input, state),
    ...retire(input, state),
    ...singles.map((one) => transitionOf(input, state, one)),
    ...planGroup(input, state, joiners),
    ...endBroken(input, state),
  ];
  return {
    transitions: [...begin(input, state), ...transitions.sort(byUrgency)],
    notes: newBaselines(claimed, observed, report),
    unread: [...new Set(unread)],
  };
}

/** A registry may call a gate anything; names that mean something to us or to JavaScript get no issue. */
function withUsableNames(input: PlanInput): PlanInput {
  const isUsable = (name: string) => name !== '' && !name.startsWith('@') && !(name in {});
  const gates = input.report.gates.filter(({ name }) => isUsable(name));
  return { ...input, report: { ...input.report, gates }, registered: new Set([...input.registered].filter(isUsable)) };
}

/** Closes and updates first, then creates; the worst severity first among equals. */
function byUrgency(one: Transition, other: Transition): number {
  const isCreate = (transition: Transition) => transition.steps.some(({ call }) => call.kind === 'create');
  return Number(isCreate(one)) - Number(isCreate(other)) || rank(one.severity) - rank(other.severity);
}

function meetEverybody({ tracker, now }: PlanInput, state: InboxState): InboxState {
  return Object.entries(state.gates).reduce<InboxState>((whole, [name, gate]) => {
    const number = gate.issue?.number ?? 0;
    const issue = meetPeople(name, gate, tracker.issues.get(number), tracker.ownActs.get(number), now);
    return issue === gate.issue ? whole : withGate(whole, name, { ...gate, issue });
  }, state);
}

/** Decides about every gate of which enough is known, and collects the issues that have to be read for the others. */
function decideAll(input: PlanInput, state: InboxState, unread: number[]): readonly Decided[] {
  const { report, registered, tracker, waivers, now } = input;
  const gates = [...reportsByName(report).values(), ...missingGates(report, state)];
  return gates.flatMap((gate): readonly Decided[] => {
    const stored = state.gates[gate.name];
    if (!stored || !registered.has(gate.name)) return [];
    const { issue } = stored;
    const whereabouts = issue ? tracker.issues.get(issue.number) : undefined;
    const isUnread = issue !== null && whereabouts === undefined && issue.phase !== 'gone' && issue.phase !== 'grouped';
    if (isUnread && (issue.phase === 'open' || issue.phase === 'adopted')) {
      unread.push(issue.number);
      return [];
    }
    // What GitHub called deleted is looked for again while that matters.
    if (issue?.phase === 'gone' && issue.until !== null && gate.verdict === 'fail' && whereabouts === undefined)
      unread.push(issue.number);
    if (!waivers.isReadable && issue?.phase === 'waived') return [];
    const given: GateCase = {
      gate,
      state: stored,
      whereabouts,
      waivers: waivers.active,
      sha: report.sha ?? '',
      now,
      isComplete: report.complete,
    };
    const decision = decideGate(given);
    if (isUnread && (decision.steps.length > 0 || decision.create)) {
      unread.push(issue.number);
      return [];
    }
    return [{ gate, decision }];
  });
}

function withSilent(state: InboxState, name: string, { next }: GateDecision): InboxState {
  const gate = state.gates[name];
  return gate ? withGate(state, name, { ...gate, issue: next }) : state;
}

/** The gates that get a common issue, where too many fail at once for single ones. */
function flood({ report }: PlanInput, decided: readonly Decided[]): readonly Joiner[] {
  const creates = decided.filter(({ decision }) => decision.create !== undefined);
  const evaluated = report.gates.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').length;
  const isFlood = creates.length > MAX_SINGLES || (creates.length > 1 && creates.length > evaluated * GROUP_SHARE);
  return isFlood ? creates.map(({ gate, decision }) => ({ name: gate.name, decision })) : [];
}

function transitionOf({ now }: PlanInput, state: InboxState, { gate, decision }: Decided): Transition {
  const { name, severity } = gate;
  const stored = state.gates[name];
  const { next, steps, create } = decision;
  const revision = stored?.revision ?? 0;
  if (!create || !stored) return toTransition(name, severity, revision, steps, (whole) => withIssue(whole, name, next));
  const content = gateContent(gate, stored, create.fresh, create.follows);
  const call: Call = { kind: 'create', about: name, content, labels: gateLabels(gate) };
  return toTransition(name, severity, revision, [call], (whole, number) =>
    number === null ? whole : withIssue(whole, name, openedIssue(number, content, now)),
  );
}

/** Everything that is remembered without a write; it settles closes of ours that nobody had confirmed. */
function begin({ state: before, tracker, now }: PlanInput, state: InboxState): readonly Transition[] {
  const next = { ...state, startedAt: state.startedAt ?? now, failedAudits: 0 };
  const settles = [...tracker.ownActs.values()].filter(({ act }) => act === 'close').map(({ key }) => key);
  if (settles.length === 0 && JSON.stringify(next) === JSON.stringify(before)) return [];
  return [{ ...toTransition('@begin', 'critical', 0, [], () => next), settles }];
}

/** Two open issues of ours for one gate can only come from an answer of GitHub that was not true; the one that we know stays. */
function closeDuplicates({ tracker }: PlanInput, state: InboxState): readonly Transition[] {
  return duplicates(state, [...tracker.issues.values()]).map(([{ number, isLocked }, of]) => {
    const why: Call = { kind: 'comment', issue: number, content: { kind: 'duplicate', of } };
    const close: Call = { kind: 'close', issue: number, reason: 'not_planned' };
    return toTransition(`@duplicate-${number}`, 'low', 0, isLocked ? [close] : [why, close], (whole) => whole);
  });
}
