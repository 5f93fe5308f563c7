import { HOUR } from './durations.ts';

/** An auditor that died must not look green: after a missed night and half a day more, what it said last is out of date. */
export const STALE_AFTER = 36 * HOUR;

/** Whether the last complete audit (ISO 8601; null where there was none) is too old to be believed at `now` (ms since the epoch). */
export function isStale(lastCompleteAt: string | null, now: number): boolean {
  return lastCompleteAt === null || now - Date.parse(lastCompleteAt) > STALE_AFTER;
}
