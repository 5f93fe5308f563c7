const SECOND = 1000;
const SECONDS_OF_DAY = 86_400;

/** Time as gates may ask for it, in whole seconds. Every answer records when it would next change, so that an unchanged repo is audited again exactly then. */
export interface Clock {
  /** Whole days between `instant` (ms since the epoch) and now, cut towards zero; negative for the future. */
  ageInDays(instant: number): number;
  /** The same where it is more than `days` (0 or more), undefined elsewhere: an answer that stays as it is until the limit passes, and changes every day after. */
  ageBeyond(days: number, instant: number): number | undefined;
  /** Whether `instant` (ms since the epoch) lies at or before now. */
  hasReached(instant: number): boolean;
}

/** A clock that stands at `now` and reports to `onAsk` when (ms since the epoch) an answer it gave will change; null when it never will. */
export function createClock(now: number, onAsk: (flip: number | null) => void = () => {}): Clock {
  const clock: Clock = {
    ageInDays(instant) {
      const since = wholeSeconds(instant);
      const days = Math.trunc((wholeSeconds(now) - since) / SECONDS_OF_DAY);
      // Cut towards zero, day 0 lasts two days: one before the instant and one after it.
      const nextDay = days < 0 ? days * SECONDS_OF_DAY + 1 : (days + 1) * SECONDS_OF_DAY;
      onAsk((since + nextDay) * SECOND);
      return days === 0 ? 0 : days;
    },
    ageBeyond(days, instant) {
      const isBeyond = clock.hasReached(instant + (days + 1) * SECONDS_OF_DAY * SECOND);
      return isBeyond ? clock.ageInDays(instant) : undefined;
    },
    hasReached(instant) {
      const reached = wholeSeconds(now) >= wholeSeconds(instant);
      onAsk(reached ? null : wholeSeconds(instant) * SECOND);
      return reached;
    },
  };
  return clock;
}

function wholeSeconds(instant: number): number {
  return Math.floor(instant / SECOND);
}
