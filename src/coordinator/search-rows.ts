import { z } from 'zod';
import { BrokenBy, NamedCommit } from '../core/broken-by.ts';
import { Finding } from '../core/finding.ts';
import type { Kept } from '../core/kept.ts';
import { TraceRow } from './verdict-row.ts';

/** When a gate was last seen without what fails now: commit, the audit's clock in ms since the epoch, and where the siblings stood. */
const LastGood = z.object({ sha: z.string(), at: z.number(), siblings: z.record(z.string(), z.string()) });

/** What broke a gate that fails, null where nobody could tell yet, how often somebody tried to, and from where on to look. */
export const CulpritRow = z.object({
  brokenBy: BrokenBy.nullable(),
  tries: z.int().nonnegative(),
  lastGood: LastGood.exactOptional(),
});
export type CulpritRow = Kept<typeof CulpritRow>;

/** Commits between two, or shas of those that touch what was read. The interfaces are those of `src/core/commit-graph.ts`. */
const HistoryRow = z.union([
  z.object({ commits: z.array(NamedCommit.extend({ parents: z.array(z.string()) })) }),
  z.object({ touching: z.array(z.string()) }),
]);
export type HistoryRow = Kept<typeof HistoryRow>;

/** A search for what broke gates, while it is not at its end. */
export const SearchRow = z.object({
  /** The audit that it belongs to, as a digest. */
  of: z.string(),
  /** Alarms that had a part in it. */
  parts: z.int().positive(),
  /** Names of the gates that are looked into. */
  gates: z.array(z.string()),
  /** States that may still be judged. */
  left: z.int().nonnegative(),
  /** What GitHub has told of the history, by the digest of what it was asked. */
  history: z.record(z.string(), HistoryRow).exactOptional(),
});
export type SearchRow = Kept<typeof SearchRow>;

/** What a gate said in one state of the world. The interface is `Said` of `src/audit/blame/court.ts`. */
export const SceneRow = z.object({
  mark: z.enum(['good', 'bad', 'unclear']),
  findings: z.array(Finding),
  facts: TraceRow.shape.facts,
  flipsAt: z.number().nullable(),
});
