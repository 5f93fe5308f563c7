const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** Time as gates may ask for it. Every answer records when it would next change, so that an unchanged repo is audited again exactly then. */
export interface Clock {
  /** The instant of the audit, in milliseconds since the epoch. For messages only: it records nothing. */
  readonly now: number;
  /** Whole days between `instant` (ms since the epoch) and now, cut towards zero; negative for the future. */
  ageInDays(instant: number): number;
  /** Whether `instant` (ms since the epoch) lies at or before now, compared in whole seconds. */
  hasReached(instant: number): boolean;
}

/** A clock that stands at `now` and reports to `onFlip` when (ms since the epoch) an answer it gave will change. */
export function createClock(now: number, onFlip: (instant: number) => void = () => {}): Clock {
  return {
    now,
    ageInDays(instant) {
      const days = Math.trunc((now - instant) / DAY);
      const next = instant + (days >= 0 && now >= instant ? days + 1 : days) * DAY;
      onFlip(next > now ? next : next + DAY);
      return days === 0 ? 0 : days;
    },
    hasReached(instant) {
      const reached = Math.floor(now / SECOND) >= Math.floor(instant / SECOND);
      if (!reached) onFlip(Math.floor(instant / SECOND) * SECOND);
      return reached;
    },
  };
}
