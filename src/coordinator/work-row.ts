import { z } from 'zod';
import type { Kept } from '../core/kept.ts';

/** The audit of one commit, counted before the work, since a life that is ended by a limit cannot count afterwards. */
export const Work = z.object({
  sha: z.string(),
  engine: z.string(),
  /** Lives that began with it and did not come to an end. */
  deaths: z.int().nonnegative(),
  /** The gate that was being judged; null where that is not known. */
  gate: z.string().nullable(),
  /** Gates that lives ended in, and that are left out since that was reported. */
  leftOut: z.array(z.string()),
});
export type Work = Kept<typeof Work>;
