import type { Verdict } from './gate.ts';

/** How many gates came out how. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

/** Counts verdicts; a gate that is asked for and is not there counts as nothing. */
export function countVerdicts(verdicts: Iterable<Verdict | undefined>): VerdictCounts {
  const counts: Record<Verdict, number> = { pass: 0, fail: 0, blind: 0, crashed: 0, skip: 0, provisional: 0 };
  for (const verdict of verdicts) if (verdict !== undefined) counts[verdict] += 1;
  return counts;
}
