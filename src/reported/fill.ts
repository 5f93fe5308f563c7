import type { Finding } from '../core/finding.ts';
import type { GateReport, Report } from '../core/report.ts';
import { countVerdicts } from '../core/verdict-counts.ts';
import type { ReportedResult } from './results.ts';

/** A result with where it comes from. */
export interface Reported extends Omit<ReportedResult, 'findings'> {
  readonly findings: readonly ReportedResult['findings'][number][];
  readonly sha: string;
  /** Milliseconds since the epoch at which it was true. */
  readonly at: number;
  /** Who ran the gate. */
  readonly runner: string;
}

export interface FillContext {
  /** The audited commit. */
  readonly sha: string | null;
  readonly now: number;
  /** Milliseconds for which a result is believed. */
  readonly maxAge: number;
}

/** A report with what was reported of its gates, by number or name; its lanes are counted anew. */
export function withReported(report: Report, reported: readonly Reported[], context: FillContext): Report {
  if (reported.length === 0) return report;
  const byGate = new Map(reported.map((one) => [one.gate, one]));
  const gates = report.gates.map((gate) => fillGate(gate, byGate.get(gate.number) ?? byGate.get(gate.name), context));
  const lanes = report.lanes.map((lane) => {
    const mine = gates.filter((gate) => lane.gates.includes(gate.number) && gate.ours === lane.ours);
    const counts = countVerdicts(mine.map(({ verdict }) => verdict));
    return { ...lane, ...counts, total: lane.ours ? lane.gates.length - counts.skip : lane.total };
  });
  return { ...report, lanes, gates };
}

/** When (ms since the epoch) the first of these results is too old to count; null where none is to be believed now. */
export function expiryOf(reported: readonly Reported[], { now, maxAge }: FillContext): number | null {
  const ends = reported.map(({ at }) => at + maxAge + 1).filter((end) => end > now);
  return ends.length > 0 ? Math.min(...ends) : null;
}

/**
 * One gate of our report with what a runner said of it. A result fills what we could not check ourselves: a blind verdict, or its unverified parts.
 * It never overrules a verdict of ours; where the two differ, both are shown. A result for another commit, or an old one, only explains why the gate is blind.
 */
export function fillGate(gate: GateReport, reported: Reported | undefined, context: FillContext): GateReport {
  if (!reported) return gate;
  const origin = {
    verdict: reported.verdict,
    sha: reported.sha,
    at: new Date(reported.at).toISOString(),
    runner: reported.runner,
  };
  const isBlind = gate.verdict === 'blind' || gate.verdict === 'skip';
  const why = whyNotBelieved(reported, context);
  if (why !== null) {
    if (!isBlind) return gate;
    return { ...gate, verdict: 'blind', reason: sentence(gate.reason, why), reported: origin };
  }
  if (reported.verdict === 'blind') {
    const reason = sentence(
      gate.reason,
      `${reported.runner} could not check it either: ${reported.reason ?? 'no reason given'}.`,
    );
    return isBlind ? { ...gate, verdict: 'blind', reason, reported: origin } : gate;
  }
  if (isBlind || (gate.unverified && gate.verdict === 'pass')) {
    const { reason: _, unverified: __, ...rest } = gate;
    const findings = reported.verdict === 'fail' ? reported.findings.map(asFinding) : [];
    return { ...rest, verdict: reported.verdict, findings, reported: origin };
  }
  return { ...gate, reported: origin };
}

/** Whether a gate's own verdict and what was reported of it at the same commit differ. */
export function isContradiction({ verdict, reported }: GateReport): boolean {
  const isOwn = verdict === 'pass' || verdict === 'fail';
  return isOwn && reported !== undefined && reported.verdict !== 'blind' && reported.verdict !== verdict;
}

function whyNotBelieved({ sha, at, verdict, runner }: Reported, context: FillContext): string | null {
  const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  if (context.now - at > context.maxAge)
    return `The last result, ${verdict} by ${runner} on ${when} UTC, is too old to count.`;
  if (sha !== context.sha) return `The last result, ${verdict} by ${runner}, is for commit ${sha.slice(0, 10)}.`;
  return null;
}

function sentence(...parts: readonly (string | undefined)[]): string {
  const given = parts.filter((part) => part !== undefined && part !== '');
  return given.map((part) => (/[.!?]$/.test(part ?? '') ? part : `${part}.`)).join(' ');
}

function asFinding({ rule, subject, path, line, message }: ReportedResult['findings'][number]): Finding {
  return { rule, subject, repo: 'target', path, line, message };
}
