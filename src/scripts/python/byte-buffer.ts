const FIRST_SIZE = 4096;

/** Bytes that come one by one. A list of numbers would take eight times as much. */
export class ByteBuffer {
  #bytes = new Uint8Array(FIRST_SIZE);
  #length = 0;

  add(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  all(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
