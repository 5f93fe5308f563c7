import type { GateReport } from '../../core/report.ts';
import type { InboxState } from '../state.ts';
import { type GateCase, type GateDecision, PERIODS } from './gate-case.ts';
import { decideGate } from './lifecycle.ts';
import type { Situation } from './situation.ts';
import { gateIn } from './updates.ts';

export interface Decided {
  readonly gate: GateReport;
  readonly decision: GateDecision;
}

/** What is decided about the gates of which enough is known, and the issues that have to be read for the others. */
export interface Decisions {
  readonly decided: readonly Decided[];
  readonly unread: readonly number[];
}

/** Decides about every registered gate. */
export function decideGates(state: InboxState, situation: Situation): Decisions {
  const decided: Decided[] = [];
  const unread: number[] = [];
  for (const gate of [...situation.gates.values(), ...unlistedGates(state, situation)]) {
    const { decision, toRead } = decide(gate, state, situation);
    if (decision) decided.push({ gate, decision });
    if (toRead !== undefined) unread.push(toRead);
  }
  return { decided, unread };
}

function decide(
  gate: GateReport,
  state: InboxState,
  { registered, tracker, waivers, report, now }: Situation,
): { readonly decision?: GateDecision; readonly toRead?: number } {
  const stored = gateIn(state, gate.name);
  if (!stored || !registered.has(gate.name)) return {};
  const { issue } = stored;
  const whereabouts = issue ? tracker.issues.get(issue.number) : undefined;
  const isHidden = issue?.hiddenSince !== undefined && now - issue.hiddenSince >= PERIODS.hidden;
  const isUnread = issue !== null && whereabouts === undefined && !isHidden;
  if (isUnread && (issue.phase === 'open' || issue.phase === 'adopted')) return { toRead: issue.number };
  if (!waivers.isReadable && issue?.phase === 'waived') return {};
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
  if (issue?.phase === 'gone' && isUnread) {
    // What GitHub called deleted is looked for again while that matters.
    const matters = issue.until !== null && gate.verdict === 'fail';
    return matters ? { decision, toRead: issue.number } : { decision };
  }
  const isWrite = decision.steps.length > 0 || decision.create !== undefined;
  return isUnread && isWrite && issue.phase !== 'grouped' ? { toRead: issue.number } : { decision };
}

/** Registered gates with an open issue that no lane lists any more: nobody asks them, so nobody can tell. */
function unlistedGates(state: InboxState, { gates }: Situation): readonly GateReport[] {
  const unlisted = Object.entries(state.gates).filter(
    ([name, { issue }]) => issue?.phase === 'open' && !gates.has(name),
  );
  return unlisted.map(([name, { issue }]) => {
    return {
      number: '',
      name,
      category: '',
      severity: issue?.severity ?? '',
      lanes: [],
      verdict: 'skip',
      findings: [],
    };
  });
}
