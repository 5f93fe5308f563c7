import { z } from 'zod';
import { DAY } from './durations.ts';
import { InboxSummary, IssuePhase, Sighting } from './inbox.ts';
import type { Kept } from './kept.ts';
import { Outcome } from './outcome.ts';
import { Report } from './report.ts';

const Count = z.int().nonnegative();
const Instant = z.iso.datetime();

/** What became of a plan. Planned > 0 with delivered = 0 is an error that everybody sees. */
export const Delivery = z
  .object({
    mode: z.enum(['on', 'dry-run']),
    planned: Count,
    opened: Count,
    updated: Count,
    closed: Count,
    suppressed: Count,
    failed: Count,
    errors: z.array(z.string()).describe('Sentences: what went wrong, with the remedy'),
    notes: z.array(z.string()),
    actions: z.array(z.string()).describe('What was written, or in a dry run would be: one sentence each'),
  })
  .meta({ id: 'Delivery' });
export type Delivery = Kept<typeof Delivery>;

export const Trigger = z.enum(['cron', 'push', 'api', 'retry', 'issues', 'results', 'checks']);
export type Trigger = z.infer<typeof Trigger>;

/** What became of a gate over audits, for people to read. */
export const GateHistory = z
  .object({
    strip: z.string().describe('The latest audits, newest last: p f n b c s, e where nothing could be audited'),
    seen: z.record(z.string(), Sighting).describe('The first audit that saw each present finding'),
    fresh: z.array(z.string()).describe('Present findings that are news: in neither baseline nor waivers'),
    lastPass: Sighting.nullable(),
    firstFail: Sighting.nullable(),
    issue: z.object({ number: z.int(), phase: IssuePhase }).nullable(),
  })
  .meta({ id: 'GateHistory' });
export type GateHistory = Kept<typeof GateHistory>;

/** How many gates an audit judged, and of how many the earlier verdict still held. */
export const GateWork = z
  .object({
    judged: Count.describe('Gates that were judged'),
    reused: Count.describe('Gates whose earlier verdict still holds, since nothing that they read has changed'),
  })
  .meta({ id: 'GateWork' });
export type GateWork = Kept<typeof GateWork>;

/** One audit as it is kept for the web. */
export const StoredAudit = z
  .object({
    id: z.string(),
    report: Report,
    trigger: Trigger,
    newlyFailing: z
      .array(z.string())
      .describe('Numbers of gates with findings that are neither baseline nor waived nor accepted by a person'),
    touched: z.array(z.string()).exactOptional().describe('Lanes that the push touched; absent where that is unknown'),
    delivery: Delivery,
    requests: z.record(z.string(), z.number()).describe('GitHub requests by purpose'),
    work: GateWork.exactOptional(),
    inbox: InboxSummary.nullable(),
    histories: z.record(z.string(), GateHistory).describe('By gate number'),
  })
  .meta({ id: 'StoredAudit' });
export type StoredAudit = Kept<typeof StoredAudit>;

/** How long (ms) an audit may be repeated before it is made anew: stores keep what is repeated for longer. */
export const REPEATABLE = 7 * DAY;

/** An audit that found everything as an earlier one had left it: that one's report, at another time. */
export const RepeatedAudit = z.object({
  id: z.string(),
  now: Instant,
  trigger: Trigger,
  requests: z.record(z.string(), z.number()),
  work: GateWork,
  /** The id of the audit that it repeats, and how many repeat it by now, this one included. */
  repeats: z.string(),
  times: z.int().positive(),
});
export type RepeatedAudit = Kept<typeof RepeatedAudit>;

const LaneTotals = z
  .tuple([Count, Count, Count, Count, Count, Count.optional()])
  .describe(
    'Passing, all, newly failing, failing, blind or crashed, and provisional gates (absent where none is); what is left of the total was skipped',
  )
  .meta({ id: 'LaneTotals' });
export type LaneTotals = Kept<typeof LaneTotals>;

/** One line about an audit: all that lists of audits need. */
export const AuditSummary = z
  .object({
    id: z.string(),
    sha: z.string().nullable(),
    now: Instant,
    outcome: Outcome,
    trigger: Trigger,
    lanes: z.record(z.string(), LaneTotals),
    delivery: z
      .tuple([Count, Count, Count, Count, Count, Count])
      .describe('Writes planned, opened, updated, closed, suppressed, failed'),
  })
  .meta({ id: 'AuditSummary' });
export type AuditSummary = Kept<typeof AuditSummary>;

/** One line about a target: all that the fleet page needs. */
export const TargetSummary = AuditSummary.extend({
  repo: z.string(),
  strip: z.string().describe('Outcomes of the latest audits, newest last: p f n i e'),
  lastCompleteAt: Instant.nullable(),
  errors: Count,
  newlyFailing: z
    .array(z.tuple([z.string(), z.string()]))
    .describe('Newly failing gates, each with the start of the sha at which it first failed'),
  repositoryId: z.int().exactOptional().describe("GitHub's number of the repository, where an audit has seen it"),
  siblingIds: z.record(z.string(), z.int()).exactOptional().describe('The same for siblings, by name'),
}).meta({ id: 'TargetSummary' });
export type TargetSummary = Kept<typeof TargetSummary>;

/** Where audits go for the web to read. The coordinator writes, the web reads. */
export interface AuditStore {
  /** At most three writes. */
  save(repo: string, audit: StoredAudit, summary: TargetSummary): Promise<void>;
  /** The same for an audit that repeats one that was saved. It is read as if it had been saved whole. */
  saveRepeated(repo: string, audit: RepeatedAudit, summary: TargetSummary): Promise<void>;
  targets(): Promise<readonly TargetSummary[]>;
  latest(repo: string): Promise<StoredAudit | null>;
  get(repo: string, id: string): Promise<StoredAudit | null>;
  /** Newest first. */
  history(
    repo: string,
    options: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly audits: readonly AuditSummary[]; readonly cursor: string | null }>;
}
