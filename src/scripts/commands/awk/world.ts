/** What a program asks of the world. It runs synchronously: an answer that is not there yet throws, and the run starts over. */
export interface World {
  /** Next text of the main input: the next operand's, or null. */
  nextInput(index: number): { readonly name: string; readonly text: string } | { readonly assignment: string } | null;
  file(path: string): string | null;
  /** Runs a command with an input; its output and status. */
  command(command: string, input: string): { readonly output: string; readonly status: number };
  write(text: string): void;
  writeFile(path: string, text: string, append: boolean): void;
  needs(what: string): void;
  step(): void;
  /** A text was put together or gone through, so many characters long. */
  handled(characters: number): void;
  now(): number;
  /** The keys of an array in the order in which this awk has them. */
  inAnyOrder(keys: readonly string[]): readonly string[];
}
