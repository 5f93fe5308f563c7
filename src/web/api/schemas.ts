import { z } from 'zod';
import { Finding } from '../../core/finding.ts';
import { Verdict } from '../../core/gate.ts';
import { GateReport } from '../../core/report.ts';
import { AuditSummary, GateHistory, TargetSummary } from '../../core/store.ts';

/** What the API takes and gives, beside what is stored. */

export const AuditRequest = z
  .strictObject({
    repo: z.string().describe('owner/name'),
    force: z.boolean().default(false).describe('Audit even when nothing has changed'),
  })
  .meta({ id: 'AuditRequest' });

export const Acceptance = z
  .strictObject({
    gate: z.string().optional().describe('Number or name; every gate without it'),
    by: z.string().trim().min(1).max(200).describe('Who accepts them'),
    reason: z.string().trim().min(1).max(1000),
  })
  .meta({ id: 'Acceptance' });

export const Queued = z.object({ status: z.literal('queued'), location: z.string() }).meta({ id: 'Queued' });

export const ResultsTaken = z
  .object({ status: z.literal('accepted'), results: z.int(), facts: z.array(z.string()) })
  .meta({ id: 'ResultsTaken' });

export const ResultsForgotten = z.object({ status: z.literal('forgotten') }).meta({ id: 'ResultsForgotten' });

export const Progress = z
  .object({
    stage: z.enum(['idle', 'queued', 'reading', 'evaluating', 'writing issues', 'done']),
    auditId: z.string().nullable().describe('The last audit that ended'),
    files: z.int().exactOptional().describe('Files that are being read now'),
    done: z.int().exactOptional().describe('Gates with a verdict'),
    total: z.int().exactOptional().describe('Gates in all'),
    retryAt: z.int().exactOptional().describe('When (ms since the epoch) what could not be done is tried again'),
  })
  .meta({ id: 'Progress' });

export const Targets = z
  .object({
    targets: z.array(z.object({ repo: z.string(), branch: z.string(), latest: TargetSummary.nullable() })),
    former: z.array(z.string()).describe('Repositories of which there are audits, and that are no longer targets'),
  })
  .meta({ id: 'Targets' });

export const History = z
  .object({
    audits: z.array(AuditSummary).describe('Newest first'),
    next: z.string().nullable().describe('Address of the next page'),
  })
  .meta({ id: 'History' });

export const GateAnswer = z
  .object({
    audit: z.string(),
    sha: z.string().nullable(),
    isNewlyFailing: z.boolean(),
    gate: GateReport,
    history: GateHistory.nullable(),
  })
  .meta({ id: 'Gate' });

const Totals = z.tuple([z.int(), z.int()]).nullable();

export const Comparison = z
  .object({
    from: z.object({ id: z.string(), sha: z.string().nullable() }),
    to: z.object({ id: z.string(), sha: z.string().nullable() }),
    changes: z.array(
      z.object({
        number: z.string(),
        name: z.string(),
        severity: z.string(),
        lanes: z.array(z.string()),
        from: Verdict.nullable(),
        to: Verdict.nullable(),
        appeared: z.array(Finding),
        gone: z.array(Finding),
      }),
    ),
    lanes: z.array(z.object({ id: z.string(), from: Totals, to: Totals })),
  })
  .meta({ id: 'Comparison' });

export const HttpProblem = z
  .object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string().exactOptional() })
  .meta({ id: 'Problem' });
