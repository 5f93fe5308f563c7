/** Where a process writes. */
export interface Output {
  /** Whoever reads it does not mind in which order the lines come. */
  readonly isUnordered?: boolean;
  write(text: string): void;
}

/** What a process reads: a text with a place in it, shared by everybody who holds the same descriptor. */
export class Input {
  #text: string;
  #at = 0;
  /** Somebody writes it while it is read: what has come by a given time is not known. */
  readonly isLive: boolean;

  constructor(text: string, isLive = false) {
    this.#text = text;
    this.isLive = isLive;
  }

  /** Everything that is left. */
  rest(): string {
    const rest = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    return rest;
  }

  /** Up to and including `delimiter`, or what is left; null at the end. */
  line(delimiter = '\n'): string | null {
    if (this.#at >= this.#text.length) return null;
    const end = delimiter === '' ? this.#text.indexOf('\0', this.#at) : this.#text.indexOf(delimiter, this.#at);
    const to = end < 0 ? this.#text.length : end + 1;
    const line = this.#text.slice(this.#at, to);
    this.#at = to;
    return line;
  }

  characters(count: number): string {
    const taken = this.#text.slice(this.#at, this.#at + count);
    this.#at += taken.length;
    return taken;
  }
}

/** Keeps what is written. */
export class Capture implements Output {
  #parts: string[] = [];

  write(text: string): void {
    this.#parts.push(text);
  }

  get text(): string {
    const text = this.#parts.join('');
    this.#parts = [text];
    return text;
  }
}

export const nowhere: Output = { write() {} };

/** Whoever holds the same one has the same place in the file, and the same lock. */
export type Descriptor = { readonly path?: string } & (
  | { readonly input: Input }
  | { readonly output: Output }
  | { readonly input: Input; readonly output: Output }
);
