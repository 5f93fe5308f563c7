import { newIn } from '../../audit/new-findings.ts';
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
  if (issue && isOutOfReach(given, issue)) return whileOutOfReach(given, issue);
  if (issue?.phase === 'adopted' || issue?.phase === 'grouped') return { next: issue, steps: [] };
  if (!isJudged) return whileUnverified(given, issue);
  const fresh = newIn(gate, state.baseline ?? [], waivers);
  return fresh.length > 0 ? whenFailing(given, issue, fresh) : whenQuiet(given, issue);
}

/** Nothing can be written to an issue that is open under another author's name, or that GitHub no longer shows us. */
function isOutOfReach({ whereabouts, now }: GateCase, { phase, hiddenSince }: IssueState): boolean {
  if (phase !== 'open' && phase !== 'grouped') return false;
  if (hiddenSince !== undefined) return now - hiddenSince >= PERIODS.hidden;
  return isIssue(whereabouts) && whereabouts.state === 'open' && whereabouts.formerAuthor !== null;
}

/** What the issue does not list is told in a new one. */
function whileOutOfReach({ gate, state, waivers }: GateCase, issue: IssueState): GateDecision {
  const fresh = gate.verdict === 'fail' ? newIn(gate, state.baseline ?? [], waivers) : [];
  if (fresh.every((key) => issue.findings.includes(key))) return { next: issue, steps: [] };
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
