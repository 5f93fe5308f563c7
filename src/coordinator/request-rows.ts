import { z } from 'zod';
import type { Kept } from '../core/kept.ts';
import { Trigger } from '../core/store.ts';

/** Milliseconds since the epoch. */
const Instant = z.number();
const Count = z.int().nonnegative();

/** Why an audit is asked for, as it waits. Several that wait become one. */
const AuditRequest = z.object({
  trigger: Trigger,
  /** The audit's clock: the cron's scheduled time, or the time of receipt. Never in the future. */
  at: Instant,
  /** When it may run; it may at once where absent. */
  notBefore: Instant.exactOptional(),
  /** What pushes changed; null where some push did not tell. */
  changedPaths: z.array(z.string()).nullable().exactOptional(),
  /** The commit that a push left at the branch's head: GitHub may still answer with an older one. */
  after: z.string().exactOptional(),
  /** The same for siblings, by name. */
  siblingsAfter: z.record(z.string(), z.string()).exactOptional(),
  /** Audit even when nothing changed. */
  force: z.boolean().exactOptional(),
});
export type AuditRequest = Kept<typeof AuditRequest>;

export const Pending = AuditRequest.extend({
  /** How many requests it stands for; another number after an audit means that one came meanwhile. */
  requests: Count,
  /** How many of them were more than a hint. */
  news: Count.exactOptional(),
  /** Tries that failed in a row. */
  attempt: Count,
  /** How often GitHub's head was older than the push. */
  lookups: Count,
  /** The clock of an audit that is not whole yet: scripts are left to be run. */
  begun: Instant.exactOptional(),
});
export type Pending = Kept<typeof Pending>;
