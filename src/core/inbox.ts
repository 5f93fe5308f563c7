import { z } from 'zod';
import { BrokenBy } from './broken-by.ts';
import type { Kept } from './kept.ts';
import { LaneReport } from './report.ts';
import { Waiver } from './waiver.ts';

/** A commit at which a gate was seen in some state. */
export const Sighting = z
  .object({ sha: z.string(), at: z.number().describe('Milliseconds since the epoch') })
  .meta({ id: 'Sighting' });
export type Sighting = Kept<typeof Sighting>;

/**
 * Where a gate's issue stands.
 * `adopted`: a person took it over, we write nothing. `gone`: deleted or transferred. `grouped`: it is one of many in a common issue.
 */
export const IssuePhase = z.enum(['open', 'resolved', 'acknowledged', 'waived', 'adopted', 'gone', 'grouped']);
export type IssuePhase = z.infer<typeof IssuePhase>;

const Named = { number: z.string(), name: z.string() };

/** The Gap inbox: absolute facts only, so that an uneventful night changes nothing. */
export const InboxSummary = z
  .object({
    lanes: z.array(LaneReport),
    open: z.array(z.object({ ...Named, severity: z.string(), issue: z.int(), brokenBy: BrokenBy.exactOptional() })),
    baseline: z.array(z.object({ ...Named, findings: z.int().nonnegative() })),
    waivers: z.array(Waiver),
    blind: z.array(z.object({ ...Named, reason: z.string() })),
    errors: z.array(z.string()),
  })
  .meta({ id: 'InboxSummary' });
export type InboxSummary = Kept<typeof InboxSummary>;
