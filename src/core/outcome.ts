import { z } from 'zod';
import type { Verdict } from './gate.ts';

/** What an audit amounts to. */
export const Outcome = z.enum(['pass', 'fail', 'new', 'incomplete', 'error']);
export type Outcome = z.infer<typeof Outcome>;

/** How an audit, a lane or a gate came out: a failure that is news stands apart from one that is known. */
export type Mark = Verdict | Outcome;

/** One letter for each, so that a history fits into a short text. */
const LETTERS: Readonly<Record<Mark, string>> = {
  pass: 'p',
  fail: 'f',
  new: 'n',
  blind: 'b',
  crashed: 'c',
  skip: 's',
  provisional: 'v',
  incomplete: 'i',
  error: 'e',
};
const MARKS = new Map(Object.entries(LETTERS).map(([mark, letter]) => [letter, mark as Mark]));

/** How many audits a strip goes back. */
const STRIP_LENGTH = 30;

/** A strip (the latest audits, newest last, a letter each) with one more mark, or that mark some more times; the oldest fall off. */
export function continueStrip(strip: string, mark: Mark, times = 1): string {
  return `${strip}${LETTERS[mark].repeat(Math.min(times, STRIP_LENGTH))}`.slice(-STRIP_LENGTH);
}

/** The marks of a strip, newest last; null for a letter that no version of ours wrote. */
export function readStrip(strip: string): readonly (Mark | null)[] {
  return Array.from(strip, (letter) => MARKS.get(letter) ?? null);
}
