import { Input, type Output } from './shell/streams.ts';

/** A part of the script that runs while the rest of it goes on. */
export interface Job {
  readonly startedBy: Job | null;
  /** It was started before the command that writes to it, and runs here when that has ended. */
  readonly isLate: boolean;
  readonly touched: Set<Thing>;
}

/** A path, the names in a folder, or a stream. */
type Thing = string | object;

/** Two parts that only add to a thing leave it in an unknown order; all else that two do to it, unless both only read, has an unknown outcome. */
type Touch = 'reads' | 'adds' | 'changes';

const WHAT = 'what runs in the background';

/**
 * Who touched what while something else was running. Here a job runs to its end when it is started, and on a real machine beside what comes after it,
 * until somebody waits for it: whatever hangs on which of the two came first is a need.
 */
export class Races {
  readonly #needs: (what: string) => void;
  readonly #touches = new Map<Thing, Map<Job, Touch>>();
  readonly #shuffled = new Set<Thing>();
  #running: Job | null = null;
  /** How many jobs have been started that nobody has waited for. */
  #open = 0;

  constructor(needs: (what: string) => void) {
    this.#needs = needs;
  }

  /** Runs `body` as a job. It goes on until somebody waits for it. */
  async run(body: () => Promise<void>, isLate = false): Promise<Job> {
    const job: Job = { startedBy: this.#running, isLate, touched: new Set() };
    this.#open++;
    this.#running = job;
    try {
      await body();
    } finally {
      this.#running = job.startedBy;
    }
    return job;
  }

  /** Whoever is running has waited for a job: what that did is its own from then on. */
  waitedFor(job: Job): void {
    this.#open--;
    for (const thing of job.touched) {
      const touches = this.#touches.get(thing);
      const touch = touches?.get(job);
      if (!touches || !touch) continue;
      touches.delete(job);
      if (this.#running) this.#remember(thing, touch, this.#running);
      else if (touches.size === 0) this.#touches.delete(thing);
    }
    job.touched.clear();
  }

  reads(thing: Thing): void {
    this.#touch(thing, 'reads');
  }

  changes(thing: Thing): void {
    this.#shuffled.delete(thing);
    this.#touch(thing, 'changes');
  }

  adds(thing: Thing): void {
    if (this.#touch(thing, 'adds')) this.#shuffled.add(thing);
  }

  /** Whoever reads a thing that several added to at the same time would find their parts in another order. */
  needsOrder(thing: Thing): void {
    if (this.#shuffled.has(thing)) this.#needs(WHAT);
  }

  /** An output that somebody will read. */
  watched(output: Output, isUnordered = false): Output {
    const stream = {};
    let isEmpty = true;
    return {
      isUnordered,
      write: (text) => {
        if (text === '') return;
        const isMixed = this.#touch(stream, 'adds') || (!isEmpty && this.#running?.isLate === true);
        if (isMixed && !isUnordered) this.#needs(WHAT);
        isEmpty = false;
        output.write(text);
      },
    };
  }

  /** An input of the script that a job may have as well. Who reads first is not known, nor always whether the job has it. */
  shared(input: Input): Input {
    return new SharedInput(input, () => this.#needs(`the input of ${WHAT}`));
  }

  /** True where others add to the thing as well. */
  #touch(thing: Thing, touch: Touch): boolean {
    if (this.#open === 0) return false;
    let isMixed = false;
    for (const [job, other] of this.#touches.get(thing) ?? []) {
      if (this.#isPartOf(job)) continue;
      if (touch === 'adds' && other === 'adds') isMixed = true;
      else if (touch !== 'reads' || other !== 'reads') this.#needs(WHAT);
    }
    if (this.#running) this.#remember(thing, touch, this.#running);
    return isMixed;
  }

  /** Whether what is running is the job, or was started by it: then all that the job had done is done. */
  #isPartOf(job: Job): boolean {
    for (let each = this.#running; each; each = each.startedBy) if (each === job) return true;
    return false;
  }

  #remember(thing: Thing, touch: Touch, job: Job): void {
    const touches = this.#touches.get(thing) ?? new Map<Job, Touch>();
    this.#touches.set(thing, touches);
    const before = touches.get(job);
    touches.set(job, before === undefined || before === touch ? touch : 'changes');
    job.touched.add(thing);
  }
}

class SharedInput extends Input {
  readonly #input: Input;
  readonly #isRead: () => void;

  constructor(input: Input, isRead: () => void) {
    super('', input.isLive);
    this.#input = input;
    this.#isRead = isRead;
  }

  override rest(): string {
    return this.#told(this.#input.rest());
  }

  override line(delimiter?: string): string | null {
    const line = this.#input.line(delimiter);
    return line === null ? null : this.#told(line);
  }

  override characters(count: number): string {
    return this.#told(this.#input.characters(count));
  }

  #told(text: string): string {
    if (text !== '') this.#isRead();
    return text;
  }
}
