import type { Respect, Surroundings } from './surroundings.ts';

/** What a clock says when it is asked. */
interface Listener {
  /** The script asked what time it is. */
  asksTime(): void;
  leansOn(respect: Respect): void;
}

/** The audit's instant, and what passes while a script runs: what it sleeps, and what its programs take on this machine. */
export class Clock {
  readonly #start: number;
  readonly #surroundings: Surroundings;
  readonly #listener: Listener;
  #slept = 0;
  #programs = 0;
  #isAsked = false;

  constructor(start: number, surroundings: Surroundings, listener: Listener) {
    this.#start = start;
    this.#surroundings = surroundings;
    this.#listener = listener;
  }

  /** Milliseconds since the epoch. Whoever asks twice measures what lies between. */
  now(): number {
    if (this.#isAsked) this.#listener.leansOn('time');
    this.#isAsked = true;
    this.#listener.asksTime();
    return this.#start + this.passed * 1000;
  }

  /** A clock that stands from when it is first asked, for a program that may start over. */
  standing(): () => number {
    let instant: number | undefined;
    return () => {
      instant ??= this.now();
      return instant;
    };
  }

  /** Seconds since the script began. */
  get passed(): number {
    return this.#slept + this.#programs * this.#surroundings.pace.clock;
  }

  /** The same as the shell's own stopwatch has it. */
  get measured(): number {
    return this.#slept + this.#programs * this.#surroundings.pace.stopwatch;
  }

  ranProgram(): void {
    this.#programs++;
  }

  sleep(seconds: number): void {
    this.#slept += seconds;
  }

  /**
   * Remembers where it is. The function that it returns sets it back, for what goes on beside the script, and returns another one,
   * which lets the time go by until what ran meanwhile has ended.
   */
  checkpoint(): () => () => void {
    const [slept, programs] = [this.#slept, this.#programs];
    return () => {
      const [sleptThen, programsThen] = [this.#slept, this.#programs];
      this.#slept = slept;
      this.#programs = programs;
      return () => {
        this.#slept = Math.max(this.#slept, sleptThen);
        this.#programs = Math.max(this.#programs, programsThen);
      };
    };
  }
}
