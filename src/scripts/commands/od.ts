import { bytesOf } from '../files/bytes.ts';
import type { Program } from '../shell/shell.ts';
import { readOperands } from './inputs.ts';
import { parseOptions } from './options.ts';

const PER_LINE = 16;
const NAMED: ReadonlyMap<number, string> = new Map(
  [...'\0\x07\b\t\n\v\f\r'].map((char, index) => [char.charCodeAt(0), `\\${'0abtnvfr'[index]}`]),
);

const TYPES: Readonly<Record<string, (byte: number) => string>> = {
  x1: (byte) => ` ${byte.toString(16).padStart(2, '0')}`,
  o1: (byte) => ` ${byte.toString(8).padStart(3, '0')}`,
  u1: (byte) => String(byte).padStart(4),
  d1: (byte) => String(byte > 127 ? byte - 256 : byte).padStart(5),
  c: (byte) => character(byte).padStart(4),
};

const ADDRESSES: Readonly<Record<string, (at: number) => string>> = {
  n: () => '',
  o: (at) => at.toString(8).padStart(7, '0'),
  d: (at) => String(at).padStart(7, '0'),
  x: (at) => at.toString(16).padStart(6, '0'),
};

/** Prints bytes in one of the forms that are a byte wide. */
export const od: Program = async (process) => {
  const options = parseOptions(
    process,
    'od',
    'A: t: N: j: v c b address-radix:=A format:=t read-bytes:=N skip-bytes:=j output-duplicates=v',
  );
  if (!options) return 1;
  const types = [...options.values('t'), ...(options.has('c') ? ['c'] : []), ...(options.has('b') ? ['o1'] : [])].map(
    (type) => (type === 'xC' || type === 'x1' ? 'x1' : type),
  );
  const [type = 'o2'] = types;
  const shown = TYPES[type];
  const address = ADDRESSES[options.value('A') ?? 'o'];
  const [skipped, most] = [options.value('j') ?? '0', options.value('N') ?? 'all'];
  if (!shown || !address || types.length > 1 || !/^\d+$/.test(skipped) || !/^(?:\d+|all)$/.test(most)) {
    process.shell.host.needs(`od ${process.args.join(' ')}`);
    return 1;
  }
  const { texts, status } = await readOperands(process, 'od', options.operands);
  const start = Number(skipped);
  const all = bytesOf(texts.map(({ text }) => text).join(''));
  if (start > all.length) {
    process.errors.write('od: cannot skip past end of combined input\n');
    return 1;
  }
  const bytes = all.slice(start, most === 'all' ? undefined : start + Number(most));
  let before: string | null = null;
  let isStarred = false;
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const line = [...bytes.slice(at, at + PER_LINE)].map(shown).join('');
    const isRepeated = line === before && at + PER_LINE <= bytes.length && !options.has('v');
    if (!isRepeated) process.output.write(`${address(start + at)}${line}\n`);
    else if (!isStarred) process.output.write('*\n');
    isStarred = isRepeated;
    before = line;
  }
  if (options.value('A') !== 'n') process.output.write(`${address(start + bytes.length)}\n`);
  return status;
};

function character(byte: number): string {
  if (byte > 31 && byte < 127) return String.fromCharCode(byte);
  return NAMED.get(byte) ?? byte.toString(8).padStart(3, '0');
}
