import { type Finding, findingKey } from '../core/finding.ts';
import type { Verdict } from '../core/gate.ts';
import type { GateReport, Report } from '../core/report.ts';

/** How one gate differs between two audits. */
export interface GateChange {
  readonly number: string;
  readonly name: string;
  readonly severity: string;
  readonly lanes: readonly string[];
  /** Null where the audit did not have the gate. */
  readonly from: Verdict | null;
  readonly to: Verdict | null;
  readonly appeared: readonly Finding[];
  readonly gone: readonly Finding[];
}

export interface LaneChange {
  readonly id: string;
  /** Passing and all gates; null where the audit did not have the lane. */
  readonly from: readonly [pass: number, total: number] | null;
  readonly to: readonly [pass: number, total: number] | null;
}

export interface Comparison {
  /** What changed for the worse first. */
  readonly changes: readonly GateChange[];
  readonly lanes: readonly LaneChange[];
}

/** What changed between two audits: verdicts, and findings of gates whose verdict stayed. */
export function compareReports(from: Report, to: Report): Comparison {
  const before = new Map(from.gates.map((gate) => [gate.number, gate]));
  const after = new Map(to.gates.map((gate) => [gate.number, gate]));
  const numbers = [...new Set([...after.keys(), ...before.keys()])];
  const changes = numbers.flatMap((number) => changeOf(before.get(number), after.get(number)) ?? []);
  return { changes: changes.sort((one, other) => weight(one) - weight(other)), lanes: laneChanges(from, to) };
}

function changeOf(before: GateReport | undefined, after: GateReport | undefined): GateChange | undefined {
  const gate = after ?? before;
  if (!gate) return undefined;
  const had = new Set((before?.findings ?? []).map(findingKey));
  const has = new Set((after?.findings ?? []).map(findingKey));
  const appeared = (after?.findings ?? []).filter((finding) => !had.has(findingKey(finding)));
  const gone = (before?.findings ?? []).filter((finding) => !has.has(findingKey(finding)));
  const isSame = before?.verdict === after?.verdict && appeared.length === 0 && gone.length === 0;
  if (isSame) return undefined;
  const { number, name, severity, lanes } = gate;
  const verdicts = { from: before?.verdict ?? null, to: after?.verdict ?? null };
  return { number, name, severity, lanes, ...verdicts, appeared, gone };
}

function weight({ to, appeared }: GateChange): number {
  if (to === 'fail') return appeared.length > 0 ? 0 : 2;
  return to === 'blind' || to === 'crashed' || to === 'provisional' ? 1 : 3;
}

function laneChanges(from: Report, to: Report): readonly LaneChange[] {
  const totals = ({ lanes }: Report) => new Map(lanes.map(({ id, pass, total }) => [id, [pass, total] as const]));
  const [before, after] = [totals(from), totals(to)];
  return [...new Set([...after.keys(), ...before.keys()])]
    .map((id) => ({ id, from: before.get(id) ?? null, to: after.get(id) ?? null }))
    .filter((lane) => String(lane.from) !== String(lane.to));
}
