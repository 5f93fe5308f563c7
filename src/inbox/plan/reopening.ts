import { DAY } from '../../core/durations.ts';
import type { Issue } from '../port.ts';
import type { Call } from '../writes.ts';
import { mayCommentOn } from './gate-case.ts';

/** A bot that closes an issue without a gate again and again is contradicted this often at most. */
export const REOPENING = 7 * DAY;

/** Opens an issue that a bot closed, and says why. */
export function reopening(issue: Issue): readonly Call[] {
  const { number } = issue;
  const why: Call = { kind: 'comment', issue: number, content: { kind: 'closed-by-bot', failing: null } };
  return [{ kind: 'reopen', issue: number }, ...(mayCommentOn(issue) ? [why] : [])];
}
