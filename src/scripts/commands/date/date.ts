import type { Process, Program } from '../../shell/shell.ts';
import { UTC } from '../../zone.ts';
import { parseByFormat } from './by-format.ts';
import { isClearlyNoDate, parseDate } from './described.ts';
import { type Local, moved } from './local-calendar.ts';
import { printDate } from './print.ts';

/** `date` as GNU and as macOS have it, at the audit's instant. */
export const date: Program = async (process) => {
  const { args, shell } = process;
  // Whoever names an instant does not ask for the time.
  const now = shell.host.clock.standing();
  let isUtc = false;
  const local = () => (isUtc ? UTC : shell.localZone());
  let format: string | null = null;
  let instant: number | null = null;
  let described: string | null = null;
  let parseFormat: string | null = null;
  let isBsd = false;
  const shifts: string[] = [];
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--version') {
      process.output.write('date (GNU coreutils) 9.1\n');
      return 0;
    }
    if (arg === '-u' || arg === '--utc' || arg === '--universal') isUtc = true;
    else if (arg === '-j' || arg === '-ju' || arg === '-uj') {
      isBsd = true;
      isUtc ||= arg.includes('u');
    } else if (arg === '-jf' || arg === '-juf' || arg === '-ujf' || (arg === '-f' && isBsd)) {
      isBsd = true;
      isUtc ||= arg.includes('u');
      parseFormat = args[++at] ?? '';
    } else if (/^-v/.test(arg)) shifts.push(arg.length > 2 ? arg.slice(2) : (args[++at] ?? ''));
    else if (arg === '-r') {
      const given = args[++at] ?? '';
      if (!/^\d+$/.test(given)) {
        shell.host.needs('modification times');
        return 1;
      }
      instant = Number(given) * 1000;
    } else if (arg === '-d' || arg === '--date' || arg.startsWith('--date=') || /^-u?d/.test(arg)) {
      isUtc ||= /^-u/.test(arg);
      described = arg.startsWith('--date=') ? arg.slice(7) : /^-d./.test(arg) ? arg.slice(2) : (args[++at] ?? '');
    } else if (/^-I/.test(arg) || arg.startsWith('--iso-8601')) {
      const unit = arg.replace(/^-I|^--iso-8601=?/, '');
      format = unit === 'seconds' || unit === 's' ? '%Y-%m-%dT%H:%M:%S%:z' : '%Y-%m-%d';
    } else if (arg === '-R') format = '%a, %d %b %Y %H:%M:%S %z';
    else if (arg.startsWith('+')) format = arg.slice(1);
    else if (arg.startsWith('-')) {
      process.errors.write(`date: invalid option ${arg}\n`);
      shell.host.needs(`date ${arg}`);
      return 1;
    } else operands.push(arg);
  }
  if (described !== null) {
    instant = parseDate(described, now, local);
    if (instant === null) {
      process.errors.write(`date: invalid date '${described}'\n`);
      if (!isClearlyNoDate(described)) shell.host.needs(`date -d '${described}'`);
      return 1;
    }
  }
  if (parseFormat !== null) {
    instant = parseByFormat(operands.shift() ?? '', parseFormat, now(), local);
    if (instant === null) {
      process.errors.write('date: Failed conversion\n');
      return 1;
    }
  }
  const [stray] = operands;
  if (stray !== undefined) {
    process.errors.write(`date: invalid date '${stray}'\n`);
    return 1;
  }
  const told = shifted(process, instant ?? now(), shifts, local);
  process.output.write(`${printDate(told, format ?? '%a %b %e %H:%M:%S %Z %Y', local, shell.host.needs)}\n`);
  return 0;
};

/** `-v-7d` and its like, of BSD's `date`. */
function shifted(process: Process, instant: number, shifts: readonly string[], local: Local): number {
  let result = instant;
  const units: Readonly<Record<string, string>> = {
    y: 'year',
    m: 'month',
    w: 'week',
    d: 'day',
    H: 'hour',
    M: 'minute',
    S: 'second',
  };
  for (const shift of shifts) {
    const [, sign, amount, letter = ''] = /^([-+])(\d+)([ymwdHMS])$/.exec(shift) ?? [];
    if (sign === undefined) process.shell.host.needs(`date -v${shift}`);
    else result = moved(result, units[letter] ?? 'day', (sign === '-' ? -1 : 1) * Number(amount), local);
  }
  return result;
}
