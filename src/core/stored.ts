import { z } from 'zod';
import type * as core from './store.ts';

/** What is kept for the web, as zod knows it: rows are checked against it when they are read, and the API is described by it. */

const Count = z.int().nonnegative();
const Instant = z.iso.datetime();
export const Trigger = z.enum(['cron', 'push', 'api', 'retry', 'issues']);
const Outcome = z.enum(['pass', 'fail', 'new', 'incomplete', 'error']);
export const Verdict = z.enum(['pass', 'fail', 'blind', 'crashed', 'skip']);
const Phase = z.enum(['open', 'resolved', 'acknowledged', 'waived', 'adopted', 'gone', 'grouped']);

export const Finding = z
  .object({
    rule: z.string(),
    subject: z.string(),
    repo: z.string().describe('`target`, or the name of a sibling'),
    path: z.string().nullable(),
    line: z.int().nullable(),
    column: z.int().exactOptional(),
    message: z.string(),
    excerpt: z.string().exactOptional().describe('The line it points at, cut and redacted'),
  })
  .meta({ id: 'Finding' });

const ReportedVerdict = z
  .object({
    verdict: z.enum(['pass', 'fail', 'blind']),
    sha: z.string(),
    at: Instant,
    runner: z.string().describe('Who ran the gate'),
  })
  .meta({ id: 'ReportedVerdict' });

export const GateReport = z
  .object({
    number: z.string(),
    name: z.string(),
    category: z.string(),
    severity: z.string(),
    lanes: z.array(z.string()),
    verdict: Verdict,
    reason: z.string().exactOptional().describe('Why it is blind, crashed or skipped'),
    unverified: z.array(z.string()).exactOptional().describe('Parts that cannot be judged from here'),
    ours: z.boolean().exactOptional().describe('Of a lane that Lanekeeper brings along'),
    scriptChanged: z.boolean().exactOptional().describe('The script changed since our verdict was verified against it'),
    reported: ReportedVerdict.exactOptional().describe('What a runner elsewhere said of it; it never overrules'),
    findings: z.array(Finding),
    fixHint: z.string().exactOptional(),
    why: z.string().exactOptional(),
  })
  .meta({ id: 'GateReport' });

const LaneReport = z
  .object({
    id: z.string(),
    total: Count,
    pass: Count,
    fail: Count,
    blind: Count,
    crashed: Count,
    skip: Count,
    gates: z.array(z.string()),
    ours: z.boolean().exactOptional().describe('Brought along by Lanekeeper'),
  })
  .meta({ id: 'LaneReport' });

export const Report = z
  .object({
    schemaVersion: z.literal(1),
    repo: z.string(),
    sha: z.string().nullable(),
    now: Instant.describe("The audit's clock"),
    complete: z.boolean(),
    error: z.string().exactOptional().describe('Why nothing could be audited'),
    problems: z
      .array(z.object({ path: z.string(), line: z.int(), column: z.int(), message: z.string() }))
      .exactOptional()
      .describe('Mistakes in the gates that the repo declares'),
    bypass: z.string().exactOptional(),
    siblings: z.record(z.string(), z.string().nullable()),
    lanes: z.array(LaneReport),
    gates: z.array(GateReport),
  })
  .meta({ id: 'Report' });

const Delivery = z
  .object({
    mode: z.enum(['on', 'dry-run']),
    planned: Count,
    opened: Count,
    updated: Count,
    closed: Count,
    suppressed: Count,
    failed: Count,
    errors: z.array(z.string()),
    notes: z.array(z.string()),
    actions: z.array(z.string()),
  })
  .meta({ id: 'Delivery' });

export const Waiver = z
  .object({
    gate: z.string(),
    subject: z.string().nullable(),
    reason: z.string(),
    owner: z.string(),
    expires: z.string(),
  })
  .meta({ id: 'Waiver' });

const Named = { number: z.string(), name: z.string() };
const InboxSummary = z
  .object({
    lanes: z.array(LaneReport),
    open: z.array(z.object({ ...Named, severity: z.string(), issue: z.int() })),
    baseline: z.array(z.object({ ...Named, findings: Count })),
    waivers: z.array(Waiver),
    blind: z.array(z.object({ ...Named, reason: z.string() })),
    errors: z.array(z.string()),
  })
  .meta({ id: 'InboxSummary' });

const Sighting = z
  .object({ sha: z.string(), at: z.number().describe('Milliseconds since the epoch') })
  .meta({ id: 'Sighting' });

export const GateStanding = z
  .object({
    strip: z.string().describe('The latest audits, newest last: p f n b c s, e where nothing could be audited'),
    seen: z.record(z.string(), Sighting).describe('The first audit that saw each present finding'),
    fresh: z.array(z.string()).describe('Present findings that are news'),
    lastPass: Sighting.nullable(),
    firstFail: Sighting.nullable(),
    issue: z.object({ number: z.int(), phase: Phase }).nullable(),
  })
  .meta({ id: 'GateStanding' });

export const StoredAudit = z
  .object({
    id: z.string(),
    report: Report,
    trigger: Trigger,
    newlyFailing: z.array(z.string()),
    touched: z.array(z.string()).exactOptional(),
    delivery: Delivery,
    requests: z.record(z.string(), z.number()),
    inbox: InboxSummary.nullable(),
    standings: z.record(z.string(), GateStanding),
  })
  .meta({ id: 'StoredAudit' }) satisfies z.ZodType<core.StoredAudit>;

const LaneTotals = z
  .tuple([Count, Count, Count, Count, Count])
  .describe('Passing, all, newly failing, failing, and blind or crashed gates')
  .meta({ id: 'LaneTotals' });

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
  .meta({ id: 'AuditSummary' }) satisfies z.ZodType<core.AuditSummary>;

export const TargetSummary = AuditSummary.extend({
  repo: z.string(),
  repositoryId: z.int().exactOptional().describe("GitHub's number of the repository"),
  strip: z.string().describe('Outcomes of the latest audits, newest last: p f n i e'),
  lastCompleteAt: Instant.nullable(),
  errors: Count,
  fresh: z
    .array(z.tuple([z.string(), z.string()]))
    .describe('Newly failing gates, each with the start of the sha at which it first failed'),
}).meta({ id: 'TargetSummary' }) satisfies z.ZodType<core.TargetSummary>;
