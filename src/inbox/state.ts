import { z } from 'zod';
import { IssuePhase, Sighting } from '../core/inbox.ts';
import type { Kept } from '../core/kept.ts';

/** Milliseconds since the epoch. */
const Instant = z.number();
const Keys = z.array(z.string());

export const IssueState = z.object({
  number: z.int(),
  phase: IssuePhase,
  /** Findings that the issue is about. */
  findings: Keys,
  severity: z.string(),
  /** Hash of what our block shows; an equal one needs no edit. */
  fingerprint: z.string(),
  openedAt: Instant,
  closedAt: Instant.nullable(),
  /** We reopened it once against a person's close; the next close is final. */
  reopenedOnce: z.boolean(),
  /** A person closed it when this was the last commit seen to fail; only a failure at another one is newer evidence. */
  closedSha: z.string().nullable(),
  /** A person reopened it although nothing was wrong: it stays open until the gate has failed and recovered. */
  isHeld: z.boolean(),
  /** The earlier issue that it links to. */
  follows: z.int().nullable(),
  /** When we opened, closed or reopened it in the last seven days. */
  stateChanges: z.array(Instant),
  /** Set while it flaps: since when the gate has been quiet (null: it fails now). */
  flapping: z.object({ quietSince: Instant.nullable() }).nullable(),
  /** Since when GitHub refuses to show it to us; absent while it does show it. */
  hiddenSince: Instant.optional(),
  /** Since when GitHub refuses our writes to it, though not to others; absent once a write has worked. */
  refusedSince: Instant.optional(),
  /** For `gone`: until when the deletion counts as an acknowledgement; null for ever. */
  until: Instant.nullable(),
});
export type IssueState = Kept<typeof IssueState>;

/** What is remembered of one gate of one target. */
export const GateState = z.object({
  /** Counts confirmed transitions of its issue; part of every step's identity. */
  revision: z.int(),
  /** Findings that were there on day one; null until the first pass or fail. */
  baseline: Keys.nullable(),
  lastPass: Sighting.nullable(),
  /** First and latest failing sighting of the present streak; null when it does not fail. */
  firstFail: Sighting.nullable(),
  lastFail: Sighting.nullable(),
  /** When it last failed, or passed in a complete audit; null while nothing is known. */
  verifiedAt: Instant.nullable(),
  issue: IssueState.nullable(),
});
export type GateState = Kept<typeof GateState>;

/** A common issue for many gates that failed at once. */
export const GroupState = z.object({
  number: z.int(),
  revision: z.int(),
  fingerprint: z.string(),
  openedAt: Instant,
  /** Findings by gate; a gate with none has recovered. */
  gates: z.record(z.string(), Keys),
  /** We reopened it once against a bot's close; the next close is final. */
  reopenedOnce: z.boolean().optional(),
});
export type GroupState = Kept<typeof GroupState>;

/** An issue of ours that belongs to no gate, of which there is one at most: the Gap inbox, or the one that says the audit is broken. */
export const SingleIssue = z.object({
  number: z.int(),
  revision: z.int(),
  fingerprint: z.string(),
  isOpen: z.boolean(),
  /** Pinning is tried once; people may unpin it. */
  isPinned: z.boolean(),
  /** When we last reopened it against a bot's close. */
  reopenedAt: Instant.optional(),
});
export type SingleIssue = Kept<typeof SingleIssue>;

/** Everything the planner remembers of a target. */
export const InboxState = z.object({
  /** When the first report was planned; null before day one. */
  startedAt: Instant.nullable(),
  gates: z.record(z.string(), GateState),
  group: GroupState.nullable(),
  gapInbox: SingleIssue.nullable(),
  broken: SingleIssue.nullable(),
  /** Audits in a row that could not audit at all. */
  failedAudits: z.int(),
  /** Since when more gates are missing from the registry than anybody takes out at once. */
  vanishedSince: Instant.optional(),
});
export type InboxState = Kept<typeof InboxState>;

export const EMPTY_INBOX: InboxState = {
  startedAt: null,
  gates: {},
  group: null,
  gapInbox: null,
  broken: null,
  failedAudits: 0,
};
