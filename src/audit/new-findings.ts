import { type FindingKey, findingKeys } from '../core/finding.ts';
import type { GateReport, Report } from '../core/report.ts';
import type { Waiver } from '../core/waiver.ts';
import { isWaivedBy } from './waivers.ts';

/**
 * The findings of a gate that are new: not among the known ones, and covered by no waiver. Each once.
 * This is the one definition of "new", for issues, the dashboard, the command line and pull requests; they differ in what is known to them.
 */
export function newIn(
  gate: Pick<GateReport, 'number' | 'name' | 'findings'>,
  known: readonly FindingKey[],
  waivers: readonly Waiver[],
): readonly FindingKey[] {
  const isKnown = new Set(known);
  const unwaived = gate.findings.filter(({ subject }) => !waivers.some((one) => isWaivedBy(one, gate, subject)));
  return findingKeys(unwaived).filter((key) => !isKnown.has(key));
}

/** What a change brings, against the commit that it is to go onto. */
export interface NewFindings {
  /** Findings that the base does not have and no waiver covers, by gate number. */
  readonly fresh: Readonly<Record<string, readonly FindingKey[]>>;
  /** Numbers of the gates that have some, in the order of the report. */
  readonly newlyFailing: readonly string[];
  /** Numbers of gates that passed or failed at the base and that nobody can judge now. */
  readonly lost: readonly string[];
}

/**
 * Which findings of `head` are new against `base`: a line that moved is no news, and neither is what a waiver covers.
 * Only a pass or a fail is evidence. What the base could not judge counts as known; a gate that the base does not have counts as new.
 */
export function newFindings(base: Report, head: Report, waivers: readonly Waiver[]): NewFindings {
  const before = new Map(base.gates.map((gate) => [gate.name, gate]));
  const fresh = new Map<string, readonly FindingKey[]>();
  const lost: string[] = [];
  for (const gate of head.gates) {
    const was = before.get(gate.name);
    if (isUnjudged(gate) && (was?.verdict === 'pass' || was?.verdict === 'fail')) lost.push(gate.number);
    if (gate.verdict !== 'fail' || base.error !== undefined) continue;
    const keys = newIn(gate, knownAt(was, gate), waivers);
    if (keys.length > 0) fresh.set(gate.number, keys);
  }
  return { fresh: Object.fromEntries(fresh), newlyFailing: [...fresh.keys()], lost };
}

function knownAt(before: GateReport | undefined, now: GateReport): readonly FindingKey[] {
  return findingKeys(before && isUnjudged(before) ? now.findings : (before?.findings ?? []));
}

function isUnjudged({ verdict }: GateReport): boolean {
  return verdict === 'blind' || verdict === 'crashed' || verdict === 'provisional';
}
