import type { TrackerView } from '../port.ts';
import type { InboxState } from '../state.ts';
import { PERIODS } from './gate-case.ts';
import { DELETION } from './human-changes.ts';
import { REOPENING } from './reopening.ts';
import { PATIENCE } from './vanished.ts';

/** All that planning waits for. Whatever is compared with the clock is an instant that state or tracker hold, or one of these after it. */
const WAITS = [0, ...Object.values(PERIODS), DELETION, REOPENING, PATIENCE];

/** What each audit of a gate renews, so that its age means nothing. */
const SIGHTINGS: ReadonlySet<string> = new Set(['lastPass', 'firstFail', 'lastFail']);

/** Instants are told from numbers of issues and counts by their size: this one is of 2001. */
const EARLIEST = 1_000_000_000_000;

/**
 * Until when (ms since the epoch) the same report, state and tracker make the same plan as `now`; null where time plays no part.
 * Rather too early than too late: each wait is added to each instant, whether they have to do with each other or not.
 */
export function planHoldsUntil(state: InboxState, { issues }: TrackerView, now: number): number | null {
  const flips = [...instantsIn([state, [...issues.values()]], now)]
    .flatMap((instant) => WAITS.map((wait) => instant + wait))
    .filter((flip) => flip > now);
  return flips.length > 0 ? Math.min(...flips) : null;
}

/** Every instant somewhere in a value, but for those that the audit of `now` has set and the next one sets again. */
function* instantsIn(value: unknown, now: number): Generator<number> {
  if (typeof value === 'number' && value >= EARLIEST) yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (SIGHTINGS.has(key) || (key === 'verifiedAt' && inner === now)) continue;
    yield* instantsIn(inner, now);
  }
}
