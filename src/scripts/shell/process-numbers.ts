/** The first shell's. */
const FIRST = 4242;

/** Which numbers the shells of one run have and had. Of all others on a machine nothing is known. */
export class ProcessNumbers {
  readonly #isAlive = new Map<string, boolean>();

  /** A number that no shell of this run has had. */
  begin(): string {
    const number = String(FIRST + this.#isAlive.size);
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
