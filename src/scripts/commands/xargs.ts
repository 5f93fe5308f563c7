import type { Job } from '../races.ts';
import type { Process, Program } from '../shell/shell.ts';
import { readOperand } from './inputs.ts';
import { type Options, parseOptions } from './options.ts';

export const xargs: Program = async (process) => {
  // Options end where the command begins.
  let at = 0;
  while (at < process.args.length && /^-./.test(process.args[at] ?? ''))
    at += /^-(?:[nILPsdaE]|-(?:max-args|replace|max-lines|max-procs|delimiter|arg-file))$/.test(process.args[at] ?? '')
      ? 2
      : 1;
  const options = parseOptions(
    { ...process, args: process.args.slice(0, at) },
    'xargs',
    '0 r t n: I: L: P: d: a: x s: null=0 no-run-if-empty=r max-args:=n replace:=I max-lines:=L max-procs:=P delimiter:=d arg-file:=a',
  );
  if (!options) return 1;
  const command = process.args.slice(at);
  const words = command.length === 0 ? ['echo'] : command;
  const source = options.value('a');
  const text = source === undefined ? process.input.rest() : ((await readOperand(process, source)) ?? '');
  const run = (args: readonly string[]) => {
    if (options.has('t')) process.errors.write(`${args.join(' ')}\n`);
    return process.shell.host.invoke(process.shell, args, {
      output: process.output,
      errors: process.errors,
      input: null,
    });
  };
  const placeholder = options.value('I');
  const { lines, isBroken } = itemsOf(text, options, placeholder !== undefined);
  const groups: (readonly string[])[] = [];
  if (placeholder !== undefined) {
    for (const [item = ''] of lines) groups.push(words.map((word) => word.replaceAll(placeholder, item)));
  } else if (options.last('n', 'L') === 'L') {
    if (Number(options.value('L')) !== 1 || /[ \t]\n/.test(text)) process.shell.host.needs('xargs -L');
    for (const line of lines) groups.push([...words, ...line]);
  } else {
    const items = lines.flat();
    const size = Number(options.value('n') ?? Number.POSITIVE_INFINITY);
    for (let i = 0; i < items.length; i += size) groups.push([...words, ...items.slice(i, i + size)]);
    if (items.length === 0 && !options.has('r') && !isBroken) groups.push(words);
  }
  const areBeside = groups.length > 1 && Number(options.value('P') ?? 1) !== 1;
  const status = await (areBeside ? besideEachOther(process, groups, run) : runInTurn(groups, run));
  if (!isBroken || status > 123) return status;
  process.errors.write('xargs: unmatched quote; by default quotes are special to xargs unless you use the -0 option\n');
  return status === 0 ? 1 : status;
};

type Run = (words: readonly string[]) => Promise<number>;

async function runInTurn(groups: readonly (readonly string[])[], run: Run): Promise<number> {
  let status = 0;
  for (const group of groups) {
    const ended = await run(group);
    if (ended === 127 || ended === 126) return ended;
    if (ended === 255) return 124;
    if (ended !== 0) status = 123;
  }
  return status;
}

/** `-P`: each runs beside the others, and all have ended when `xargs` has. */
async function besideEachOther({ shell }: Process, groups: readonly (readonly string[])[], run: Run): Promise<number> {
  const { races } = shell.host;
  const jobs: Job[] = [];
  const status = await runInTurn(groups, async (group) => {
    let ended = 0;
    const job = await races.run(async () => {
      ended = await run(group);
    });
    jobs.push(job);
    return ended;
  });
  for (const job of jobs) races.waitedFor(job);
  return status;
}

function unescapeDelimiter(text: string): string {
  return { '\\n': '\n', '\\t': '\t', '\\0': '\0' }[text] ?? text;
}

function splitItems(text: string, delimiter: string): string[] {
  const items = text.split(delimiter);
  if (items.at(-1) === '') items.pop();
  return items;
}

interface Items {
  /** What each line holds that holds anything. */
  readonly lines: readonly (readonly string[])[];
  /** A quote does not end on its line: what follows is not read. */
  readonly isBroken: boolean;
}

function itemsOf(text: string, options: Options, isWhole: boolean): Items {
  const delimiter = options.has('0') ? '\0' : options.has('d') ? unescapeDelimiter(options.value('d') ?? '') : null;
  if (delimiter === null) return readQuoted(text, isWhole);
  return { lines: splitItems(text, delimiter).map((item) => [item]), isBroken: false };
}

/** Blanks and line breaks separate, or line breaks alone where items are `isWhole` lines; quotes and backslashes protect. */
function readQuoted(text: string, isWhole: boolean): Items {
  const lines: string[][] = [];
  let line: string[] = [];
  let item: string | null = null;
  let at = 0;
  const endItem = () => {
    if (item !== null) line.push(item);
    item = null;
  };
  const endLine = () => {
    endItem();
    if (line.length > 0) lines.push(line);
    line = [];
  };
  while (at < text.length) {
    const char = text[at++] ?? '';
    if (char === '\n') endLine();
    else if (/[ \t\v\f\r]/.test(char) && (item === null || !isWhole)) endItem();
    else if (char === '\\') item = (item ?? '') + (text[at++] ?? '');
    else if (char === "'" || char === '"') {
      const end = text.slice(at).search(char === "'" ? /['\n]/ : /["\n]/);
      if (end < 0 && at === text.length && item === null) break;
      if (end < 0 || text[at + end] === '\n') {
        // What is whole is still run, and a line of which something is.
        item = null;
        endLine();
        return { lines, isBroken: true };
      }
      item = (item ?? '') + text.slice(at, at + end);
      at += end + 1;
    } else item = (item ?? '') + char;
  }
  endLine();
  return { lines, isBroken: false };
}
