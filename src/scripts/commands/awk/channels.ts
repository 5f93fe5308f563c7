import type { Reader } from './records.ts';
import type { World } from './world.ts';

/** Files and commands that a program reads from and prints to. */
export class Channels {
  readonly #world: World;
  readonly #readers = new Map<string, Reader>();
  readonly #pipes = new Map<string, string>();
  readonly #opened = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What `getline` reads from; null where there is no such file. */
  reader(name: string, from: 'file' | 'command'): Reader | null {
    const known = this.#readers.get(name);
    if (known) return known;
    const text = from === 'file' ? this.#world.file(name) : this.#world.command(name, '').output;
    if (text === null) return null;
    const made = { text, at: 0 };
    this.#readers.set(name, made);
    return made;
  }

  /** `close`: what was read is read again from the start, what was piped is run. */
  close(name: string): number {
    const isOpen = this.#readers.delete(name) || this.#opened.delete(name);
    const piped = this.#pipes.get(name);
    if (piped === undefined) return isOpen ? 0 : -1;
    this.#pipes.delete(name);
    return this.#finishPipe(name, piped);
  }

  #finishPipe(command: string, text: string): number {
    const { output, status } = this.#world.command(command, text);
    this.#world.write(output);
    return status;
  }

  /** Prints to a file, or into a command that runs when it is closed. */
  print(text: string, redirect: string, name: string): void {
    if (redirect === '|') this.#pipes.set(name, (this.#pipes.get(name) ?? '') + text);
    else {
      this.#world.writeFile(name, text, redirect === '>>' || this.#opened.has(name));
      this.#opened.add(name);
    }
  }

  /** Runs every command that was printed to. */
  finish(): void {
    for (const [command, text] of this.#pipes) this.#finishPipe(command, text);
  }
}
