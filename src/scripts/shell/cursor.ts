import { type List, ShellSyntaxError } from './syntax.ts';

/** Parses commands from `at` on: up to a closing parenthesis, or to the source's end. The place after them comes back too. */
export type ParseCommands = (
  source: string,
  at: number,
  firstLine: number,
  untilParenthesis: boolean,
  isExtended: boolean,
) => { list: List; end: number };

/** A place in a script's source that moves forward. */
export class Cursor {
  readonly source: string;
  readonly #firstLine: number;
  readonly #parseCommands: ParseCommands;
  at = 0;
  /** Whether words may hold the parentheses of extended patterns: `shopt extglob` when the text is read. */
  isExtended = false;
  #lineAt = 0;
  #lines = 0;

  constructor(source: string, parseCommands: ParseCommands, firstLine = 1) {
    this.source = source;
    this.#parseCommands = parseCommands;
    this.#firstLine = firstLine;
  }

  /** The present character; empty at the end. */
  get char(): string {
    return this.source[this.at] ?? '';
  }

  get atEnd(): boolean {
    return this.at >= this.source.length;
  }

  /** 1-based. */
  get line(): number {
    if (this.at < this.#lineAt) {
      this.#lineAt = 0;
      this.#lines = 0;
    }
    for (; this.#lineAt < this.at; this.#lineAt++) if (this.source.charCodeAt(this.#lineAt) === 10) this.#lines++;
    return this.#firstLine + this.#lines;
  }

  advance(): void {
    this.at++;
  }

  rest(length: number): string {
    return this.source.slice(this.at, this.at + length);
  }

  startsWith(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  /** Takes what a sticky expression matches here; empty when it does not. */
  match(sticky: RegExp): string {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.source)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  /** A cursor over a part of the source. */
  slice(from: number, to: number): Cursor {
    const here = this.at;
    this.at = from;
    const part = new Cursor(this.source.slice(from, to), this.#parseCommands, this.line);
    this.at = here;
    part.isExtended = this.isExtended;
    return part;
  }

  /** The commands of a substitution that was just opened; the cursor moves behind its parenthesis. */
  readCommands(): List {
    const { list, end } = this.#parseCommands(this.source, this.at, this.#firstLine, true, this.isExtended);
    this.at = end;
    return list;
  }

  /** Another text as commands. */
  parse(source: string, firstLine: number): List {
    return this.#parseCommands(source, 0, firstLine, false, this.isExtended).list;
  }

  fail(message: string): ShellSyntaxError {
    return new ShellSyntaxError(message, this.line);
  }
}
