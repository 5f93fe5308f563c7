import { z } from 'zod';
import type { Kept } from '../core/kept.ts';
import { Report } from '../core/report.ts';
import { GateWork } from '../core/store.ts';
import { Waivers } from '../core/waiver.ts';

/** Where each sibling stands, by name: its head, or why it cannot be read. */
const SiblingHeads = z.record(z.string(), z.union([z.object({ sha: z.string() }), z.object({ lost: z.string() })]));
export type SiblingHeads = Kept<typeof SiblingHeads>;

/** The last audit that came to an end, with all that the next one asks of it. */
export const LastAudit = z.object({
  report: Report,
  /** Milliseconds since the epoch. */
  flipsAt: z.number().nullable(),
  registered: z.array(z.string()),
  waivers: Waivers,
  touched: z.array(z.string()).exactOptional(),
  work: GateWork.exactOptional(),
  /** Which audit it is, as the row `audit` names it until it is told. */
  audit: z.string().exactOptional(),
  engine: z.string(),
  siblings: SiblingHeads,
  /** What it knew of results and checks; another state of them needs another audit. */
  outside: z.string().exactOptional(),
  /** Checks of CI that the repo names. */
  checks: z.array(z.string()).exactOptional(),
  /** Some of them had not ended: they are looked at again in a while. */
  isAwaiting: z.literal(true).exactOptional(),
});
export type LastAudit = Kept<typeof LastAudit>;
