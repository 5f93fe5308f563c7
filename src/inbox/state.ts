import type { FindingKey } from '../core/finding.ts';
import type { IssuePhase, Sighting } from '../core/inbox.ts';

export interface IssueState {
  readonly number: number;
  readonly phase: IssuePhase;
  /** Findings that the issue is about. */
  readonly findings: readonly FindingKey[];
  readonly severity: string;
  /** Hash of what our block shows; an equal one needs no edit. */
  readonly fingerprint: string;
  readonly openedAt: number;
  readonly closedAt: number | null;
  /** We reopened it once against a person's close; the next close is final. */
  readonly reopenedOnce: boolean;
  /** A person closed it when this was the last commit seen to fail; only a failure at another one is newer evidence. */
  readonly closedSha: string | null;
  /** A person reopened it although nothing was wrong: it stays open until the gate has failed and recovered. */
  readonly isHeld: boolean;
  /** The earlier issue that it links to. */
  readonly follows: number | null;
  /** When we opened, closed or reopened it in the last seven days. */
  readonly turns: readonly number[];
  /** Set while it flaps: since when the gate has been quiet (null: it fails now). */
  readonly flapping: { readonly quietSince: number | null } | null;
  /** Since when GitHub refuses to show it to us; absent while it does show it. */
  readonly hiddenSince?: number | undefined;
  /** Since when GitHub refuses our writes to it, though not to others; absent once a write has worked. */
  readonly refusedSince?: number | undefined;
  /** For `gone`: until when (ms since the epoch) the deletion counts as an acknowledgement; null for ever. */
  readonly until: number | null;
}

/** What is remembered of one gate of one target. */
export interface GateState {
  /** Counts confirmed transitions of its issue; part of every step's identity. */
  readonly revision: number;
  /** Findings that were there on day one; null until the first pass or fail. */
  readonly baseline: readonly FindingKey[] | null;
  readonly lastPass: Sighting | null;
  /** First and latest failing sighting of the present streak; null when it does not fail. */
  readonly firstFail: Sighting | null;
  readonly lastFail: Sighting | null;
  /** When it last failed, or passed in a complete audit; null while nothing is known. */
  readonly verifiedAt: number | null;
  readonly issue: IssueState | null;
}

/** A common issue for many gates that failed at once. */
export interface GroupState {
  readonly number: number;
  readonly revision: number;
  readonly fingerprint: string;
  readonly openedAt: number;
  /** Findings by gate; a gate with none has recovered. */
  readonly gates: Readonly<Record<string, readonly FindingKey[]>>;
  /** We reopened it once against a bot's close; the next close is final. */
  readonly reopenedOnce?: boolean | undefined;
}

/** An issue of ours that belongs to no gate, of which there is one at most: the Gap inbox, or the one that says the audit is broken. */
export interface SingleIssue {
  readonly number: number;
  readonly revision: number;
  readonly fingerprint: string;
  readonly isOpen: boolean;
  /** Pinning is tried once; people may unpin it. */
  readonly isPinned: boolean;
  /** When we last reopened it against a bot's close. */
  readonly reopenedAt?: number | undefined;
}

/** Everything the planner remembers of a target. */
export interface InboxState {
  /** When the first report was planned; null before day one. */
  readonly startedAt: number | null;
  readonly gates: Readonly<Record<string, GateState>>;
  readonly group: GroupState | null;
  readonly gapInbox: SingleIssue | null;
  readonly broken: SingleIssue | null;
  /** Audits in a row that could not audit at all. */
  readonly failedAudits: number;
}

export const EMPTY_INBOX: InboxState = {
  startedAt: null,
  gates: {},
  group: null,
  gapInbox: null,
  broken: null,
  failedAudits: 0,
};
