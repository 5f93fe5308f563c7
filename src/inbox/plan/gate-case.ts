import { isWaivedBy } from '../../audit/waivers.ts';
import { DAY, HOUR } from '../../core/durations.ts';
import { type FindingKey, findingKeys } from '../../core/finding.ts';
import type { GateReport } from '../../core/report.ts';
import type { Waiver } from '../../core/waiver.ts';
import { hasLabel, LABELS } from '../labels.ts';
import { type Issue, isIssue, type Whereabouts } from '../port.ts';
import type { GateState, IssueState } from '../state.ts';
import type { Call, CommentContent } from '../writes.ts';

/** Periods of the lifecycle, in ms. `hidden`: two nights in a row. */
export const PERIODS = { regression: 14 * DAY, flapping: 7 * DAY, unverified: DAY, hidden: 12 * HOUR };

/** What one audit says about one gate, together with all that the decision depends on. */
export interface GateCase {
  readonly gate: GateReport;
  /** After this audit was recorded and what people did was applied. */
  readonly state: GateState;
  /** What GitHub says of the stored issue; undefined when it was not read. */
  readonly whereabouts: Whereabouts | undefined;
  /** In force now. */
  readonly waivers: readonly Waiver[];
  readonly sha: string;
  readonly now: number;
  readonly isComplete: boolean;
}

/** What is to be done about one gate: steps, and its issue after them; `create` asks for a new issue, which may yet be grouped. */
export interface GateDecision {
  readonly next: IssueState | null;
  readonly steps: readonly Call[];
  readonly create?: { readonly fresh: readonly FindingKey[]; readonly follows: number | null };
}

/** An issue that was not read is where we left it. */
export function isClosed({ whereabouts, state }: GateCase): boolean {
  return isIssue(whereabouts) ? whereabouts.state === 'closed' : state.issue?.phase !== 'open';
}

/** The findings of a gate that a waiver covers. */
export function waivedFindings({ gate, waivers }: GateCase): readonly FindingKey[] {
  return findingKeys(gate.findings.filter(({ subject }) => waivers.some((one) => isWaivedBy(one, gate, subject))));
}

/** A comment where one is wanted: not on a locked or quiet issue, and not while it flaps. */
export function commentOn({ whereabouts }: GateCase, issue: IssueState, content: CommentContent): readonly Call[] {
  if (!isIssue(whereabouts) || !mayCommentOn(whereabouts) || issue.flapping !== null) return [];
  return [{ kind: 'comment', issue: issue.number, content }];
}

export function mayCommentOn({ isLocked, labels }: Issue): boolean {
  return !isLocked && !hasLabel(labels, LABELS.quiet);
}

/** When the issue was opened, closed or reopened in the last seven days, with the change that is about to happen. */
export function recentStateChanges({ now }: GateCase, { stateChanges }: IssueState): readonly number[] {
  return [...stateChanges.filter((at) => now - at < PERIODS.flapping), now];
}

/** Opening, closing and reopening so often within `PERIODS.flapping` means that nobody should be told each time. */
export function isTooOften(stateChanges: readonly number[]): boolean {
  return stateChanges.length >= 3;
}
