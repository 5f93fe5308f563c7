import { bytesOf } from '../files/bytes.ts';
import type { Program } from '../shell/shell.ts';
import { nowhere } from '../shell/streams.ts';
import { linesOf, readOperands } from './inputs.ts';
import { parseOptions } from './options.ts';

export const uname: Program = async (process) => {
  const options = parseOptions(process, 'uname', 's m r a o p n v');
  if (!options) return 1;
  const { host } = process.shell;
  for (const name of ['r', 'a', 'n', 'v', 'p']) if (options.has(name)) host.needs(`uname -${name}`);
  host.leansOn('system');
  const { system } = host.surroundings;
  const machine = system === 'Linux' ? 'x86_64' : 'arm64';
  const words = [...(options.has('s') || !options.has('m') ? [system] : []), ...(options.has('m') ? [machine] : [])];
  process.output.write(`${words.join(' ')}\n`);
  return 0;
};

export const id: Program = async (process) => {
  const options = parseOptions(process, 'id', 'u g n G user=u group=g name=n');
  if (!options) return 1;
  const { host } = process.shell;
  if (!options.has('u') || options.has('n') || options.operands.length > 0) host.needs('the user');
  host.leansOn('user');
  process.output.write(`${host.surroundings.user.number}\n`);
  return 0;
};

/** The locales of a plain Debian. */
export const locale: Program = async (process) => {
  const isList = process.args.join(' ') === '-a';
  if (isList) process.output.write('C\nC.utf8\nPOSIX\n');
  else process.shell.host.needs(`locale ${process.args.join(' ')}`.trim());
  return isList ? 0 : 1;
};

export const sleep: Program = async (process) => {
  const seconds = process.args.map(secondsOf);
  if (seconds.length === 0 || seconds.some((each) => each === null)) {
    process.errors.write(`sleep: invalid time interval '${process.args.join(' ')}'\n`);
    if (/inf/i.test(process.args.join(' '))) process.shell.host.needs('sleep without an end');
    return 1;
  }
  for (const each of seconds) process.shell.host.clock.sleep(each ?? 0);
  return 0;
};

/** What `sleep` and `timeout` are given; null for what is none. */
function secondsOf(text: string): number | null {
  const [, amount, unit = 's'] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text) ?? [];
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
  return amount === undefined ? null : Number(amount) * (units[unit] ?? 1);
}

export const env: Program = async (process) => {
  let at = 0;
  const { shell } = process;
  const inner = shell.fork();
  for (; at < process.args.length; at++) {
    const arg = process.args[at] ?? '';
    const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(arg) ?? [];
    if (name !== undefined) {
      inner.set(name, value);
      inner.variables.writable(name).isExported = true;
    } else if (arg === '-i' || arg === '-') {
      for (const known of inner.variables.exported().keys()) inner.variables.remove(known);
      // What is not set is looked for where POSIX programs are.
      inner.set('PATH', '/bin:/usr/bin');
    } else if (arg === '-u') inner.variables.remove(process.args[++at] ?? '');
    else if (arg.startsWith('-')) {
      shell.host.needs(`env ${arg}`);
      return 125;
    } else break;
  }
  const words = process.args.slice(at);
  if (words.length > 0) return shell.host.invoke(inner, words, { output: process.output, errors: process.errors });
  for (const [name, value] of inner.environment) process.output.write(`${name}=${value}\n`);
  return 0;
};

export const printenv: Program = async (process) => {
  const exported = process.shell.environment;
  if (process.args.length === 0) for (const [name, value] of exported) process.output.write(`${name}=${value}\n`);
  let status = 0;
  for (const name of process.args) {
    const value = exported.get(name);
    if (value === undefined) status = 1;
    else process.output.write(`${value}\n`);
  }
  return status;
};

/** Stops what takes longer by the clock. What it would have done after that has been done here, which is known of `sleep` alone. */
export const timeout: Program = async (process) => {
  const words = [...process.args];
  while (/^-/.test(words[0] ?? '')) {
    const option = words.shift() ?? '';
    if (option === '-k' || option === '-s') words.shift();
    else if (!/^--(?:preserve-status|foreground|kill-after=.*|signal=.*)$/.test(option)) {
      process.shell.host.needs(`timeout ${option}`);
      return 125;
    }
  }
  const { host } = process.shell;
  const given = words.shift() ?? '';
  const limit = secondsOf(given);
  if (limit === null) host.needs(`timeout ${given}`);
  host.leansOn('time');
  const { passed } = host.clock;
  const status = await host.invoke(process.shell, words, { output: process.output, errors: process.errors });
  if (!limit || host.clock.passed - passed <= limit) return status;
  if (words[0] !== 'sleep') host.needs(`what ${words[0]} has done when timeout stops it`);
  return 124;
};

/** Nobody else runs here, so every lock is free. */
export const flock: Program = async (process) => {
  const options = parseOptions(
    { ...process, args: process.args.slice(0, flockOptions(process.args)) },
    'flock',
    'n s x e u o w: c nb=n nonblock=n shared=s exclusive=x unlock=u timeout:=w wait:=w',
  );
  if (!options) return 1;
  const [file, ...words] = process.args.slice(flockOptions(process.args));
  if (file === undefined) return 1;
  if (words.length === 0) return process.shell.descriptors.has(Number(file)) ? 0 : 65;
  const command = words[0] === '-c' ? ['bash', '-c', ...words.slice(1)] : words;
  return process.shell.host.invoke(process.shell, command, { output: process.output, errors: process.errors });
};

/** How many of the arguments are options and their values. */
function flockOptions(args: readonly string[]): number {
  let at = 0;
  while (args[at]?.startsWith('-')) at += /^-[a-z]*w$|^--(?:timeout|wait)$/.test(args[at] ?? '') ? 2 : 1;
  return at;
}

export const nice: Program = async (process) => {
  const words = process.args[0] === '-n' ? process.args.slice(2) : process.args;
  return process.shell.host.invoke(process.shell, words, { output: process.output, errors: process.errors });
};

export const base64: Program = async (process) => {
  const options = parseOptions(process, 'base64', 'd D w: decode=d wrap:=w');
  if (!options) return 1;
  const { texts, status } = await readOperands(process, 'base64', options.operands);
  for (const { text } of texts) {
    if (options.has('d') || options.has('D')) {
      process.output.write(atob(text.replace(/\s/g, '')));
      continue;
    }
    const encoded = btoa(String.fromCharCode(...bytesOf(text)));
    const width = Number(options.value('w') ?? 76);
    process.output.write(width === 0 ? encoded : `${encoded.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n')}\n`);
  }
  return status;
};

export const diff: Program = async (process) => {
  const options = parseOptions(process, 'diff', 'q u r b w B N a brief=q unified=u recursive=r');
  if (!options) return 2;
  const { texts, status } = await readOperands(process, 'diff', options.operands);
  if (status !== 0 || texts.length !== 2) return 2;
  const clean = (text: string) => {
    const lines = linesOf(text).map((line) =>
      options.has('w') ? line.replace(/\s/g, '') : options.has('b') ? line.replace(/\s+/g, ' ').trimEnd() : line,
    );
    return (
      (options.has('B') ? lines.filter((line) => line.trim() !== '') : lines).join('\n') +
      (text.endsWith('\n') ? '\n' : '')
    );
  };
  const [left, right] = texts.map(({ text }) => clean(text));
  if (left === right) return 0;
  const isShown = !options.has('q') && process.output !== nowhere;
  // A last line without a line break differs from one with it.
  const [one = [], other = []] = texts.map(({ text }) =>
    linesOf(text).map((line, index, all) => (index === all.length - 1 && !text.endsWith('\n') ? line + NO_END : line)),
  );
  // The table of the comparison grows with both: beyond this it is not worth its memory.
  if (isShown && (['u', 'w', 'b', 'B'].some((name) => options.has(name)) || one.length * other.length > 4_000_000))
    process.shell.host.needs('the output of diff');
  if (options.has('q')) process.output.write(`Files ${options.operands[0]} and ${options.operands[1]} differ\n`);
  else if (isShown) for (const line of changes(one, other)) process.output.write(`${line}\n`);
  return 1;
};

const NO_END = '\n\\ No newline at end of file';

/** What differs, in the form that `diff` has without options. */
function* changes(left: readonly string[], right: readonly string[]): Iterable<string> {
  const range = (from: number, to: number) => (from === to ? String(from) : `${from},${to}`);
  for (const { a, b, c, d } of hunks(left, right)) {
    const kind = a === b ? 'a' : c === d ? 'd' : 'c';
    yield (a === b ? String(a) : range(a + 1, b)) + kind + (c === d ? String(c) : range(c + 1, d));
    for (const line of left.slice(a, b)) yield `< ${line}`;
    if (kind === 'c') yield '---';
    for (const line of right.slice(c, d)) yield `> ${line}`;
  }
}

interface Hunk {
  /** Lines `a` to `b` of the one became lines `c` to `d` of the other; ends exclusive. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

function hunks(left: readonly string[], right: readonly string[]): readonly Hunk[] {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i * width + j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: Hunk[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      i++;
      j++;
      continue;
    }
    const [a, c] = [i, j];
    while ((i < left.length || j < right.length) && !(i < left.length && j < right.length && left[i] === right[j])) {
      if (j >= right.length || (i < left.length && at(i + 1, j) >= at(i, j + 1))) i++;
      else j++;
    }
    found.push({ a, b: i, c, d: j });
  }
  return found;
}

export const cmp: Program = async (process) => {
  const options = parseOptions(process, 'cmp', 's quiet=s silent=s');
  if (!options) return 2;
  const quiet = options.has('s') ? { ...process, errors: { write() {} } } : process;
  const { texts, status } = await readOperands(quiet, 'cmp', options.operands);
  if (status !== 0 || texts.length !== 2) return 2;
  const isSame = texts[0]?.text === texts[1]?.text;
  if (!isSame && !options.has('s')) process.output.write(`${options.operands.join(' ')} differ\n`);
  return isSame ? 0 : 1;
};
