import { BadExpression } from '../../regex/translate.ts';
import type { Process, Program } from '../../shell/shell.ts';
import { linesOf, readOperand, whyUnreadable } from '../inputs.ts';
import { JqMachine } from './evaluate.ts';
import { undefinedName } from './names.ts';
import { parseJq } from './parser.ts';
import type { Surroundings } from './result.ts';
import { type Filter, JqSyntaxError } from './syntax.ts';
import {
  isArray,
  isObject,
  isTruthy,
  JqError,
  JqHalt,
  type Json,
  type PrintOptions,
  parseJson,
  printJson,
} from './value.ts';

interface Settings {
  readonly flags: ReadonlySet<string>;
  readonly indent: string;
  readonly program: string;
  readonly files: readonly string[];
  readonly variables: ReadonlyMap<string, Json>;
}

const LONG: Readonly<Record<string, string>> = {
  'raw-output': 'r',
  'exit-status': 'e',
  'compact-output': 'c',
  'null-input': 'n',
  slurp: 's',
  'raw-input': 'R',
  'join-output': 'j',
  'ascii-output': 'a',
  'sort-keys': 'S',
  'color-output': 'C',
  'monochrome-output': 'M',
};

/** jq 1.7. */
export const jq: Program = async (process) => {
  const settings = await readArguments(process);
  if (typeof settings === 'number') return settings;
  let filter: Filter;
  try {
    filter = parseJq(settings.program);
  } catch (error) {
    if (!(error instanceof JqSyntaxError || error instanceof JqError)) throw error;
    process.errors.write(`jq: error: ${error.message}\njq: 1 compile error\n`);
    return 3;
  }
  const unknown = undefinedName(filter, settings.variables.keys());
  if (unknown !== null) {
    process.errors.write(
      `jq: error: ${unknown} is not defined at <top-level>, line 1:\n${settings.program}\njq: 1 compile error\n`,
    );
    return 3;
  }
  return new Session(process, settings).run(filter);
};

/** What the command line says; a status after a message where it says nothing usable. */
async function readArguments(process: Process): Promise<Settings | number> {
  const flags = new Set<string>();
  const variables = new Map<string, Json>();
  const named = new Map<string, Json>();
  const operands: string[] = [];
  const positional: Json[] = [];
  let program: string | null = null;
  let indent = '  ';
  let rest: 'files' | 'args' | 'jsonargs' = 'files';
  const { args } = process;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const next = () => args[++at] ?? '';
    if (arg === '--arg' || arg === '--argjson') {
      const name = next();
      const value = arg === '--arg' ? next() : parsedArgument(next());
      if (value === undefined) {
        process.errors.write(`jq: Invalid JSON text passed to --${arg.slice(2)}\n`);
        return 2;
      }
      variables.set(name, value);
      named.set(name, value);
    } else if (arg === '--slurpfile' || arg === '--rawfile') {
      const name = next();
      const path = next();
      const text = await readOperand(process, path);
      if (text === null) {
        process.errors.write(
          `jq: Bad JSON in --${arg.slice(2)} ${name} ${path}: Could not open ${path}: ${await whyUnreadable(process, path)}\n`,
        );
        return 2;
      }
      variables.set(name, arg === '--rawfile' ? text : [...parseJson(text)]);
    } else if (arg === '--args') rest = 'args';
    else if (arg === '--jsonargs') rest = 'jsonargs';
    else if (arg === '--tab') indent = '\t';
    else if (arg === '--indent') indent = ' '.repeat(Number(next()));
    else if (arg === '-f' || arg === '--from-file') {
      const path = next();
      const text = await readOperand(process, path);
      if (text === null) return 2;
      // What would have been the program is a file then.
      if (program !== null) operands.unshift(program);
      program = text;
    } else if (arg.startsWith('--') && LONG[arg.slice(2)]) flags.add(LONG[arg.slice(2)] ?? '');
    else if (/^-[a-zA-Z]+$/.test(arg) && [...arg.slice(1)].every((letter) => 'recnsRjaSCM'.includes(letter)))
      for (const letter of arg.slice(1)) flags.add(letter);
    else if (arg === '--unbuffered' || arg === '--') continue;
    else if (/^-./.test(arg)) {
      process.errors.write(`jq: Unknown option: ${arg}\n`);
      process.shell.host.needs(`jq ${arg}`);
      return 2;
    } else if (program === null) program = arg;
    else if (rest === 'files') operands.push(arg);
    else positional.push(rest === 'args' ? arg : (parsedArgument(arg) ?? null));
  }
  if (flags.has('C')) process.shell.host.needs('jq -C');
  if (program === null) {
    process.errors.write('Usage:\tjq [OPTIONS] FILTER [FILES...]\n');
    return 2;
  }
  variables.set('__named', new Map());
  variables.set(
    'ARGS',
    new Map<string, Json>([
      ['positional', positional],
      ['named', named],
    ]),
  );
  return { flags, indent: flags.has('c') ? '' : indent, program, files: operands, variables };
}

function parsedArgument(text: string): Json | undefined {
  try {
    const [value, ...more] = [...parseJson(text)];
    return more.length === 0 ? value : undefined;
  } catch (error) {
    if (error instanceof JqError) return undefined;
    throw error;
  }
}

/** What a step of a filter costs, in characters handled. */
const EVALUATION = 200;
/** What a character or an item of a list costs that is copied, and a member of an object. */
const ITEM = 4;
const MEMBER = 40;

class Session implements Surroundings {
  readonly #process: Process;
  readonly #settings: Settings;
  #inputs: Iterator<Json> = [][Symbol.iterator]();
  #last: Json | undefined;
  #status = 0;

  constructor(process: Process, settings: Settings) {
    this.#process = process;
    this.#settings = settings;
  }

  async run(filter: Filter): Promise<number> {
    const { flags, files } = this.#settings;
    const texts: string[] = [];
    const usesInput = !flags.has('n') || /\binputs?\b/.test(this.#settings.program);
    for (const path of files.length > 0 ? files : usesInput ? ['-'] : []) {
      const text = await readOperand(this.#process, path);
      if (text !== null) texts.push(text);
      else {
        this.#process.errors.write(`jq: error: Could not open ${path}: ${await whyUnreadable(this.#process, path)}\n`);
        this.#status = 2;
      }
    }
    this.#inputs = inputsOf(texts.join(''), flags);
    try {
      this.#all(filter);
    } catch (error) {
      if (error instanceof BadExpression) {
        if (error.isUnsupported) this.needs(`jq with ${error.message}`);
        this.#process.errors.write(`jq: error: ${error.message}\n`);
        return 5;
      }
      if (error instanceof JqHalt) {
        this.#process.errors.write(error.output);
        // Whether the next value is read hangs on jq's version.
        if (this.nextInput() !== undefined) this.needs('jq halt with more input');
        return error.status;
      }
      if (!(error instanceof JqError)) throw error;
      this.#process.errors.write(`jq: error (at <stdin>:0): ${error.message}\n`);
      return 2;
    }
    if (this.#status !== 0 || !flags.has('e')) return this.#status;
    if (this.#last === undefined) return 4;
    return isTruthy(this.#last) ? 0 : 1;
  }

  #all(filter: Filter): void {
    if (this.#settings.flags.has('n')) {
      this.#one(filter, null);
      return;
    }
    for (let next = this.nextInput(); next !== undefined; next = this.nextInput()) this.#one(filter, next);
  }

  #one(filter: Filter, input: Json): void {
    const machine = new JqMachine(this);
    try {
      for (const value of machine.run(filter, input, this.#settings.variables)) this.#print(value);
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      const message = typeof error.value === 'string' ? error.value : `${printJson(error.value)} (not a string)`;
      this.#process.errors.write(`jq: error (at <stdin>:0): ${message}\n`);
      this.#status = 5;
    }
  }

  #print(value: Json): void {
    this.#last = value;
    const { flags, indent } = this.#settings;
    const options: PrintOptions = { indent, sortKeys: flags.has('S'), ascii: flags.has('a') };
    const isRaw = (flags.has('r') || flags.has('j')) && typeof value === 'string';
    this.#process.output.write((isRaw ? value : printJson(value, options)) + (flags.has('j') ? '' : '\n'));
  }

  nextInput(): Json | undefined {
    const next = this.#inputs.next();
    return next.done ? undefined : next.value;
  }

  step(): void {
    this.#process.shell.host.budget.handled(EVALUATION);
  }

  made(value: Json, times = 1): void {
    const { budget } = this.#process.shell.host;
    if (typeof value === 'string') budget.holds(value.length);
    if (typeof value === 'string' || isArray(value)) budget.handled(times * ITEM * value.length);
    else if (isObject(value)) budget.handled(times * MEMBER * value.size);
  }

  needs(what: string): void {
    this.#process.shell.host.needs(what);
  }

  now(): number {
    return this.#process.shell.host.clock.now();
  }

  environment(): Map<string, string> {
    return this.#process.shell.environment;
  }
}

function* inputsOf(text: string, flags: ReadonlySet<string>): Generator<Json> {
  if (flags.has('R')) {
    if (flags.has('s')) yield text;
    else yield* linesOf(text);
  } else if (flags.has('s')) yield [...parseJson(text)];
  else yield* parseJson(text);
}
