/** Which numbers the processes of one run have and had, as far as scripts hear of them. Of all others on a machine nothing is known. */
export class ProcessNumbers {
  readonly #first: number;
  readonly #isAlive = new Map<string, boolean>();
  #given = 0;

  constructor(first: number) {
    this.#first = first;
  }

  /** A number that nothing in this run has had. Whether what has it is still alive is not known. */
  next(): string {
    return String(this.#first + this.#given++);
  }

  /** The number of a shell. */
  begin(): string {
    const number = this.next();
    this.#isAlive.set(number, true);
    return number;
  }

  end(number: string): void {
    this.#isAlive.set(number, false);
  }

  /** Undefined for a number that is not one of ours. */
  isAlive(number: string): boolean | undefined {
    return this.#isAlive.get(number);
  }
}
