import { z } from 'zod';
import { Finding } from '../core/finding.ts';
import type { Kept } from '../core/kept.ts';

type Fact = readonly [question: string, answer: string];

/** Thousands of them are read at the start of every audit, so they are not checked one schema at a time. */
const Facts = z.custom<readonly Fact[]>((value) => Array.isArray(value) && value.every(isFact), 'no list of facts');

function isFact(value: unknown): value is Fact {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'string';
}

/** What something rests on, which holds while that does. The interface is `StoredTrace` of `src/audit/still-holds.ts`. */
export const TraceRow = z.object({
  version: z.string(),
  at: z.number(),
  facts: Facts,
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
  /** The audit that found it out, as the row `audit` names it. */
  audit: z.string().exactOptional(),
});
export type KeptVerdict = Kept<typeof VerdictRow>;
