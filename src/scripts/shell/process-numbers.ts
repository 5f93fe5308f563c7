/** Which numbers the shells of one run have and had. Of all others on a machine nothing is known. */
export class ProcessNumbers {
  readonly #first: number;
  readonly #isAlive = new Map<string, boolean>();

  constructor(first: number) {
    this.#first = first;
  }

  /** A number that no shell of this run has had. */
  begin(): string {
    const number = String(this.#first + this.#isAlive.size);
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
