import { gateLabels } from '../labels.ts';
import type { InboxState } from '../state.ts';
import type { Call, Plan, Transition } from '../writes.ts';
import { endBroken } from './broken.ts';
import { fingerprintOf, gateContent } from './content.ts';
import { type Decided, decideGates } from './decide.ts';
import { closeDuplicates } from './duplicates.ts';
import { formerAuthorProblems } from './former-authors.ts';
import { unreadSingles } from './gap-inbox.ts';
import { planGroup } from './group.ts';
import { applyGroupChanges } from './group-changes.ts';
import { applyHumanChanges } from './human-changes.ts';
import { addNewGates, newBaselines, recordReport } from './record.ts';
import { recoverLostIssues } from './recover.ts';
import { rekeyFindings } from './rekey.ts';
import { retireGates } from './retire.ts';
import { rank } from './severity.ts';
import { type PlanInput, type Situation, situationOf } from './situation.ts';
import { toTransition } from './transition.ts';
import { changeGate, confirmIssue, gateIn, newIssue } from './updates.ts';
import { holdVanished, noteVanished, vanishedProblems } from './vanished.ts';

/** Single issues that one audit may open; more become one grouped issue. */
const MAX_SINGLES = 5;
/** Share of the evaluated gates that may newly fail at once before we suspect one common cause. */
const GROUP_SHARE = 0.25;

type Step = (state: InboxState, situation: Situation) => InboxState;

/** What is found out before this report is looked at. */
const CATCH_UP: readonly Step[] = [rekeyFindings, addNewGates, applyHumanChanges, applyGroupChanges, recoverLostIssues];

/**
 * What the audit wants to be true in the tracker. Pure: carrying it out and planning again gives an empty plan.
 * First everything that needs no write (what people did, issues found again, what was seen), then one transition per issue.
 */
export function planInbox(input: PlanInput): Plan {
  const whole = situationOf(input);
  const noted = noteVanished(input.state, whole);
  const situation = holdVanished(noted, whole);
  const caughtUp = through(CATCH_UP, noted, situation);
  const recorded = recordReport(caughtUp, situation);
  const { decided, unread } = decideGates(recorded, situation);
  const state = withoutWrites(recorded, decided);
  const { singles, joiners } = sortOut(decided, situation);
  const transitions = [
    ...closeDuplicates(state, situation),
    ...retireGates(state, situation),
    ...singles.map((one) => transitionOf(state, situation, one)),
    ...planGroup(state, situation, joiners),
    ...endBroken(state, situation),
  ];
  return {
    transitions: [...remember(input, state), ...transitions.sort(byUrgency)],
    notes: newBaselines(caughtUp, recorded, situation),
    problems: [...formerAuthorProblems(whole.tracker), ...vanishedProblems(noted, whole)],
    unread: [...new Set([...unreadSingles(recorded, situation.tracker), ...unread])],
  };
}

function through(steps: readonly Step[], before: InboxState, situation: Situation): InboxState {
  let state = before;
  for (const step of steps) state = step(state, situation);
  return state;
}

function needsWrites({ decision }: Decided): boolean {
  return decision.steps.length > 0 || decision.create !== undefined;
}

/** The decisions that only change what we remember. */
function withoutWrites(before: InboxState, decided: readonly Decided[]): InboxState {
  let state = before;
  for (const one of decided) {
    const { name } = one.gate;
    const { next } = one.decision;
    // Nearly all stay as they are: for each change the whole state is copied.
    if (!needsWrites(one) && gateIn(state, name)?.issue !== next) state = changeGate(state, name, { issue: next });
  }
  return state;
}

/** Where too many gates fail at once for single issues, those that need a new one share it. */
function sortOut(decided: readonly Decided[], { gates }: Situation) {
  const writing = decided.filter(needsWrites);
  const creates = writing.filter(({ decision }) => decision.create !== undefined);
  const evaluated = [...gates.values()].filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').length;
  const isFlood = creates.length > MAX_SINGLES || (creates.length > 1 && creates.length > evaluated * GROUP_SHARE);
  if (!isFlood) return { singles: writing, joiners: [] };
  return {
    singles: writing.filter(({ decision }) => decision.create === undefined),
    joiners: creates.map(({ gate, decision }) => ({ name: gate.name, decision })),
  };
}

function transitionOf(state: InboxState, { now }: Situation, { gate, decision }: Decided): Transition {
  const { name, severity } = gate;
  const before = gateIn(state, name);
  const { next, steps, create } = decision;
  const revision = before?.revision ?? 0;
  if (!create || !before)
    return toTransition(name, severity, revision, steps, (whole) => confirmIssue(whole, name, next));
  const { fresh, follows } = create;
  const content = gateContent(gate, before, fresh, follows);
  const call: Call = { kind: 'create', about: name, content, labels: gateLabels(gate) };
  const opened = { findings: fresh, follows, fingerprint: fingerprintOf(content) };
  return toTransition(name, severity, revision, [call], (whole, number) =>
    number === null ? whole : confirmIssue(whole, name, newIssue(number, { severity, now }, opened)),
  );
}

/** Everything that is remembered without a write; closes of ours that nobody had confirmed are part of it. */
function remember({ state: before, tracker, now }: PlanInput, state: InboxState): readonly Transition[] {
  const next = { ...state, startedAt: state.startedAt ?? now, failedAudits: 0 };
  const clears = [...tracker.ownActs.values()].filter(({ act }) => act === 'close').map(({ key }) => key);
  if (clears.length === 0 && JSON.stringify(next) === JSON.stringify(before)) return [];
  return [{ ...toTransition('@begin', 'critical', 0, [], () => next), clears }];
}

/** Closes and updates first, then creates; the worst severity first among equals. */
function byUrgency(one: Transition, other: Transition): number {
  const isCreate = ({ steps }: Transition) => steps.some(({ call }) => call.kind === 'create');
  return Number(isCreate(one)) - Number(isCreate(other)) || rank(one.severity) - rank(other.severity);
}
