import { z } from 'zod';
import { FactRow, ReportedFinding } from '../reported/results.ts';

/** Milliseconds since the epoch. */
const Instant = z.number();

/** As it was taken, by the rules of then. */
const Finding = ReportedFinding.extend({ path: z.string().nullable() });

/** What a runner reported of a gate, without its output. */
export const Reported = z.object({
  gate: z.string(),
  verdict: z.enum(['pass', 'fail', 'blind']),
  reason: z.string().optional(),
  findings: z.array(Finding),
  output: z.string(),
  sha: z.string(),
  at: Instant,
  runner: z.string(),
});
/** A table that a runner reported. */
export const Facts = z.object({ table: z.string(), runner: z.string(), at: Instant, rows: z.array(FactRow) });
