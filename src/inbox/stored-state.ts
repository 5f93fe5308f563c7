import { z } from 'zod';
import type { InboxState } from './state.ts';

/** Milliseconds since the epoch. */
const Instant = z.number();
const Keys = z.array(z.string());
const Sighting = z.object({ sha: z.string(), at: Instant }).nullable();
const Phase = z.enum(['open', 'resolved', 'acknowledged', 'waived', 'adopted', 'gone', 'grouped']);

const IssueState = z.object({
  number: z.int(),
  phase: Phase,
  findings: Keys,
  severity: z.string(),
  fingerprint: z.string(),
  openedAt: Instant,
  closedAt: Instant.nullable(),
  reopenedOnce: z.boolean(),
  closedSha: z.string().nullable(),
  isHeld: z.boolean(),
  follows: z.int().nullable(),
  turns: z.array(Instant),
  flapping: z.object({ quietSince: Instant.nullable() }).nullable(),
  hiddenSince: Instant.optional(),
  refusedSince: Instant.optional(),
  until: Instant.nullable(),
});
const GateState = z.object({
  revision: z.int(),
  baseline: Keys.nullable(),
  lastPass: Sighting,
  firstFail: Sighting,
  lastFail: Sighting,
  verifiedAt: Instant.nullable(),
  issue: IssueState.nullable(),
});
const SingleIssue = z.object({
  number: z.int(),
  revision: z.int(),
  fingerprint: z.string(),
  isOpen: z.boolean(),
  isPinned: z.boolean(),
  reopenedAt: Instant.optional(),
});
/** What is remembered of a target's issues, as it is stored: checked when it is read and written. */
export const StoredInboxState = z.object({
  startedAt: Instant.nullable(),
  gates: z.record(z.string(), GateState),
  group: z
    .object({
      number: z.int(),
      revision: z.int(),
      fingerprint: z.string(),
      openedAt: Instant,
      gates: z.record(z.string(), Keys),
      reopenedOnce: z.boolean().optional(),
    })
    .nullable(),
  gapInbox: SingleIssue.nullable(),
  broken: SingleIssue.nullable(),
  failedAudits: z.int(),
}) satisfies z.ZodType<InboxState>;
