/** How much the fault suites tried, for `npm run test:faults` to add up. */
import { appendFileSync } from 'node:fs';

/** Everything, exhaustively; otherwise a sample that fits into `npm test`. */
export const isFull = process.env.LANEKEEPER_FAULTS === 'full';

export type Count = 'rows' | 'sequences' | 'crash points' | 'faults tried';

/** Adds to a total. Without a place to report to, it is forgotten. */
export function tally(what: Count, count: number): void {
  const file = process.env.LANEKEEPER_FAULTS_REPORT;
  if (file) appendFileSync(file, `${JSON.stringify({ what, count })}\n`);
}
