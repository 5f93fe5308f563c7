import type { Finding } from '../core/finding.ts';
import { type FindingKey, findingKey } from '../core/inbox.ts';
import type { GateReport, Report } from '../core/report.ts';

/** What a change brings, against the commit that it is to go onto. */
export interface NewFindings {
  /** Findings that the base does not have, by gate number. */
  readonly fresh: Readonly<Record<string, readonly FindingKey[]>>;
  /** Numbers of the gates that have some, in the order of the report. */
  readonly newlyFailing: readonly string[];
  /** Numbers of gates that passed or failed at the base and that nobody can judge now. */
  readonly lost: readonly string[];
}

/**
 * Which findings of `head` are new against `base`, by rule and subject: a line that moved is no news.
 * Only a pass or a fail is evidence. What the base could not judge counts as known; a gate that the base does not have counts as new.
 */
export function newFindings(base: Report, head: Report): NewFindings {
  const before = new Map(base.gates.map((gate) => [gate.name, gate]));
  const wasAudited = base.error === undefined;
  const fresh = head.gates.flatMap((gate) => {
    const news = wasAudited && gate.verdict === 'fail' ? freshOf(before.get(gate.name), gate) : [];
    return news.length > 0 ? [[gate.number, news.map(findingKey)] as const] : [];
  });
  const lost = head.gates.filter(({ name, verdict }) => {
    const was = before.get(name)?.verdict;
    return (verdict === 'blind' || verdict === 'crashed') && (was === 'pass' || was === 'fail');
  });
  return {
    fresh: Object.fromEntries(fresh),
    newlyFailing: fresh.map(([number]) => number),
    lost: lost.map(({ number }) => number),
  };
}

function freshOf(before: GateReport | undefined, { findings }: GateReport): readonly Finding[] {
  if (before?.verdict === 'blind' || before?.verdict === 'crashed') return [];
  const known = new Set(before?.findings.map(findingKey));
  return findings.filter((finding) => !known.has(findingKey(finding)));
}
