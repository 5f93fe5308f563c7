import { z } from 'zod';
import type { Kept } from '../core/kept.ts';
import { GateWork } from '../core/store.ts';

/** Milliseconds since the epoch. */
const Instant = z.number();

/** An audit that the next one may say again, while all that it came from is the same. */
export const RepeatableRow = z.object({
  /** Of the stored audit. */
  id: z.string(),
  /** A digest of where target and siblings stand, and of all else that a report comes from but the clock. */
  present: z.string(),
  /** Checks of CI that the repo names. */
  checks: z.array(z.string()),
  /** A digest of what the tracker listed, closed issues included or not. */
  listed: z.object({ closed: z.boolean(), digest: z.string() }),
  /** When report or plan may begin to say something else. */
  until: Instant,
  /** When it was last found to hold, and how often since it was made. */
  at: Instant,
  times: z.int().nonnegative(),
  work: GateWork,
});
export type RepeatableRow = Kept<typeof RepeatableRow>;
