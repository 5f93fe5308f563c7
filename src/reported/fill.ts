import { defined } from '../core/defined.ts';
import type { Finding } from '../core/finding.ts';
import { minuteInUtc } from '../core/instants.ts';
import type { GateReport, Report, ReportedVerdict } from '../core/report.ts';
import { countVerdicts } from '../core/verdict-counts.ts';
import { isPartlyOpen, isReportable, isUnjudged } from './reportable.ts';
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
  const byGate = Map.groupBy(reported, ({ gate }) => gate);
  const gates = report.gates.map((gate) => {
    const names = isReportable(gate) ? new Set([gate.number, gate.name]) : [];
    const results = [...names].flatMap((name) => byGate.get(name) ?? []);
    return fillGate(gate, results, context);
  });
  const lanes = report.lanes.map((lane) => {
    const mine = gates.filter((gate) => lane.gates.includes(gate.number) && gate.ours === lane.ours);
    const counts = countVerdicts(mine.map(({ verdict }) => verdict));
    const provisional = counts.provisional || undefined;
    const { provisional: _, ...rest } = { ...lane, ...counts };
    return defined({ ...rest, provisional, total: lane.ours ? lane.gates.length - counts.skip : lane.total });
  });
  return { ...report, lanes, gates };
}

/** When (ms since the epoch) the first of these results is too old to count; null where none is to be believed now. */
export function expiryOf(reported: readonly Reported[], { now, maxAge }: FillContext): number | null {
  const ends = reported.map(({ at }) => at + maxAge + 1).filter((end) => end > now);
  return ends.length > 0 ? Math.min(...ends) : null;
}

/**
 * One gate of our report with what runners said of it. A result fills what we could not check ourselves: a blind verdict, what a pass leaves open.
 * It never overrules a verdict of ours; where the two differ, both are shown. Where runners differ about one commit, the failure counts.
 * A result for another commit, or an old one, only explains why the gate is blind.
 */
export function fillGate(gate: GateReport, results: readonly Reported[], context: FillContext): GateReport {
  const chosen = chooseResult(results, context);
  if (!chosen) return gate;
  const { verdict, runner, reason } = chosen;
  const reported = originOf(chosen, results, context);
  const isBlind = isUnjudged(gate);
  const why = whyNotBelieved(chosen, context);
  if (why !== null || verdict === 'blind') {
    const failure = isPartlyOpen(gate) ? openFailure(results) : undefined;
    if (failure)
      return { ...gate, verdict: 'blind', reason: stillOpen(gate, failure), reported: originOf(failure, [], context) };
    if (!isBlind || gate.verdict === 'provisional') return gate;
    const said = why ?? `${runner} could not check it either: ${reason ?? 'no reason given'}.`;
    return { ...gate, verdict: 'blind', reason: sentence(gate.reason, said), reported };
  }
  if (!isBlind && !isPartlyOpen(gate)) return { ...gate, reported };
  const { reason: _, unverified: __, script, ...rest } = gate;
  // A runner's verdict counts, so what the script says here is something to compare it with.
  const compared = script && { script: defined({ ...script, standing: 'compared' as const, inPlaceOf: undefined }) };
  return { ...rest, ...compared, verdict, findings: findingsOf(chosen), reported };
}

/** A failure before a pass, a verdict before none, what is believed before what is not; of equals the newest. */
function chooseResult(results: readonly Reported[], context: FillContext): Reported | undefined {
  const newest = results.toSorted((one, other) => other.at - one.at);
  const believed = newest.filter((one) => whyNotBelieved(one, context) === null);
  const withVerdict = (wanted: Reported['verdict']) => believed.find(({ verdict }) => verdict === wanted);
  return withVerdict('fail') ?? withVerdict('pass') ?? believed[0] ?? newest[0];
}

/** The newest failure that its own runner has not taken back since. Nobody has seen it mended, so that it is no pass when it is no longer believed. */
function openFailure(results: readonly Reported[]): Reported | undefined {
  const newest = results.filter(({ verdict }) => verdict !== 'blind').sort((one, other) => other.at - one.at);
  const byRunner = Map.groupBy(newest, ({ runner }) => runner);
  return [...byRunner.values()].flatMap(([last]) => (last ? [last] : [])).find(({ verdict }) => verdict === 'fail');
}

function stillOpen({ unverified }: GateReport, { runner, at }: Reported): string {
  const part = unverified
    ? 'The part that only a runner can check'
    : 'The script, which has changed since our verdict was verified against it,';
  return `${part} failed according to ${runner} on ${minuteInUtc(at)}, and nobody has reported since that it passes.`;
}

function originOf(chosen: Reported, results: readonly Reported[], context: FillContext): ReportedVerdict {
  const { verdict, sha, at, runner } = chosen;
  const differing = results.filter(
    (one) => one.verdict !== 'blind' && one.verdict !== verdict && whyNotBelieved(one, context) === null,
  );
  const otherwise = verdict === 'blind' ? [] : [...new Set(differing.map((one) => one.runner))];
  const output = chosen.output === '' ? {} : { output: chosen.output.split('\n') };
  const origin = { verdict, sha, at: new Date(at).toISOString(), runner, ...output };
  return otherwise.length > 0 ? { ...origin, otherwise } : origin;
}

function whyNotBelieved({ sha, at, verdict, runner }: Reported, context: FillContext): string | null {
  const when = minuteInUtc(at);
  if (context.now - at > context.maxAge)
    return `The last result, ${verdict} by ${runner} on ${when}, is too old to count.`;
  if (sha !== context.sha) return `The last result, ${verdict} by ${runner}, is for commit ${sha.slice(0, 10)}.`;
  return null;
}

function sentence(...parts: readonly (string | undefined)[]): string {
  const given = parts.filter((part) => part !== undefined && part !== '');
  return given.map((part) => (/[.!?]$/.test(part ?? '') ? part : `${part}.`)).join(' ');
}

/** A failure without a finding is one all the same. */
function findingsOf({ verdict, findings, runner }: Reported): readonly Finding[] {
  if (verdict !== 'fail') return [];
  if (findings.length > 0) return findings.map(asFinding);
  const message = `It fails according to ${runner}, which says no more.`;
  return [asFinding({ rule: 'reported', subject: 'exit status', path: null, line: null, message })];
}

function asFinding({ rule, subject, path, line, message }: ReportedResult['findings'][number]): Finding {
  return { rule, subject, repo: 'target', path, line, message };
}
