import { z } from 'zod';
import type { Kept } from './kept.ts';

/** A commit as people tell it from others. Title and author are whatever somebody wrote there. */
export const NamedCommit = z
  .object({
    sha: z.string(),
    title: z.string(),
    author: z.string().describe('The name in the commit, which nobody has checked'),
    date: z.iso.datetime().describe('When it was written'),
  })
  .meta({ id: 'NamedCommit' });
export type NamedCommit = Kept<typeof NamedCommit>;

/** A line that a commit took out or put in. */
export const ChangedLine = z
  .object({
    path: z.string(),
    line: z.int().positive().describe('Before the commit where it was taken out, after it where it was put in'),
    change: z.enum(['removed', 'added']),
    text: z.string().describe('As excerpts are: of YAML the key and the value, else the line; masked and cut'),
  })
  .meta({ id: 'ChangedLine' });
export type ChangedLine = Kept<typeof ChangedLine>;

/** What made a gate fail that had passed. */
export const BrokenBy = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('commit'),
      commit: NamedCommit,
      mergedBy: NamedCommit.exactOptional().describe('The merge that brought it onto the branch'),
      lines: z.array(ChangedLine).describe('What it changed where the findings stand'),
    }),
    z
      .object({
        kind: z.literal('range'),
        from: z.string(),
        to: z.string(),
        commits: z.int().min(2).exactOptional().describe('How many lie in between, where that is known'),
        reason: z.string(),
      })
      .describe('Somewhere after `from`, up to `to`; why it is no single commit'),
    z
      .object({ kind: z.literal('clock'), at: z.iso.datetime() })
      .describe('No commit: an answer of the clock changed at that instant'),
    z
      .object({ kind: z.literal('sibling'), name: z.string(), sha: z.string(), commit: NamedCommit.exactOptional() })
      .describe('No commit of this repository: the sibling moved to `sha`'),
    z.object({ kind: z.literal('outside') }).describe('Neither a commit nor the clock: reports, or Lanekeeper itself'),
  ])
  .meta({ id: 'BrokenBy' });
export type BrokenBy = Kept<typeof BrokenBy>;
