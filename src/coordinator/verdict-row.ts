import { z } from 'zod';
import { Finding } from '../core/finding.ts';

/** What something rests on, which holds while that does. The interface is `StoredTrace` of `src/audit/still-holds.ts`. */
export const TraceRow = z.object({
  version: z.string(),
  at: z.number(),
  facts: z.array(z.tuple([z.string(), z.string()])),
  flipsAt: z.number().nullable(),
  asksTime: z.boolean(),
});

/** What a gate said, and all that it rests on. The interface is `StoredVerdict` of `src/audit/reuse.ts`. */
export const VerdictRow = TraceRow.extend({
  verdict: z.enum(['pass', 'fail', 'blind', 'crashed', 'skip']),
  reason: z.string().nullable(),
  unverified: z.array(z.string()),
  findings: z.array(Finding),
  output: z.array(z.string()).exactOptional(),
});
