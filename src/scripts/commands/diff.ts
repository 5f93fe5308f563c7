import type { Program } from '../shell/shell.ts';
import { nowhere } from '../shell/streams.ts';
import { linesOf, place, readOperands } from './inputs.ts';
import { parseOptions } from './options.ts';

export const diff: Program = async (process) => {
  const options = parseOptions(process, 'diff', 'q u r b w B N a brief=q unified=u recursive=r');
  if (!options) return 2;
  const stats = options.operands.map((operand) => process.shell.host.files.stat(place(process, operand)));
  if ((await Promise.all(stats)).some((stat) => stat?.kind === 'folder')) process.shell.host.needs('diff of folders');
  if (options.has('N')) process.shell.host.needs('diff -N');
  const { texts, status } = await readOperands(process, 'diff', options.operands);
  if (status !== 0 || texts.length !== 2) return 2;
  const compared = (line: string) => {
    if (options.has('w')) return line.replace(/\s/g, '');
    return options.has('b') ? line.replace(/\s+/g, ' ').trimEnd() : line;
  };
  const clean = (text: string) => {
    const lines = linesOf(text).map(compared);
    const kept = options.has('B') ? lines.filter((line) => line.trim() !== '') : lines;
    return kept.join('\n') + (text.endsWith('\n') ? '\n' : '');
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
