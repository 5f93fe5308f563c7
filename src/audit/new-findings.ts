import { type Finding, type FindingKey, findingKey } from '../core/finding.ts';
import type { GateReport, Report } from '../core/report.ts';
import type { Waiver } from '../core/waiver.ts';
import { isWaivedBy } from './waivers.ts';

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
 * Which findings of `head` are new against `base`, by rule and subject: a line that moved is no news, and neither is what a waiver covers.
 * Only a pass or a fail is evidence. What the base could not judge counts as known; a gate that the base does not have counts as new.
 */
export function newFindings(base: Report, head: Report, waivers: readonly Waiver[]): NewFindings {
  const before = new Map(base.gates.map((gate) => [gate.name, gate]));
  const fresh = new Map<string, readonly FindingKey[]>();
  const lost: string[] = [];
  for (const gate of head.gates) {
    const was = before.get(gate.name);
    if (gate.verdict === 'fail' && base.error === undefined) {
      const news = newsOf(was, gate).filter(({ subject }) => !waivers.some((one) => isWaivedBy(one, gate, subject)));
      if (news.length > 0) fresh.set(gate.number, news.map(findingKey));
    }
    const isUnjudged = gate.verdict === 'blind' || gate.verdict === 'crashed';
    if (isUnjudged && (was?.verdict === 'pass' || was?.verdict === 'fail')) lost.push(gate.number);
  }
  return { fresh: Object.fromEntries(fresh), newlyFailing: [...fresh.keys()], lost };
}

function newsOf(before: GateReport | undefined, { findings }: GateReport): readonly Finding[] {
  if (before?.verdict === 'blind' || before?.verdict === 'crashed') return [];
  const known = new Set(before?.findings.map(findingKey));
  return findings.filter((finding) => !known.has(findingKey(finding)));
}
