import { byteLength } from '../files/bytes.ts';
import { type Collation, collationOf } from '../shell/collation.ts';
import type { Program } from '../shell/shell.ts';
import { linesOf, place, readOperands } from './inputs.ts';
import { parseOptions } from './options.ts';

interface Key {
  readonly fromField: number;
  readonly fromChar: number;
  readonly toField: number | null;
  readonly toChar: number;
  readonly flags: string;
}

export const sort: Program = async (process) => {
  const options = parseOptions(
    process,
    'sort',
    'b d f g h i M n r u V s z c C k: t: o: S: T: unique=u numeric-sort=n reverse=r version-sort=V stable=s key:=k field-separator:=t ignore-case=f human-numeric-sort=h output:=o zero-terminated=z check=c',
  );
  if (!options) return 2;
  if (options.has('M') || options.has('i')) process.shell.host.needs('sort -M or -i');
  const kinds = ['n', 'g', 'h', 'M', 'V'].filter((name) => options.has(name)).join('');
  if (kinds.length > 1) {
    process.errors.write(`sort: options '-${kinds}' are incompatible\n`);
    return 2;
  }
  const separator = options.value('t');
  if (separator !== undefined && separator !== '\\0' && byteLength(separator) !== 1) {
    process.errors.write(separator === '' ? 'sort: empty tab\n' : `sort: multi-character tab '${separator}'\n`);
    return 2;
  }
  const { texts, status } = await readOperands(process, 'sort', options.operands);
  if (status !== 0) return 2;
  const delimiter = options.has('z') ? '\0' : '\n';
  const lines = texts.flatMap(({ text }) => linesOf(text, delimiter));
  const global = ['b', 'd', 'f', 'g', 'h', 'n', 'r', 'V'].filter((name) => options.has(name)).join('');
  const keys = options.values('k').map((text) => keyOf(text, global));
  if (keys.includes(null)) {
    process.errors.write('sort: invalid key\n');
    return 2;
  }
  const countsBytes = keys.some((key) => key && (key.fromChar !== 1 || key.toChar !== 0));
  if (countsBytes && lines.some((line) => byteLength(line) !== line.length)) {
    process.shell.host.needs('sort -k that counts characters beyond ASCII');
  }
  const collate = collationOf(process.shell);
  const compareKeys = comparison(
    keys.filter((key) => key !== null),
    separator === '\\0' ? '\0' : separator,
    global,
    collate,
  );
  const compare = (one: string, other: string) => {
    const order = compareKeys(one, other);
    if (order !== 0 || options.has('s') || options.has('u')) return order;
    return global.includes('r') ? collate(other, one) : collate(one, other);
  };
  if (options.has('c') || options.has('C')) {
    const isSorted = lines.every(
      (line, index) => index === 0 || compare(lines[index - 1] ?? '', line) <= (options.has('u') ? -1 : 0),
    );
    if (isSorted) return 0;
    const at = lines.findIndex(
      (line, index) => index > 0 && compare(lines[index - 1] ?? '', line) > (options.has('u') ? -1 : 0),
    );
    if (options.has('c'))
      process.errors.write(`sort: ${options.operands[0] ?? '-'}:${at + 1}: disorder: ${lines[at]}\n`);
    return 1;
  }
  lines.sort(compare);
  const kept = options.has('u')
    ? lines.filter((line, index) => index === 0 || compareKeys(lines[index - 1] ?? '', line) !== 0)
    : lines;
  const text = kept.map((line) => line + delimiter).join('');
  const target = options.value('o');
  if (target === undefined) {
    process.output.write(text);
    return 0;
  }
  const file = await process.shell.host.files.open(place(process, target), false);
  if ('fault' in file) return 2;
  file.write(text);
  return 0;
};

function keyOf(text: string, global: string): Key | null {
  const [, fromField, fromChar, first = '', toField, toChar, last = ''] =
    /^(\d+)(?:\.(\d+))?([bdfghinrMRV]*)(?:,(\d+)(?:\.(\d+))?([bdfghinrMRV]*))?$/.exec(text) ?? [];
  if (fromField === undefined) return null;
  const own = first + last;
  return {
    fromField: Number(fromField),
    fromChar: Number(fromChar ?? 1),
    toField: toField === undefined ? null : Number(toField),
    toChar: Number(toChar ?? 0),
    flags: own === '' ? global : own,
  };
}

function comparison(
  keys: readonly Key[],
  separator: string | undefined,
  global: string,
  collate: Collation,
): (one: string, other: string) => number {
  if (keys.length === 0) {
    const compare = byFlags(global, collate);
    const sign = global.includes('r') ? -1 : 1;
    return (one, other) => sign * compare(one, other);
  }
  const compared = keys.map((key) => ({
    key,
    compare: byFlags(key.flags, collate),
    sign: key.flags.includes('r') ? -1 : 1,
  }));
  return (one, other) => {
    for (const { key, compare, sign } of compared) {
      const order = sign * compare(extract(one, key, separator), extract(other, key, separator));
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** Without a separator a field begins with the blanks before it. */
function extract(line: string, key: Key, separator: string | undefined): string {
  const fields =
    separator === undefined
      ? (line.match(/[ \t]*[^ \t]*/g) ?? []).filter((field) => field !== '')
      : line.split(separator);
  const joint = separator ?? '';
  const starts: number[] = [];
  let at = 0;
  for (const field of fields) {
    starts.push(at);
    at += field.length + joint.length;
  }
  const startOf = (field: number) => starts[field - 1] ?? line.length;
  const skip = (from: number) =>
    key.flags.includes('b') ? from + (/^[ \t]*/.exec(line.slice(from))?.[0].length ?? 0) : from;
  const start = skip(startOf(key.fromField)) + key.fromChar - 1;
  if (key.toField === null) return line.slice(start);
  const endField = fields[key.toField - 1];
  if (endField === undefined) return line.slice(start);
  const end = key.toChar === 0 ? startOf(key.toField) + endField.length : skip(startOf(key.toField)) + key.toChar;
  return line.slice(start, end);
}

function byFlags(flags: string, collate: Collation): (one: string, other: string) => number {
  const prepare = (text: string) => {
    let kept = text;
    if (flags.includes('b')) kept = kept.replace(/^[ \t]+/, '');
    if (flags.includes('d')) kept = kept.replace(/[^A-Za-z0-9 \t]/g, '');
    return flags.includes('f') ? kept.toUpperCase() : kept;
  };
  if (flags.includes('n')) return (one, other) => numberIn(one) - numberIn(other);
  if (flags.includes('g')) return compareGeneral;
  if (flags.includes('h')) return (one, other) => humanNumber(one) - humanNumber(other);
  if (flags.includes('V')) return (one, other) => compareVersions(prepare(one), prepare(other));
  return (one, other) => collate(prepare(one), prepare(other));
}

function numberIn(text: string): number {
  return Number(/^\s*(-?\d*\.?\d+)/.exec(text)?.[1] ?? 0);
}

/** What is no number comes first, then NaN. */
function compareGeneral(one: string, other: string): number {
  const [left, right] = [generalNumber(one), generalNumber(other)];
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(!Number.isNaN(left)) - Number(!Number.isNaN(right));
  return left === right ? 0 : left - right;
}

const GENERAL = /^\s*([-+]?)(0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|inf|nan)/i;

function generalNumber(text: string): number | null {
  const [, sign, digits = ''] = GENERAL.exec(text) ?? [];
  if (digits === '') return null;
  const size = /^inf/i.test(digits) ? Number.POSITIVE_INFINITY : Number(digits);
  return sign === '-' ? -size : size;
}

function humanNumber(text: string): number {
  const [, digits = '0', unit = ''] = /^\s*(-?\d*\.?\d+)([KkMGTPE]?)/.exec(text) ?? [];
  return Number(digits) * 1024 ** ['', 'K', 'M', 'G', 'T', 'P', 'E'].indexOf(unit.toUpperCase());
}

/** Digits by their value, everything else character by character; `~` before all, letters before other signs. */
function compareVersions(one: string, other: string): number {
  const split = (text: string) => text.match(/\d+|\D+/g) ?? [];
  const left = split(one);
  const right = split(other);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const a = left[i] ?? '';
    const b = right[i] ?? '';
    if (/^\d/.test(a) && /^\d/.test(b)) {
      if (Number(a) !== Number(b)) return Number(a) - Number(b);
      continue;
    }
    const order = compareSigns(a, b);
    if (order !== 0) return order;
  }
  return 0;
}

function compareSigns(one: string, other: string): number {
  const rank = (char: string | undefined) => {
    if (char === undefined || /\d/.test(char)) return 0;
    if (char === '~') return -1;
    const code = char.codePointAt(0) ?? 0;
    return /[A-Za-z]/.test(char) ? code : code + 256;
  };
  const left = [...one];
  const right = [...other];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = rank(left[i]) - rank(right[i]);
    if (order !== 0) return order;
  }
  return 0;
}
