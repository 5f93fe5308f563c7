import { z } from 'zod';
import type { Kept } from './kept.ts';

/** The mark that an audit leaves beside the audited commit. */
export const CommitStatus = z.object({
  sha: z.string(),
  state: z.enum(['success', 'failure', 'error', 'pending']),
  /** At most 140 characters. */
  description: z.string(),
});
export type CommitStatus = Kept<typeof CommitStatus>;

/** Where marks go. Gives null, or a sentence that says what went wrong. */
export interface StatusBoard {
  post(status: CommitStatus): Promise<string | null>;
}
