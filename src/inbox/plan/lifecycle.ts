import { newIn } from '../../audit/new-findings.ts';
import type { FindingKey } from '../../core/finding.ts';
import { isIssue } from '../port.ts';
import type { IssueState } from '../state.ts';
import { whenFailing } from './failing.ts';
import { type GateCase, type GateDecision, isClosed, PERIODS } from './gate-case.ts';
import { whenQuiet } from './quiet.ts';

/** Decides about one gate: the table of the lifecycle, row by row. */
export function decideGate(given: GateCase): GateDecision {
  const { gate, state, waivers } = given;
  const { issue } = state;
  const isJudged = gate.verdict === 'pass' || gate.verdict === 'fail';
  const fresh = gate.verdict === 'fail' ? newIn(gate, state.baseline ?? [], waivers) : [];
  if (issue && isOutOfReach(given, issue)) return tellElsewhere(issue, fresh) ?? { next: issue, steps: [] };
  if (issue?.phase === 'adopted' || issue?.phase === 'grouped') return { next: issue, steps: [] };
  if (!isJudged) return whileUnverified(given, issue);
  const elsewhere = issue && isRefused(given, issue) ? tellElsewhere(issue, fresh) : undefined;
  if (elsewhere) return elsewhere;
  return fresh.length > 0 ? whenFailing(given, issue, fresh) : whenQuiet(given, issue);
}

/** An issue that is open under another author's name, or that GitHub no longer shows us. */
function isOutOfReach({ whereabouts, now }: GateCase, { phase, hiddenSince }: IssueState): boolean {
  if (phase !== 'open' && phase !== 'grouped') return false;
  if (hiddenSince !== undefined) return now - hiddenSince >= PERIODS.hidden;
  return isIssue(whereabouts) && whereabouts.state === 'open' && whereabouts.formerAuthor !== null;
}

/** An issue that GitHub does not let us write to, night after night, though it lets us write to others. */
function isRefused({ now }: GateCase, { phase, refusedSince }: IssueState): boolean {
  return phase === 'open' && refusedSince !== undefined && now - refusedSince >= PERIODS.hidden;
}

/** What an issue that cannot be written to does not list is told in a new one. */
function tellElsewhere(issue: IssueState, fresh: readonly FindingKey[]): GateDecision | undefined {
  if (fresh.every((key) => issue.findings.includes(key))) return undefined;
  return { next: null, steps: [], create: { fresh, follows: issue.number } };
}

/** Blind, crashed, skipped or not even asked: the issue stays, and after a day it says once since when nobody could tell. */
function whileUnverified(given: GateCase, issue: IssueState | null): GateDecision {
  const { verifiedAt } = given.state;
  const isOverdue = verifiedAt !== null && given.now - verifiedAt > PERIODS.unverified;
  if (issue?.phase !== 'open' || isClosed(given) || !isOverdue) return { next: issue, steps: [] };
  const since = new Date(verifiedAt).toISOString().slice(0, 10);
  const fingerprint = `unverified since ${since}`;
  if (issue.fingerprint === fingerprint) return { next: issue, steps: [] };
  const { number } = issue;
  const content = { kind: 'unverified', since } as const;
  return {
    next: { ...issue, fingerprint },
    steps: [{ kind: 'edit', issue: number, about: given.gate.name, content, labels: [] }],
  };
}
