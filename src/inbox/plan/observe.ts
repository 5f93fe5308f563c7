import { findingKeys } from '../../core/finding.ts';
import type { GateReport, Report } from '../../core/report.ts';
import type { GateState, InboxState } from '../state.ts';

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
 * Gates that this target was never asked about. What fails on day one is old news, and so is what fails the first time that we can tell at all
 * (a sibling configured later, a gate that we newly implement or bring along); what the repo newly registers is not.
 */
export function meetGates(state: InboxState, report: Report, registered: ReadonlySet<string>): InboxState {
  const isDayOne = state.startedAt === null;
  const found = new Map<string, GateState>();
  for (const { name, verdict, ours } of report.gates) {
    const isNews = !isDayOne && verdict !== 'skip' && !ours;
    if (registered.has(name) && !found.has(name)) found.set(name, { ...UNSEEN, baseline: isNews ? [] : null });
  }
  if (isDayOne) for (const name of registered) if (!found.has(name)) found.set(name, UNSEEN);
  const unseen = [...found].filter(([name]) => !state.gates[name]);
  return unseen.length === 0 ? state : { ...state, gates: { ...state.gates, ...Object.fromEntries(unseen) } };
}

/** Records what an audit saw of each gate, and lets baselines only ever shrink. Issues are none of its business. */
export function observe(state: InboxState, report: Report): InboxState {
  const gates = { ...state.gates };
  for (const gate of reportsByName(report).values()) {
    const before = gates[gate.name];
    if (before) gates[gate.name] = observeGate(before, gate, report);
  }
  return { ...state, gates };
}

function observeGate(state: GateState, gate: GateReport, { complete, sha, now }: Report): GateState {
  const isPass = gate.verdict === 'pass' && complete;
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

/** A name that a malformed registry gives to two gates means the first of them. */
export function reportsByName({ gates }: Report): ReadonlyMap<string, GateReport> {
  const byName = new Map<string, GateReport>();
  for (const gate of gates) if (!byName.has(gate.name)) byName.set(gate.name, gate);
  return byName;
}

/** What is baselined for the first time, as sentences. */
export function newBaselines(before: InboxState, after: InboxState, report: Report): readonly string[] {
  return report.gates.flatMap(({ number, name }) => {
    const count = before.gates[name]?.baseline ? 0 : (after.gates[name]?.baseline?.length ?? 0);
    if (count === 0) return [];
    return [`${number} ${name}: ${count === 1 ? '1 finding becomes' : `${count} findings become`} the baseline`];
  });
}
