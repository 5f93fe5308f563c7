import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Puts questions to the person at the terminal. */
export interface Ask {
  /** An empty answer means `fallback`. */
  text(question: string, fallback?: string): Promise<string>;
  /** Shows nothing of what is typed. */
  secret(question: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
  close(): void;
}

/** A question came up that a flag should have answered. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}

export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Asks at the terminal. Ctrl-C and the end of the input call `stopped`: a question that nobody will answer never settles. */
export function askAtTerminal(
  stopped: () => void,
  terminal: Terminal = { input: process.stdin, output: process.stdout },
): Ask {
  let isMuted = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!isMuted) terminal.output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: terminal.input, output, terminal: true });
  lines.on('SIGINT', stopped);
  lines.on('close', stopped);
  const text = async (question: string, fallback = '') => {
    const hint = fallback === '' ? '' : ` [${fallback}]`;
    return (await lines.question(`${question}${hint} `)).trim() || fallback;
  };
  return {
    text,
    async secret(question) {
      terminal.output.write(`${question} `);
      isMuted = true;
      try {
        return (await lines.question('')).trim();
      } finally {
        isMuted = false;
        terminal.output.write('\n');
      }
    },
    confirm: async (question) => /^y(es)?$/i.test(await text(`${question} (y/N)`)),
    close: () => {
      lines.off('close', stopped);
      lines.close();
    },
  };
}

/** Nobody is there: fallbacks answer, `--yes` agrees, and everything else has to come from flags. */
export function askNobody(agrees: boolean): Ask {
  return {
    async text(question, fallback) {
      if (fallback === undefined) throw new UnansweredError(`Nobody is there to answer: ${question}`);
      return fallback;
    },
    async secret(question) {
      throw new UnansweredError(`Nobody is there to answer: ${question}`);
    },
    confirm: async () => agrees,
    close: () => {},
  };
}
