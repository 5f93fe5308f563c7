import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { environment } from './git.ts';

/** A git object as `cat-file` answers it; without content where only its size was asked for. */
interface GitObject {
  readonly size: number;
  readonly content: Uint8Array;
}

/** Reads objects of one repository through processes that stay, for those who read thousands of commits. */
export interface ObjectReader {
  /** Contents by object id; what the repository lacks is missing. */
  contents(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Sizes in bytes, of the same kind. */
  sizes(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Ends the processes; unanswered reads fail. */
  close(): void;
}

export function openObjects(directory: string): ObjectReader {
  const whole = new Conversation(directory, '--batch');
  const sizes = new Conversation(directory, '--batch-check');
  return {
    contents: async (ids) => new Map([...(await whole.ask(ids))].map(([id, { content }]) => [id, content])),
    sizes: async (ids) => new Map([...(await sizes.ask(ids))].map(([id, { size }]) => [id, size])),
    close() {
      whole.end();
      sizes.end();
    },
  };
}

interface Waiting {
  readonly ids: readonly string[];
  readonly found: Map<string, GitObject>;
  answered: number;
  readonly resolve: (found: ReadonlyMap<string, GitObject>) => void;
  readonly reject: (error: Error) => void;
}

/** One `git cat-file` that answers in the order in which it is asked. */
class Conversation {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #hasContent: boolean;
  readonly #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes without which the next answer is not whole. */
  #needed = 1;

  constructor(directory: string, mode: '--batch' | '--batch-check') {
    this.#hasContent = mode === '--batch';
    this.#child = spawn('git', ['-C', directory, 'cat-file', mode], { env: environment() });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#hear(chunk));
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.resume();
    const fail = () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('git cat-file ended'));
    };
    this.#child.on('error', fail);
    this.#child.on('close', fail);
  }

  ask(ids: readonly string[]): Promise<ReadonlyMap<string, GitObject>> {
    if (ids.length === 0) return Promise.resolve(new Map());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ids, found: new Map(), answered: 0, resolve, reject });
      this.#child.stdin.write(ids.map((id) => `${id}\n`).join(''));
    });
  }

  end(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }

  #hear(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return;
    let heard = Buffer.concat(this.#chunks);
    for (let used = this.#answer(heard); used > 0; used = this.#answer(heard)) heard = heard.subarray(used);
    this.#chunks = [heard];
    this.#length = heard.length;
  }

  /** Takes one answer from what was heard; gives its length, or 0 while it is not whole. */
  #answer(heard: Buffer): number {
    const [waiting] = this.#waiting;
    const end = heard.indexOf('\n');
    this.#needed = heard.length + 1;
    if (!waiting || end < 0) return 0;
    const [, type = '', size = '0'] = heard.toString('utf8', 0, end).split(' ');
    const bytes = this.#hasContent && type !== 'missing' ? Number(size) + 1 : 0;
    this.#needed = end + 1 + bytes;
    if (heard.length < this.#needed) return 0;
    if (type !== 'missing') {
      // A copy: what was heard is one large piece of memory, which each of its parts would keep alive.
      const content = new Uint8Array(heard.subarray(end + 1, end + 1 + Math.max(0, bytes - 1)));
      waiting.found.set(waiting.ids[waiting.answered] ?? '', { size: Number(size), content });
    }
    waiting.answered += 1;
    if (waiting.answered === waiting.ids.length) this.#waiting.shift()?.resolve(waiting.found);
    return this.#needed;
  }
}
