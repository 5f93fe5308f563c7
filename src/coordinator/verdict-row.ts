import { z } from 'zod';
import { Finding } from '../core/finding.ts';

/** What a gate said, and all that it rests on: it holds while that does. The interface is `StoredVerdict` of `src/audit/reuse.ts`. */
export const VerdictRow = z.object({
  version: z.string(),
  at: z.number(),
  facts: z.array(z.tuple([z.string(), z.string()])),
  flipsAt: z.number().nullable(),
  asksTime: z.boolean(),
  verdict: z.enum(['pass', 'fail', 'blind', 'crashed', 'skip']),
  reason: z.string().nullable(),
  unverified: z.array(z.string()),
  findings: z.array(Finding),
  output: z.array(z.string()).exactOptional(),
});
