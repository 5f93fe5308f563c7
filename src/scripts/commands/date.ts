import { DAY } from '../../core/durations.ts';
import type { Process, Program } from '../shell/shell.ts';
import { DAYS, MONTHS } from './calendar.ts';

/** `date` as GNU and as macOS have it, at the audit's instant. */
export const date: Program = async (process) => {
  const { args, shell } = process;
  // Whoever names an instant does not ask for the time.
  const now = shell.host.clock.standing();
  let isUtc = isUtcZone(shell.get('TZ'));
  let format: string | null = null;
  let instant: number | null = null;
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
      const text = arg.startsWith('--date=') ? arg.slice(7) : /^-d./.test(arg) ? arg.slice(2) : (args[++at] ?? '');
      instant = parseDate(text, now);
      if (instant === null) {
        process.errors.write(`date: invalid date '${text}'\n`);
        if (!isClearlyNoDate(text)) shell.host.needs(`date -d '${text}'`);
        return 1;
      }
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
  if (!isUtc && !isUtcZone(shell.get('TZ') ?? 'UTC')) shell.host.needs(`the time zone ${shell.get('TZ')}`);
  if (parseFormat !== null) {
    instant = parseByFormat(operands.shift() ?? '', parseFormat, now());
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
  const moved = shifted(process, instant ?? now(), shifts);
  process.output.write(`${formatDate(process, moved, format ?? '%a %b %e %H:%M:%S %Z %Y')}\n`);
  return 0;
};

function isUtcZone(zone: string | undefined): boolean {
  return zone === '' || zone === 'UTC' || zone === 'UTC0' || zone === 'GMT' || zone === 'Etc/UTC';
}

/** Words that a date may hold. Text with a word beside these, or a day that the calendar has not, is not a date for any `date`. */
const DATE_WORD =
  /^(?:[a-z]|am|pm|ago|now|today|tomorrow|yesterday|noon|midnight|next|last|this|first|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|utc|gmt|[a-z]{3,4}|(?:sec|second|min|minute|hour|day|week|fortnight|month|year)s?|(?:jan|febr)uary|march|april|june|july|august|(?:sept|nov|dec)ember|october|(?:mon|tues|wednes|thurs|fri|satur|sun)day|dst)$/;

function isClearlyNoDate(text: string): boolean {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  if (/^(?:null|none|n\/a|tbd|true)$/i.test(text.trim())) return true;
  return words.some((word) => !DATE_WORD.test(word)) || /^\d{4}-\d{1,2}-\d{1,2}(?:[T ].*)?$/.test(text.trim());
}

const UNITS: Readonly<Record<string, number>> = {
  sec: 1,
  second: 1,
  min: 60,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  fortnight: 1_209_600,
};
const SHORT_MONTHS = MONTHS.map((name) => name.slice(0, 3).toLowerCase());

/** Milliseconds since the epoch of what `date -d` is given, in UTC; null for what is not a date. */
function parseDate(given: string, now: () => number): number | null {
  let text = given.trim();
  if (text === '') return startOfDay(now());
  const [, epoch] = /^@(-?\d+)(?:\.\d+)?$/.exec(text) ?? [];
  if (epoch !== undefined) return Number(epoch) * 1000;
  let instant: number | null = null;
  const take = (expression: RegExp, use: (found: RegExpExecArray) => boolean) => {
    const found = expression.exec(text);
    if (!found || !use(found)) return;
    text = `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`.trim();
  };
  let zone = 0;
  take(/(\d{4})-(\d{1,2})-(\d{1,2})(?=$|[\sT])/, ([, year, month, day]) => {
    instant = utc(Number(year), Number(month), Number(day));
    return instant !== null;
  });
  take(/(?<=^|\s)(\d{4})(\d{2})(\d{2})(?=$|\s)/, ([, year, month, day]) => {
    instant ??= utc(Number(year), Number(month), Number(day));
    return instant !== null;
  });
  take(/\b([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})\b/, ([, name = '', day, year]) => {
    const month = SHORT_MONTHS.indexOf(name.toLowerCase());
    if (month < 0 || instant !== null) return false;
    instant = utc(Number(year), month + 1, Number(day));
    return instant !== null;
  });
  take(/\b(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})\b/, ([, day, name = '', year]) => {
    const month = SHORT_MONTHS.indexOf(name.toLowerCase());
    if (month < 0 || instant !== null) return false;
    instant = utc(Number(year), month + 1, Number(day));
    return instant !== null;
  });
  take(
    /[T\s]?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[-+]\d{2}:?\d{2}|[-+]\d{2})?(?=$|\s)/i,
    ([, hour, minute, second, offset]) => {
      if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 60) return false;
      zone = offsetOf(offset);
      instant =
        (instant ?? startOfDay(now())) + (Number(hour) * 3600 + Number(minute) * 60 + Number(second ?? 0)) * 1000;
      return true;
    },
  );
  take(/^(?:UTC|GMT|Z)$|(?<=\s)(?:UTC|GMT|Z)$/i, () => true);
  return relative(text, instant === null ? null : instant - zone * 1000, now);
}

function relative(rest: string, base: number | null, now: () => number): number | null {
  let text = rest.toLowerCase();
  let instant = base;
  for (const [word, days] of [
    ['today', 0],
    ['now', 0],
    ['yesterday', -1],
    ['tomorrow', 1],
  ] as const) {
    if (!new RegExp(`(?:^|\\s)${word}(?=$|\\s)`).test(text)) continue;
    instant = (instant ?? now()) + days * DAY;
    text = text.replace(word, '').trim();
  }
  const items =
    /(?:^|\s)([-+]?\s*\d+|last|next|a|an)?\s*(sec|second|min|minute|hour|day|week|fortnight|month|year)s?(\s+ago)?(?=$|[\s\d+-])/;
  for (let found = items.exec(text); found; found = items.exec(text)) {
    const [whole, amount = '1', unit = '', ago] = found;
    const words: Readonly<Record<string, number>> = { last: -1, next: 1, a: 1, an: 1 };
    const count = (words[amount] ?? Number(amount.replace(/\s/g, ''))) * (ago ? -1 : 1);
    instant = moved(instant ?? now(), unit, count);
    text = text.replace(whole, ' ').trim();
  }
  return text === '' ? instant : null;
}

function moved(instant: number, unit: string, count: number): number {
  const seconds = UNITS[unit];
  if (seconds !== undefined) return instant + count * seconds * 1000;
  const date = new Date(instant);
  if (unit === 'month') date.setUTCMonth(date.getUTCMonth() + count);
  else date.setUTCFullYear(date.getUTCFullYear() + count);
  return date.getTime();
}

function startOfDay(instant: number): number {
  return Math.floor(instant / DAY) * DAY;
}

function utc(year: number, month: number, day: number): number | null {
  const instant = Date.UTC(year, month - 1, day);
  const date = new Date(instant);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? instant : null;
}

/** Seconds east of Greenwich. */
function offsetOf(text: string | undefined): number {
  const [, sign, hours = '0', minutes = '0'] = /^([-+])(\d{2}):?(\d{2})?$/.exec(text ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

/** `date -j -f format text`: BSD's strptime. Text that is left over is ignored with a warning; fields that are not given are today's. */
function parseByFormat(text: string, format: string, now: number): number | null {
  const today = new Date(now);
  const fields: Record<string, number> = {
    Y: today.getUTCFullYear(),
    m: today.getUTCMonth() + 1,
    d: today.getUTCDate(),
    H: today.getUTCHours(),
    M: today.getUTCMinutes(),
    S: today.getUTCSeconds(),
    z: 0,
  };
  const expanded = format
    .replace(/%F/g, '%Y-%m-%d')
    .replace(/%T/g, '%H:%M:%S')
    .replace(/%R/g, '%H:%M')
    .replace(/%D/g, '%m/%d/%y');
  let at = 0;
  for (const [token] of expanded.matchAll(/%.|\s+|[\s\S]/g)) {
    const rest = text.slice(at);
    if (/^\s/.test(token)) {
      at += /^\s*/.exec(rest)?.[0].length ?? 0;
      continue;
    }
    if (!token.startsWith('%') || token.length === 1) {
      if (!rest.startsWith(token)) return null;
      at += token.length;
      continue;
    }
    const letter = token[1] ?? '';
    if (letter === 's') {
      const [digits] = /^-?\d+/.exec(rest) ?? [];
      return digits === undefined ? null : Number(digits) * 1000;
    }
    const taken = takeField(letter, rest, fields);
    if (taken < 0) return null;
    at += taken;
  }
  const day = utc(fields.Y ?? 0, fields.m ?? 1, fields.d ?? 1);
  if (day === null) return null;
  return day + ((fields.H ?? 0) * 3600 + (fields.M ?? 0) * 60 + (fields.S ?? 0) - (fields.z ?? 0)) * 1000;
}

/** How many characters a field of `strptime` takes; -1 where it does not match. */
function takeField(letter: string, text: string, fields: Record<string, number>): number {
  const widths: Readonly<Record<string, number>> = { Y: 4, m: 2, d: 2, e: 2, H: 2, M: 2, S: 2, y: 2 };
  const width = widths[letter];
  if (width !== undefined) {
    const [digits] = new RegExp(`^ *\\d{1,${width}}`).exec(text) ?? [];
    if (digits === undefined) return -1;
    const most: Readonly<Record<string, number>> = { m: 12, d: 31, e: 31, H: 23, M: 59, S: 60 };
    if (Number(digits) > (most[letter] ?? 9999)) return -1;
    fields[letter === 'e' ? 'd' : letter === 'y' ? 'Y' : letter] =
      letter === 'y' ? 2000 + Number(digits) : Number(digits);
    return digits.length;
  }
  if (letter === 'Z') return /^[A-Z]+/.exec(text)?.[0].length ?? -1;
  if (letter === 'z') {
    const [whole] = /^(?:Z|[-+]\d{2}:?\d{2})/.exec(text) ?? [];
    if (whole === undefined) return -1;
    fields.z = offsetOf(whole);
    return whole.length;
  }
  if (letter === 'b' || letter === 'B') {
    const [name] = /^[A-Za-z]+/.exec(text) ?? [''];
    const month = SHORT_MONTHS.indexOf(name.slice(0, 3).toLowerCase());
    if (month < 0) return -1;
    fields.m = month + 1;
    return name.length;
  }
  if (letter === 'a' || letter === 'A') return /^[A-Za-z]+/.exec(text)?.[0].length ?? -1;
  return letter === '%' && text.startsWith('%') ? 1 : -1;
}

/** `-v-7d` and its like, of BSD's `date`. */
function shifted(process: Process, instant: number, shifts: readonly string[]): number {
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
    else result = moved(result, units[letter] ?? 'day', (sign === '-' ? -1 : 1) * Number(amount));
  }
  return result;
}

function formatDate(process: Process, instant: number, format: string): string {
  const date = new Date(instant);
  const two = (value: number) => String(value).padStart(2, '0');
  const fields: Readonly<Record<string, () => string>> = {
    Y: () => String(date.getUTCFullYear()),
    C: () => two(Math.floor(date.getUTCFullYear() / 100)),
    y: () => two(date.getUTCFullYear() % 100),
    m: () => two(date.getUTCMonth() + 1),
    d: () => two(date.getUTCDate()),
    e: () => String(date.getUTCDate()).padStart(2),
    H: () => two(date.getUTCHours()),
    I: () => two(date.getUTCHours() % 12 || 12),
    M: () => two(date.getUTCMinutes()),
    S: () => two(date.getUTCSeconds()),
    N: () => '000000000',
    s: () => String(Math.floor(instant / 1000)),
    p: () => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    j: () =>
      String(Math.floor((startOfDay(instant) - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1).padStart(3, '0'),
    u: () => String(date.getUTCDay() || 7),
    w: () => String(date.getUTCDay()),
    a: () => (DAYS[date.getUTCDay()] ?? '').slice(0, 3),
    A: () => DAYS[date.getUTCDay()] ?? '',
    b: () => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
    h: () => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
    B: () => MONTHS[date.getUTCMonth()] ?? '',
    z: () => '+0000',
    Z: () => 'UTC',
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  const wide = format
    .replace(/%F/g, '%Y-%m-%d')
    .replace(/%T/g, '%H:%M:%S')
    .replace(/%R/g, '%H:%M')
    .replace(/%D/g, '%m/%d/%y')
    .replace(/%:z/g, '+00:00')
    .replace(/%c/g, '%a %b %e %H:%M:%S %Y');
  return wide.replace(/%([-_0]?)(\d?)([\s\S])/g, (whole, flag: string, width: string, letter: string) => {
    const field = fields[letter]?.();
    if (field === undefined || (letter === 'N' && width !== '')) {
      if (letter === 'N' && width !== '') return '0'.repeat(Number(width));
      process.shell.host.needs(`date ${whole}`);
      return whole;
    }
    if (flag === '-') return field.replace(/^[0 ]+(?=.)/, '');
    return flag === '_' ? field.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length)) : field;
  });
}
