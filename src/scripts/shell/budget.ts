import { LimitReached } from './signals.ts';
import type { Output } from './streams.ts';

/** What one script may use up. The defaults end a script that only loops well before a Worker's 30 s of CPU, and leave the reference's heaviest Python a factor of almost two. */
export interface Limits {
  /** Commands run, loops' rounds included. */
  readonly commands: number;
  /** Characters written, captured ones included. */
  readonly output: number;
  /** Nested functions, substitutions and scripts. */
  readonly depth: number;
  /** Looks that Python takes at the clock of its own: some hundred steps each, 100,000 in a second. */
  readonly ticks: number;
  /** Milliseconds on the clock, where the platform's clock moves. */
  readonly time: number;
}

export const LIMITS: Limits = { commands: 1_000_000, output: 100_000_000, depth: 200, ticks: 1_500_000, time: 180_000 };

/** Characters that one text may have: a Worker has 128 MB for everything. */
const LONGEST_TEXT = 16_000_000;
/** Handling so many characters counts as one command. */
const HANDLED_PER_COMMAND = 500;

/** A start of Python takes as long as so many looks at its clock. */
const START_OF_PYTHON = 2_500;
/** What a script may use up whose verdict is known. */
const REST = { commands: 100_000, ticks: 200_000 };

/** Counts what a script uses; throws `LimitReached` when it is too much. */
export class Budget {
  #limits: Limits;
  readonly #startedAt = performance.now();
  commands = 0;
  #output = 0;
  #depth = 0;
  #ticks = 0;
  #handled = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  step(): void {
    this.commands++;
    if (this.commands > this.#limits.commands) throw new LimitReached(`more than ${this.#limits.commands} commands`);
    if (this.commands % 64 === 0) this.checkTime();
  }

  /** Work within one command, in characters that were gone through; a value of its own counts as some hundred. */
  handled(characters: number): void {
    this.#handled += characters;
    if (this.#handled < HANDLED_PER_COMMAND) return;
    const commands = Math.floor(this.#handled / HANDLED_PER_COMMAND);
    this.#handled -= commands * HANDLED_PER_COMMAND;
    this.commands += commands - 1;
    this.step();
  }

  /** A text that is kept. */
  holds(characters: number): void {
    if (characters > LONGEST_TEXT) throw new LimitReached(`a text of more than ${LONGEST_TEXT} characters`);
  }

  /** The verdict is known: what goes on only says more of why. */
  narrow(): void {
    const commands = Math.min(this.#limits.commands, this.commands + REST.commands);
    const ticks = Math.min(this.#limits.ticks, this.#ticks + REST.ticks);
    this.#limits = { ...this.#limits, commands, ticks };
  }

  startPython(): void {
    this.#ticks += START_OF_PYTHON;
    this.tick();
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
    let total = 0;
    return {
      write: (text) => {
        total += text.length;
        this.holds(total);
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
