/** The simulator's time: the system's until a test sets it. */
export interface SimulatorClock {
  now(): Date;
  /** Stops the clock at this instant. */
  set(instant: string | Date): void;
  /** Moves the clock forward; a stopped clock stays stopped. */
  advance(milliseconds: number): void;
  /** Goes back to the system's time. */
  followSystem(): void;
}

/** A clock that stands at `start`, or follows the system's time without one. */
export function createClock(start?: string | Date): SimulatorClock {
  let stoppedAt = start === undefined ? undefined : new Date(start).getTime();
  let offset = 0;
  return {
    now: () => new Date(stoppedAt ?? Date.now() + offset),
    set(instant) {
      stoppedAt = new Date(instant).getTime();
    },
    advance(milliseconds) {
      if (stoppedAt === undefined) offset += milliseconds;
      else stoppedAt += milliseconds;
    },
    followSystem() {
      stoppedAt = undefined;
      offset = 0;
    },
  };
}

/** GitHub's timestamps have no fraction of a second. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
