import { BadExpression } from '../../regex/translate.ts';
import { Environment } from '../../shell/environment.ts';
import type { Process, Program } from '../../shell/shell.ts';
import { Capture, Input } from '../../shell/streams.ts';
import { place, readOperand, whyUnreadable } from '../inputs.ts';
import { unescapeString } from './lexer.ts';
import { AwkMachine } from './machine.ts';
import { parseAwk } from './parser.ts';
import { type AwkProgram, AwkSyntaxError } from './syntax.ts';
import { fromInput } from './value.ts';
import type { World } from './world.ts';

/** POSIX awk with what gawk adds that scripts use. */
export const awk: Program = async (process) => {
  const variables = new Map<string, string>();
  const operands: string[] = [];
  let source: string | null = null;
  const { args } = process;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const value = (letter: string) =>
      arg.length > letter.length + 1 ? arg.slice(letter.length + 1) : (args[++at] ?? '');
    if (source === null && arg.startsWith('-F')) variables.set('FS', fieldSeparator(value('F')));
    else if (source === null && arg.startsWith('-v')) assign(variables, value('v'));
    else if (source === null && arg.startsWith('-f'))
      source = (source ?? '') + ((await readOperand(process, value('f'))) ?? '');
    else if (source === null && arg === '--') {
      source = args[++at] ?? '';
    } else if (source === null && /^-./.test(arg)) {
      process.shell.host.needs(`awk ${arg}`);
      return 2;
    } else if (source === null) source = arg;
    else operands.push(arg);
  }
  if (source === null) {
    process.errors.write('Usage: awk [POSIX or GNU style options] -f progfile [--] file ...\n');
    return 1;
  }
  try {
    return await new Replay(process, parseAwk(source), variables, operands).run();
  } catch (error) {
    if (error instanceof AwkSyntaxError || error instanceof BadExpression) {
      process.shell.host.needs(`awk with ${error.message}`);
      process.errors.write(`awk: ${error.message}\n`);
      return 2;
    }
    throw error;
  }
};

function fieldSeparator(text: string): string {
  return text === 't' ? '\t' : unescapeString(text);
}

function assign(variables: Map<string, string>, text: string): void {
  const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined) variables.set(name, unescapeString(value));
}

function isAssignment(operand: string): boolean {
  return /^[A-Za-z_]\w*=/.test(operand);
}

/** The machine asked for something that has to be waited for. */
class Waiting extends Error {
  readonly get: () => Promise<void>;

  constructor(get: () => Promise<void>) {
    super('waiting');
    this.get = get;
  }
}

interface Read {
  readonly text: string | null;
  readonly why: string;
}

/**
 * Runs a program synchronously. What has to be waited for (a file, a command) ends the run, is got, and the run starts over:
 * it then asks the same questions in the same order, and the answers are there.
 * Of the operands twice as many are got each time, so that a program over a thousand files starts over ten times.
 */
class Replay {
  readonly #process: Process;
  readonly #program: AwkProgram;
  readonly #variables: ReadonlyMap<string, string>;
  readonly #operands: readonly string[];
  readonly #answers: unknown[] = [];
  readonly #now: () => number;
  #asked = 0;
  readonly #texts: Read[] = [];

  constructor(
    process: Process,
    program: AwkProgram,
    variables: ReadonlyMap<string, string>,
    operands: readonly string[],
  ) {
    this.#process = process;
    this.#program = program;
    this.#variables = variables;
    this.#operands = operands;
    this.#now = process.shell.host.clock.standing();
  }

  async run(): Promise<number> {
    const { shell } = this.#process;
    for (;;) {
      this.#asked = 0;
      const output: string[] = [];
      this.#complaints = [];
      const files = new Map<string, { text: string; append: boolean }>();
      const world = this.#world(output, files);
      try {
        const machine = new AwkMachine(
          this.#program,
          world,
          this.#variables,
          ['awk', ...this.#operands],
          new Environment(
            [...shell.variables.exported()].map(([name, value]) => [name, fromInput(value)]),
            shell.host,
          ),
        );
        const status = machine.run();
        this.#process.errors.write(this.#complaints.join(''));
        this.#process.output.write(output.join(''));
        for (const [path, { text, append }] of files) await this.#writeFile(path, text, append);
        return status || this.#status;
      } catch (error) {
        if (error instanceof Waiting) await error.get();
        else if (error instanceof Error && error.constructor === Error) {
          this.#process.output.write(output.join(''));
          this.#process.errors.write(`${this.#complaints.join('')}awk: ${error.message}\n`);
          return 2;
        } else throw error;
      }
    }
  }

  #status = 0;
  #complaints: string[] = [];

  #answer<T>(ask: () => Promise<T>): T {
    const index = this.#asked++;
    if (index >= this.#answers.length) throw new Waiting(async () => void this.#answers.push(await ask()));
    return this.#answers[index] as T;
  }

  async #read(path: string): Promise<Read> {
    return { text: await readOperand(this.#process, path), why: await whyUnreadable(this.#process, path) };
  }

  /** Operands from `first` on, as many as were read before. Streams are read when it is their turn: what is left of them is somebody else's. */
  async #readOperands(inputs: readonly string[], first: number): Promise<void> {
    const next = inputs.slice(first, Math.max(2 * first, 1));
    const isShared = (operand: string) => operand === '-' || operand.startsWith('/dev/');
    const end = next.findIndex((operand, index) => index > 0 && isShared(operand));
    const reads = next.slice(0, end < 0 ? undefined : end).map(async (operand, index) => {
      if (!isAssignment(operand)) this.#texts[first + index] = await this.#read(operand);
    });
    await Promise.all(reads);
  }

  #world(output: string[], files: Map<string, { text: string; append: boolean }>): World {
    const { shell } = this.#process;
    const { budget } = shell.host;
    const hasFiles = this.#operands.some((operand) => !isAssignment(operand));
    const inputs = hasFiles ? this.#operands : [...this.#operands, '-'];
    const fileText = (path: string) => this.#answer(() => this.#read(path));
    return {
      nextInput: (index) => {
        const operand = inputs[index];
        if (operand === undefined) return null;
        if (isAssignment(operand)) return { assignment: operand };
        const read = this.#texts[index];
        if (!read) throw new Waiting(() => this.#readOperands(inputs, index));
        const { text, why } = read;
        if (text === null) {
          this.#complaints.push(`awk: cannot open ${operand} (${why})\n`);
          this.#status = 2;
        }
        return { name: hasFiles ? operand : '', text: text ?? '' };
      },
      file: (path) => fileText(path).text,
      command: (command, input) => this.#answer(() => this.#command(command, input)),
      write: (text) => output.push(text),
      writeFile: (path, text, append) => {
        if (path === '/dev/stdout' || path === '-') output.push(text);
        else {
          const before = append ? files.get(path) : undefined;
          files.set(path, { text: (before?.text ?? '') + text, append: before ? before.append : append });
        }
      },
      needs: (what) => shell.host.needs(what),
      step: () => budget.step(),
      handled(characters) {
        budget.holds(characters);
        budget.handled(characters);
      },
      now: this.#now,
      inAnyOrder(keys) {
        if (keys.length > 1) shell.host.leansOn('keys');
        return shell.host.surroundings.listing === 'forward' ? keys : [...keys].reverse();
      },
    };
  }

  async #command(command: string, input: string): Promise<{ output: string; status: number }> {
    const { shell, errors } = this.#process;
    const capture = new Capture();
    const status = await shell.host.invoke(shell, ['bash', '-c', command], {
      input: new Input(input),
      output: capture,
      errors,
    });
    return { output: capture.text, status };
  }

  async #writeFile(path: string, text: string, append: boolean): Promise<void> {
    if (path === '/dev/stderr' || path === 'cat 1>&2') {
      this.#process.errors.write(text);
      return;
    }
    if (path === '/dev/null') return;
    const file = await this.#process.shell.host.files.open(place(this.#process, path), append);
    if ('fault' in file) this.#process.errors.write(`awk: can't redirect to ${path}\n`);
    else file.write(text);
  }
}
