import { byteLength, bytesOf, textOf } from '../files/bytes.ts';
import type { Process, Program } from '../shell/shell.ts';
import { linesOf, place, readOperand, readOperands, whyUnreadable } from './inputs.ts';
import { type Options, parseOptions } from './options.ts';

export const cat: Program = async (process) => {
  const options = parseOptions(process, 'cat', 'n u v A number=n');
  if (!options) return 1;
  if (options.has('v') || options.has('A')) process.shell.host.needs('cat -v');
  const { texts, status } = await readOperands(process, 'cat', options.operands);
  let number = 0;
  for (const { text } of texts) {
    if (!options.has('n')) process.output.write(text);
    else process.output.write(text.replace(/[^\n]*\n|[^\n]+$/g, (line) => `${String(++number).padStart(6)}\t${line}`));
  }
  return status;
};

const cannotOpen = (name: string, why: string) => `cannot open '${name}' for reading: ${why}`;

/** `head -5`, as old scripts write it. */
function oldCount(process: Process): Process {
  const [first = '', ...rest] = process.args;
  return /^-\d+$/.test(first) ? { ...process, args: ['-n', first.slice(1), ...rest] } : process;
}

function eachWithHeader(
  process: Process,
  options: Options,
  texts: readonly { readonly name: string; readonly text: string }[],
  show: (text: string) => string,
): void {
  const hasHeaders = (options.operands.length > 1 || options.has('v')) && !options.has('q');
  for (const [index, { name, text }] of texts.entries()) {
    if (hasHeaders) process.output.write(`${index > 0 ? '\n' : ''}==> ${name === '-' ? 'standard input' : name} <==\n`);
    process.output.write(show(text));
  }
}

/** How many lines or bytes `head` and `tail` are asked for; null after a message where the text is no number. */
function amount(process: Process, command: string, options: Options): string | null {
  const bytes = options.value('c');
  const text = bytes ?? options.value('n') ?? '10';
  if (/^[-+]?\d+$/.test(text)) return text;
  if (/^[-+]?\d+(?:b|[kKMGTPEZY](?:i?B)?)$/.test(text)) process.shell.host.needs(`${command} of ${text}`);
  process.errors.write(`${command}: invalid number of ${bytes === undefined ? 'lines' : 'bytes'}: '${text}'\n`);
  return null;
}

export const head: Program = async (given) => {
  const process = oldCount(given);
  const options = parseOptions(process, 'head', 'n: c: q v lines:=n bytes:=c quiet=q');
  if (!options) return 1;
  const count = amount(process, 'head', options);
  if (count === null) return 1;
  const { texts, status } = await readOperands(process, 'head', options.operands, cannotOpen);
  eachWithHeader(process, options, texts, (text) => {
    if (options.has('c')) {
      const all = bytesOf(text);
      return textOf(all.subarray(0, count.startsWith('-') ? Math.max(0, all.length + Number(count)) : Number(count)));
    }
    const lines = text.split(/(?<=\n)/);
    return (
      count.startsWith('-') ? lines.slice(0, Math.max(0, lines.length + Number(count))) : lines.slice(0, Number(count))
    ).join('');
  });
  return status;
};

export const tail: Program = async (given) => {
  const process = oldCount(given);
  const options = parseOptions(process, 'tail', 'n: c: q v f F lines:=n bytes:=c quiet=q');
  if (!options) return 1;
  if (options.has('f') || options.has('F')) process.shell.host.needs('tail -f');
  const count = amount(process, 'tail', options);
  if (count === null) return 1;
  const last = Math.abs(Number(count));
  if (last === 0 && !count.startsWith('+')) return 0;
  const { texts, status } = await readOperands(process, 'tail', options.operands, cannotOpen);
  eachWithHeader(process, options, texts, (text) => {
    if (options.has('c')) {
      const all = bytesOf(text);
      return textOf(all.subarray(count.startsWith('+') ? Math.max(0, last - 1) : Math.max(0, all.length - last)));
    }
    const lines = text === '' ? [] : text.split(/(?<=\n)/);
    if (count.startsWith('+')) return lines.slice(Math.max(0, last - 1)).join('');
    return last === 0 ? '' : lines.slice(-last).join('');
  });
  return status;
};

export const wc: Program = async (process) => {
  const options = parseOptions(process, 'wc', 'l w c m L lines=l words=w bytes=c chars=m max-line-length=L');
  if (!options) return 1;
  const wanted = ['l', 'w', 'm', 'c', 'L'].filter((name) => options.has(name));
  const columns = wanted.length > 0 ? wanted : ['l', 'w', 'c'];
  const { files } = process.shell.host;
  const counted: { readonly name: string; readonly counts: readonly number[] }[] = [];
  let status = 0;
  let bytes = 0;
  let hasOther = false;
  for (const name of options.operands.length === 0 ? ['-'] : options.operands) {
    const isFolder = name !== '-' && (await files.stat(place(process, name)))?.kind === 'folder';
    const text = await readOperand(process, name);
    if (text === null) {
      process.errors.write(`wc: ${name}: ${await whyUnreadable(process, name)}\n`);
      status = 1;
    }
    if (text === null && !isFolder) continue;
    hasOther ||= isFolder || name === '-';
    bytes += byteLength(text ?? '');
    counted.push({ name, counts: columns.map((column) => countOf(text ?? '', column)) });
  }
  if (options.operands.length > 1) {
    const totals = columns.map((column, index) => {
      const all = counted.map(({ counts }) => counts[index] ?? 0);
      return column === 'L' ? Math.max(0, ...all) : all.reduce((sum, count) => sum + count, 0);
    });
    counted.push({ name: 'total', counts: totals });
  }
  const isAlone = columns.length === 1 && options.operands.length <= 1;
  // Columns are as wide as the size of all files, which is known before anything is counted.
  const width = isAlone ? 1 : Math.max(String(bytes).length, hasOther ? 7 : 1);
  for (const { name, counts } of counted) {
    const numbers = counts.map((count) => String(count).padStart(width)).join(' ');
    process.output.write(`${numbers}${options.operands.length === 0 ? '' : ` ${name}`}\n`);
  }
  return status;
};

function countOf(text: string, column: string): number {
  if (column === 'l') return text.split('\n').length - 1;
  if (column === 'w') return text.split(/\s+/).filter((word) => word !== '').length;
  if (column === 'm') return [...text].length;
  if (column === 'L') return Math.max(0, ...text.split('\n').map(columnsOf));
  return byteLength(text);
}

/** How many columns of a terminal a line takes. */
function columnsOf(line: string): number {
  let columns = 0;
  for (const char of line) columns += char === '\t' ? 8 - (columns % 8) : 1;
  return columns;
}

export const uniq: Program = async (process) => {
  const options = parseOptions(process, 'uniq', 'c d u i count=c repeated=d unique=u ignore-case=i');
  if (!options) return 1;
  const { texts, status } = await readOperands(process, 'uniq', options.operands.slice(0, 1));
  const key = (line: string) => (options.has('i') ? line.toLowerCase() : line);
  const runs: { line: string; count: number }[] = [];
  for (const line of texts.flatMap(({ text }) => linesOf(text))) {
    const last = runs.at(-1);
    if (last && key(last.line) === key(line)) last.count++;
    else runs.push({ line, count: 1 });
  }
  for (const { line, count } of runs) {
    if ((options.has('d') && count === 1) || (options.has('u') && count > 1)) continue;
    process.output.write(options.has('c') ? `${String(count).padStart(7)} ${line}\n` : `${line}\n`);
  }
  return status;
};

export const tee: Program = async (process) => {
  const options = parseOptions(process, 'tee', 'a append=a i');
  if (!options) return 1;
  const text = process.input.rest();
  process.output.write(text);
  let status = 0;
  for (const name of options.operands) {
    const special = { '/dev/stderr': process.errors, '/dev/stdout': process.output, '/dev/tty': null }[name];
    if (special) {
      special.write(text);
      continue;
    }
    const file = await process.shell.host.files.open(place(process, name), options.has('a'));
    if ('fault' in file) {
      process.errors.write(`tee: ${name}: ${file.fault}\n`);
      status = 1;
    } else file.write(text);
  }
  return status;
};

export const tac: Program = async (process) => {
  const options = parseOptions(process, 'tac', '');
  if (!options) return 1;
  const { texts, status } = await readOperands(process, 'tac', options.operands);
  for (const { text } of texts) for (const line of linesOf(text).reverse()) process.output.write(`${line}\n`);
  return status;
};

export const rev: Program = async (process) => {
  const options = parseOptions(process, 'rev', '');
  if (!options) return 1;
  const { texts, status } = await readOperands(process, 'rev', options.operands);
  for (const { text } of texts)
    for (const line of linesOf(text)) process.output.write(`${[...line].reverse().join('')}\n`);
  return status;
};

export const seq: Program = async (process) => {
  const numbers: string[] = [];
  let separator = '\n';
  let isPadded = false;
  for (let i = 0; i < process.args.length; i++) {
    const arg = process.args[i] ?? '';
    if (arg.startsWith('-s')) separator = arg.length > 2 ? arg.slice(2) : (process.args[++i] ?? '');
    else if (arg === '-w') isPadded = true;
    else if (/^-?[\d.]+$/.test(arg)) numbers.push(arg);
    else {
      process.errors.write(`seq: invalid floating point argument: '${arg}'\n`);
      if (arg.startsWith('-')) process.shell.host.needs(`seq ${arg}`);
      return 1;
    }
  }
  const [first = '1', step = '1', last = '1'] =
    numbers.length === 1 ? ['1', '1', numbers[0]] : numbers.length === 2 ? [numbers[0], '1', numbers[1]] : numbers;
  const decimals = Math.max(...[first, step].map((text) => text.split('.')[1]?.length ?? 0));
  const by = Number(step);
  if (by === 0) return 1;
  const items: string[] = [];
  for (let i = 0; ; i++) {
    const value = Number(first) + i * by;
    if (by > 0 ? value > Number(last) + 1e-12 : value < Number(last) - 1e-12) break;
    items.push(value.toFixed(decimals));
    process.shell.host.budget.handled(250);
  }
  const width = isPadded ? Math.max(...items.map((item) => item.length)) : 0;
  if (items.length > 0) process.output.write(`${items.map((item) => item.padStart(width, '0')).join(separator)}\n`);
  return 0;
};

export const nl: Program = async (process) => {
  const options = parseOptions(process, 'nl', 'b: w: s:');
  if (!options) return 1;
  const { texts, status } = await readOperands(process, 'nl', options.operands);
  const width = Number(options.value('w') ?? 6);
  let number = 0;
  for (const line of texts.flatMap(({ text }) => linesOf(text))) {
    const isNumbered = line !== '' || options.value('b') === 'a';
    process.output.write(
      isNumbered
        ? `${String(++number).padStart(width)}${options.value('s') ?? '\t'}${line}\n`
        : `${' '.repeat(width + 1)}${line}\n`,
    );
  }
  return status;
};
