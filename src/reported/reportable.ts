import { type GateReport, NOT_IMPLEMENTED } from '../core/report.ts';

/** What a report may name: each number and name, with the gate's number; null for a gate that only an audit judges. */
export type Reportable = ReadonlyMap<string, string | null>;

/**
 * Whether a runner may say something of this gate: of those that the repo registers, and of commands that it declares. Our own gates read the repo, CI's
 * checks and posted facts by themselves.
 */
export function isReportable({ ours, runs }: Pick<GateReport, 'ours' | 'runs'>): boolean {
  return ours !== true || runs !== undefined;
}

/** Whether nobody here has judged the gate. What the registry skips, such as a retired gate, is judged. */
export function isUnjudged({ verdict, reason }: GateReport): boolean {
  return verdict === 'blind' || verdict === 'provisional' || (verdict === 'skip' && reason === NOT_IMPLEMENTED);
}

/**
 * Whether a pass leaves something open that a runner's failure decides: parts that cannot be judged from an audit, or a script that is no longer the one
 * which our verdict was verified against.
 */
export function isPartlyOpen({ verdict, unverified, scriptChanged }: GateReport): boolean {
  return verdict === 'pass' && (unverified !== undefined || scriptChanged === true);
}

/** The gates of the last audit by number and name. Where the repo's gate and one of ours have the same, it is the repo's. */
export function reportableIn(gates: readonly GateReport[]): Reportable {
  const found = new Map<string, string | null>();
  for (const gate of gates.filter((one) => !isReportable(one)))
    for (const alias of [gate.number, gate.name]) found.set(alias, null);
  const theirs = gates.filter(isReportable);
  for (const { number, name } of theirs) found.set(name, number);
  for (const { number } of theirs) found.set(number, number);
  return found;
}
