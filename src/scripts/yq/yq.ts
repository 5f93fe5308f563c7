import type { Command, CommandIo, CommandResult } from '../command.ts';
import { absolute } from '../shell/file-system.ts';
import { type Format, formatNamed, type Options, readArguments } from './arguments.ts';
import { documentsOf } from './documents.ts';
import { toJson, toTable } from './encode.ts';
import { evaluate } from './evaluate.ts';
import { isForJq } from './jq-dialect.ts';
import { copyDocument, nothing, topOf, type YqNode } from './node.ts';
import { isChanging } from './operators.ts';
import { type Expression, parseExpression, someOperator } from './parser.ts';
import { prettyCopy } from './pretty.ts';
import { printYaml } from './print-yaml.ts';
import { readJson } from './read-json.ts';
import { NotYaml, SEPARATOR } from './read-yaml.ts';
import type { Run } from './run.ts';
import { Unsupported, YqError } from './signals.ts';

/** The version whose behaviour this follows. */
const VERSION = 'yq (https://github.com/mikefarah/yq/) version v4.44.1\n';
/** Exit status for what is not known here; yq itself has only 0 and 1. */
const UNSUPPORTED = 97;

/**
 * `yq` as mikefarah's version 4.44.1 answers: printed text and exit status.
 * What lies outside of the subset is recorded as a need, and fails.
 */
export const yq: Command = async (args, io) => {
  const printed: string[] = [];
  try {
    const options = readArguments(args);
    if (options.isVersion) return { stdout: VERSION, stderr: '', exitCode: 0 };
    return await new Invocation(options, io, printed).run();
  } catch (error) {
    const stdout = printed.join('');
    if (error instanceof YqError) return { stdout, stderr: `Error: ${error.message}\n`, exitCode: 1 };
    if (!(error instanceof Unsupported)) throw error;
    io.needs(`yq ${error.message}`);
    return { stdout, stderr: `yq: not supported here: ${error.message}\n`, exitCode: UNSUPPORTED };
  }
};

interface Input {
  readonly name: string;
  readonly documents: readonly YqNode[];
  /** Why there is no more to read, where that is not the end. */
  readonly fault?: YqError;
}

class Invocation {
  readonly #options: Options;
  readonly #io: CommandIo;
  readonly #printed: string[];
  #previous: { readonly document: number; readonly file: number } | null = null;
  #hasMatch = false;
  /** A scalar is printed as its text alone. */
  #unwraps = true;

  constructor(options: Options, io: CommandIo, printed: string[]) {
    this.#options = options;
    this.#io = io;
    this.#printed = printed;
  }

  async run(): Promise<CommandResult> {
    const { source, files } = await this.#operands();
    const options = this.#options;
    if (options.isInPlace) {
      if (files.length === 0 || files[0] === '-') {
        throw new YqError('write in place flag only applicable when giving an expression and at least one file');
      }
      throw new Unsupported(`-i, which writes ${files[0]}`);
    }
    if (options.hasNoInput && files.length > 0) throw new YqError('cannot pass files in when using null-input flag');
    const { input, output } = formats(options, files[0] ?? '');
    if (output === null) throw new YqError(`unknown format '${options.output}'`);
    this.#unwraps = options.unwraps ?? output === 'yaml';
    const expression = parsed(source);
    const recodes = ['from_yaml', 'to_yaml'].every((name) => someOperator(expression, (found) => found === name));
    if (recodes) throw new Unsupported('from_yaml and to_yaml in one expression');
    if (input === 'csv' || input === 'tsv') throw new Unsupported(`format ${input}`);
    if (input === 'json' && output === 'yaml') throw new Unsupported('YAML made of JSON');
    if (options.hasNoInput) this.#print(this.#answer(expression, [nothing('')]), output);
    else await this.#overFiles(expression, files, { input, output });
    if (options.needsMatch && !this.#hasMatch) throw new YqError('no matches found');
    return { stdout: this.#printed.join(''), stderr: '', exitCode: 0 };
  }

  /** Tells the expression from files: a first operand that is a file is no expression; without files, what comes in is read. */
  async #operands(): Promise<{ readonly source: string; readonly files: readonly string[] }> {
    const { positional, hasNoInput, expression } = this.#options;
    const [first] = positional;
    const isFile = first !== undefined && (await this.#read(first)) !== null;
    const readsInput = !hasNoInput && positional.length <= 1 && !isFile && !positional.includes('-');
    const all = readsInput ? [...positional, '-'] : positional;
    if (isFile && first.endsWith('.yq')) throw new Unsupported('expression from a file');
    if (expression !== '' || first === undefined || first === '-' || isFile) return { source: expression, files: all };
    return { source: first, files: all.slice(1) };
  }

  async #read(name: string): Promise<string | null> {
    return name === '' || name === '-' ? null : this.#io.readFile(absolute(this.#io.cwd, name));
  }

  async #overFiles(
    expression: Expression | null,
    files: readonly string[],
    { input, output }: { readonly input: Format; readonly output: Format },
  ): Promise<void> {
    let count = 0;
    const inputs: Input[] = [];
    for (const [file, name] of files.entries()) {
      const { documents, fault } = await this.#input(name, input);
      if (fault && this.#options.isTogether) throw fault;
      const placed = documents.map((document) =>
        file === 0 ? document : Object.assign(copyDocument(document), { file }),
      );
      count += placed.length;
      if (this.#options.isTogether) inputs.push({ name, documents: placed });
      else for (const document of placed) this.#print(this.#answer(expression, [document]), output);
      if (fault) throw fault;
    }
    if (this.#options.isTogether) {
      const all = inputs.flatMap(({ documents }) => documents.map((document) => ({ ...document, isTogether: true })));
      this.#print(this.#answer(expression, all.length > 0 ? all : [nothing('')]), output);
    } else if (count === 0) this.#print(this.#answer(expression, [nothing('')]), output);
  }

  async #input(name: string, format: Format): Promise<Input> {
    const text = name === '-' ? this.#io.stdin : await this.#read(name);
    if (text === null) throw new YqError(`open ${name}: no such file or directory`);
    try {
      return { name, documents: format === 'json' ? readJson(text) : documentsOf(text) };
    } catch (error) {
      if (!(error instanceof YqError)) throw error;
      const fault = new YqError(`bad file '${name}': ${error.message}`);
      return { name, documents: error instanceof NotYaml ? error.before : [], fault };
    }
  }

  #answer(expression: Expression | null, documents: readonly YqNode[]): readonly YqNode[] {
    const changes = someOperator(expression, isChanging);
    const run = this.#newRun(changes);
    const nodes = changes ? documents.map(copyDocument) : documents;
    const scope = { nodes, isReadOnly: false, variables: new Map() };
    const results = evaluate(run, scope, expression);
    if (!run.hasCreated || !couldSeeCreated(expression, results)) return results;
    // yq creates what a step names and lacks; where that could show, the query runs again on a copy of its own.
    return evaluate(this.#newRun(true), { ...scope, nodes: documents.map(copyDocument) }, expression);
  }

  #newRun(isPrivate: boolean): Run {
    const { indent } = this.#options;
    return { env: this.#io.env, isPrivate, indent, unwraps: this.#unwraps, hasCreated: false, steps: 0 };
  }

  #print(results: readonly YqNode[], output: Format): void {
    for (const result of results) {
      const node = this.#options.isPretty ? prettyCopy(result) : result;
      const { document, file } = topOf(node);
      const isFirst = this.#previous === null;
      this.#previous ??= { document, file };
      const isElsewhere = this.#previous.document !== document || this.#previous.file !== file;
      if (output === 'yaml' && !isFirst && isElsewhere && !node.leading.startsWith(SEPARATOR)) this.#separator();
      this.#previous = { document, file: this.#previous.file };
      if (output === 'yaml') this.#leading(node);
      this.#hasMatch ||= node.tag !== '!!null' && (node.tag !== '!!bool' || node.value !== 'false');
      this.#printed.push(this.#encoded(node, output));
    }
  }

  #separator(): void {
    if (!this.#options.hasNoSeparators) this.#printed.push('---\n');
  }

  #leading({ leading }: YqNode): void {
    if (leading === '') return;
    for (const line of leading.replace(/\n$/, '').split('\n')) {
      if (line.includes(SEPARATOR)) this.#separator();
      else this.#printed.push(line === '' || /^%|^\s*#/.test(line) ? `${line}\n` : `# ${line}\n`);
    }
  }

  #encoded(node: YqNode, output: Format): string {
    // YAML can always be written: that nobody reads it changes nothing but that it may hold comments of any kind.
    if (output === 'yaml' && this.#io.isUnread) return '';
    const unwraps = this.#unwraps;
    if (output === 'json') {
      if (node.kind === 'scalar' && unwraps) return `${node.value}\n`;
      return `${toJson(this.#newRun(false), node, this.#options.indent)}\n`;
    }
    if (output === 'csv' || output === 'tsv') {
      const table = toTable(node, output === 'csv' ? ',' : '\t');
      return node.kind === 'scalar' || node.content.length > 0 ? `${table}\n` : '';
    }
    if (node.kind !== 'scalar' || !unwraps) return printYaml(node, this.#options.indent);
    return node.leading === '' || node.value !== '' ? `${node.value}\n` : '';
  }
}

function formats(options: Options, first: string): { readonly input: Format; readonly output: Format | null } {
  const isAuto = (name: string) => name === '' || name === 'auto' || name === 'a';
  const byName = /\.([^./]+)$/.exec(first)?.[1] ?? 'yaml';
  if (!isAuto(options.input)) {
    const input = formatNamed(options.input);
    if (input === null) throw new YqError(`unknown format '${options.input}' please use [yaml|json|props|csv|tsv|xml]`);
    return { input, output: isAuto(options.output) ? 'yaml' : formatNamed(options.output) };
  }
  const input = formatNamed(byName) ?? 'yaml';
  return { input, output: isAuto(options.output) ? input : formatNamed(options.output) };
}

/** Operators that only look at what they are given, so that nothing created beside it matters. */
const BLIND_TO_CREATED = 'self step literal string select == != // | , and or not key to_string @tsv @csv join collect'
  .split(' ')
  .concat('short pipe');
const REVISITING = [
  'parent',
  '..',
  '...',
  ',',
  ':',
  'as',
  'ireduce',
  'string',
  '==',
  '!=',
  '//',
  'and',
  'or',
  '+',
  '<',
  '>',
];

function couldSeeCreated(expression: Expression | null, results: readonly YqNode[]): boolean {
  if (results.some(({ kind }) => kind !== 'scalar')) return true;
  const revisits = someOperator(expression, (name) => REVISITING.includes(name));
  return revisits && someOperator(expression, (name) => !BLIND_TO_CREATED.includes(name));
}

/** Throws `YqError` for what is no expression, and `Unsupported` where it may be one to the program that the script was written for. */
function parsed(source: string): Expression | null {
  if (isForJq(source)) throw new Unsupported(`that reads ${source}`);
  return parseExpression(source);
}
