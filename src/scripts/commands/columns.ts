import { bytesOf, textOf } from '../files/bytes.ts';
import { collationOf } from '../shell/collation.ts';
import type { Program } from '../shell/shell.ts';
import { linesOf, readOperands } from './inputs.ts';
import { parseOptions } from './options.ts';

/** `1,3-5,7-`: whether a 1-based place is in it. */
function placesIn(list: string): ((place: number) => boolean) | null {
  const ranges = list.split(/[, ]+/).map((item) => /^(\d*)(-?)(\d*)$/.exec(item));
  if (ranges.some((range) => !range || range[0] === '' || range[0] === '-' || isBackwards(range))) return null;
  return (at) =>
    ranges.some((range) => {
      const [, from = '', dash = '', to = ''] = range ?? [];
      const first = from === '' ? 1 : Number(from);
      if (dash === '') return at === first;
      return at >= first && (to === '' || at <= Number(to));
    });
}

/** Places are counted from 1, and a range goes forward. */
function isBackwards([, from = '', dash, to = '']: RegExpExecArray): boolean {
  if (from !== '' && Number(from) === 0) return true;
  return dash !== '' && to !== '' && Number(to) < Number(from === '' ? '1' : from);
}

export const cut: Program = async (process) => {
  const options = parseOptions(
    process,
    'cut',
    'd: f: c: b: s n delimiter:=d fields:=f characters:=c bytes:=b only-delimited=s output-delimiter:=o complement=x',
  );
  if (!options) return 1;
  const list = options.value('f') ?? options.value('c') ?? options.value('b');
  const includes = list === undefined ? null : placesIn(list);
  if (!includes) {
    process.errors.write('cut: you must specify a list of bytes, characters, or fields\n');
    return 1;
  }
  const { texts, status } = await readOperands(process, 'cut', options.operands);
  const isWanted = (at: number) => includes(at) !== options.has('x');
  const delimiter = options.value('d') ?? '\t';
  if (options.has('f') && [...delimiter].length > 1) {
    process.errors.write('cut: the delimiter must be a single character\n');
    return 1;
  }
  const joint = options.value('o') ?? delimiter;
  if (options.has('o') && !options.has('f')) process.shell.host.needs('cut --output-delimiter with -c');
  for (const line of texts.flatMap(({ text }) => linesOf(text))) {
    if (!options.has('f')) {
      // GNU cut counts bytes for -c, too.
      const bytes = bytesOf(line).filter((_, index) => isWanted(index + 1));
      process.output.write(`${textOf(bytes)}\n`);
    } else if (line.includes(delimiter)) {
      process.output.write(
        `${line
          .split(delimiter)
          .filter((_, index) => isWanted(index + 1))
          .join(joint)}\n`,
      );
    } else if (!options.has('s')) process.output.write(`${line}\n`);
  }
  return status;
};

export const paste: Program = async (process) => {
  const options = parseOptions(process, 'paste', 's d: serial=s delimiters:=d');
  if (!options) return 1;
  const { texts, status } = await readOperands(process, 'paste', options.operands);
  const delimiters = [...(options.value('d') ?? '\t').replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\0/g, '')];
  const joinAll = (parts: readonly string[]) =>
    parts
      .map((part, index) =>
        index === 0 ? part : `${delimiters[(index - 1) % Math.max(1, delimiters.length)] ?? ''}${part}`,
      )
      .join('');
  const columns = texts.map(({ text }) => linesOf(text));
  if (options.has('s')) for (const lines of columns) process.output.write(`${joinAll(lines)}\n`);
  else {
    // `paste - -` deals the input's lines out.
    const inputs = options.operands.filter((name) => name === '-').length;
    if (inputs > 1) {
      const lines = columns[options.operands.indexOf('-')] ?? [];
      let next = 0;
      for (const [index, name] of options.operands.entries()) {
        if (name !== '-') continue;
        const offset = next++;
        columns[index] = lines.filter((_, at) => at % inputs === offset);
      }
    }
    const rows = Math.max(0, ...columns.map((lines) => lines.length));
    for (let row = 0; row < rows; row++) process.output.write(`${joinAll(columns.map((lines) => lines[row] ?? ''))}\n`);
  }
  return status;
};

export const fold: Program = async (process) => {
  const options = parseOptions(process, 'fold', 'w: s b width:=w spaces=s bytes=b');
  if (!options) return 1;
  const width = Number(options.value('w') ?? 80);
  if (!(width >= 1)) {
    process.errors.write(`fold: invalid number of columns: '${options.value('w')}'\n`);
    return 1;
  }
  const { texts, status } = await readOperands(process, 'fold', options.operands);
  for (const { text } of texts) {
    // A tab or another character that is not one column wide moves the break.
    if (/[^\x20-\x7e\n]/.test(text)) process.shell.host.needs('fold of text that is not plain');
    const lines = linesOf(text).map((line) => folded(line, width, options.has('s')).join('\n'));
    process.output.write(lines.join('\n') + (text.endsWith('\n') ? '\n' : ''));
  }
  return status;
};

function folded(line: string, width: number, atSpaces: boolean): readonly string[] {
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = atSpaces ? rest.lastIndexOf(' ', width - 1) : -1;
    const length = space < 0 ? width : space + 1;
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return [...pieces, rest];
}

export const comm: Program = async (process) => {
  const options = parseOptions(process, 'comm', '1 2 3 nocheck-order=o check-order');
  if (!options) return 1;
  const { texts, status } = await readOperands(process, 'comm', options.operands);
  if (texts.length !== 2) return 1;
  const [left = [], right = []] = texts.map(({ text }) => linesOf(text));
  const compare = collationOf(process.shell);
  let isUnpaired = false;
  const before = (column: number) =>
    '\t'.repeat([1, 2].filter((each) => each < column && !options.has(String(each))).length);
  const show = (column: 1 | 2 | 3, line: string) => {
    if (column < 3) isUnpaired = true;
    if (!options.has(String(column))) process.output.write(`${before(column)}${line}\n`);
  };
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const a = left[i];
    const b = right[j];
    if (b === undefined || (a !== undefined && compare(a, b) < 0)) {
      show(1, a ?? '');
      i++;
    } else if (a === undefined || compare(b, a) < 0) {
      show(2, b);
      j++;
    } else {
      show(3, a);
      i++;
      j++;
    }
  }
  const isUnsorted = (lines: readonly string[]) =>
    lines.some((line, index) => index > 0 && compare(lines[index - 1] ?? '', line) > 0);
  const isChecked = options.has('check-order') || (isUnpaired && !options.has('o'));
  if (!isChecked || !(isUnsorted(left) || isUnsorted(right))) return status;
  process.errors.write('comm: input is not in sorted order\n');
  return 1;
};
