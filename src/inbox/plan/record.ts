import { findingKeys } from '../../core/finding.ts';
import { type GateReport, gateTitle, isProvisional, type Report } from '../../core/report.ts';
import type { GateState, InboxState } from '../state.ts';
import type { Situation } from './situation.ts';
import { gateIn } from './updates.ts';

const UNSEEN: GateState = {
  revision: 0,
  baseline: null,
  lastPass: null,
  firstFail: null,
  lastFail: null,
  verifiedAt: null,
  issue: null,
};

/**
 * Adds gates that this target was never asked about. What fails on day one is old news, and so is what fails the first time that we can tell at all
 * (a sibling configured later, a gate that we newly implement or bring along, a script that is certified at last); what the repo newly registers is not.
 */
export function addNewGates(state: InboxState, { gates, registered }: Situation): InboxState {
  const isDayOne = state.startedAt === null;
  const added = new Map<string, GateState>();
  for (const gate of gates.values()) {
    const { name, verdict, ours } = gate;
    const isNews = !isDayOne && verdict !== 'skip' && !ours && !isProvisional(gate);
    if (registered.has(name) && !gateIn(state, name)) added.set(name, { ...UNSEEN, baseline: isNews ? [] : null });
  }
  if (isDayOne) for (const name of registered) if (!added.has(name) && !gateIn(state, name)) added.set(name, UNSEEN);
  return added.size === 0 ? state : { ...state, gates: { ...state.gates, ...Object.fromEntries(added) } };
}

/** Records what an audit saw of each gate, and lets baselines only ever shrink. Issues are none of its business. */
export function recordReport(state: InboxState, { gates, report }: Situation): InboxState {
  const recorded = new Map(Object.entries(state.gates));
  for (const gate of gates.values()) {
    const before = recorded.get(gate.name);
    if (before) recorded.set(gate.name, recordGate(before, gate, report));
  }
  return { ...state, gates: Object.fromEntries(recorded) };
}

function recordGate(state: GateState, gate: GateReport, { complete, sha, now }: Report): GateState {
  const isPass = gate.verdict === 'pass' && complete;
  // It proves no absence, but whatever this gate finds from now on is news: a mistake in a gate file leaves every audit incomplete.
  if (gate.verdict === 'pass' && !complete) return { ...state, baseline: state.baseline ?? [] };
  if (!isPass && gate.verdict !== 'fail') return state;
  const keys = findingKeys(gate.findings);
  const at = Date.parse(now);
  const sighting = { sha: sha ?? '', at };
  const baseline = state.baseline ?? keys;
  return {
    ...state,
    baseline: complete ? baseline.filter((key) => keys.includes(key)) : baseline,
    verifiedAt: at,
    lastPass: isPass ? sighting : state.lastPass,
    firstFail: isPass ? null : (state.firstFail ?? sighting),
    lastFail: isPass ? null : sighting,
  };
}

/** What becomes baseline for the first time, as sentences. */
export function newBaselines(before: InboxState, after: InboxState, { gates }: Situation): readonly string[] {
  const notes: string[] = [];
  for (const gate of gates.values()) {
    const { name } = gate;
    const count = gateIn(before, name)?.baseline ? 0 : (gateIn(after, name)?.baseline?.length ?? 0);
    if (count > 0)
      notes.push(`${gateTitle(gate)}: ${count === 1 ? '1 finding becomes' : `${count} findings become`} the baseline`);
  }
  return notes;
}
