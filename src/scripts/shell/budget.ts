import { LimitReached } from './signals.ts';
import type { Output } from './streams.ts';

/** What one script may use up. The defaults leave the reference's heaviest script a factor of four, and end a script that only loops well before a Worker's 30 s of CPU. */
export interface Limits {
  /** Commands run, loops' rounds included. */
  readonly commands: number;
  /** Characters written, captured ones included. */
  readonly output: number;
  /** Nested functions, substitutions and scripts. */
  readonly depth: number;
  /** Looks that Python takes at the clock of its own: some hundred steps each, 400,000 in a second. */
  readonly ticks: number;
  /** Milliseconds on the clock, where the platform's clock moves. */
  readonly time: number;
}

export const LIMITS: Limits = { commands: 1_000_000, output: 100_000_000, depth: 200, ticks: 8_000_000, time: 180_000 };

/** Counts what a script uses; throws `LimitReached` when it is too much. */
export class Budget {
  readonly #limits: Limits;
  readonly #startedAt = performance.now();
  commands = 0;
  #output = 0;
  #depth = 0;
  #ticks = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  step(): void {
    this.commands++;
    if (this.commands > this.#limits.commands) throw new LimitReached(`more than ${this.#limits.commands} commands`);
    if (this.commands % 64 === 0) this.checkTime();
  }

  /** A look of Python at its clock. */
  tick(): void {
    this.#ticks++;
    if (this.#ticks > this.#limits.ticks) throw new LimitReached('more than Python may compute');
    if (this.#ticks % 1_000 === 0) this.checkTime();
  }

  /** Long work inside one command asks here now and then. */
  checkTime(): void {
    if (performance.now() - this.#startedAt > this.#limits.time)
      throw new LimitReached(`more than ${this.#limits.time / 1000} seconds`);
  }

  wrote(characters: number): void {
    this.#output += characters;
    if (this.#output > this.#limits.output)
      throw new LimitReached(`more than ${this.#limits.output} characters of output`);
  }

  /** An output that counts what goes through it. */
  counted(output: Output): Output {
    return {
      write: (text) => {
        this.wrote(text.length);
        output.write(text);
      },
    };
  }

  enter(): void {
    this.#depth++;
    if (this.#depth > this.#limits.depth) throw new LimitReached(`nested deeper than ${this.#limits.depth}`);
  }

  leave(): void {
    this.#depth--;
  }
}
