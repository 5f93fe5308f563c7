import { DAY, HOUR, MINUTE } from '../../core/durations.ts';
import type { Process, Program } from '../shell/shell.ts';
import { instantOf, localTimeAt, offsetInWords, shownAt, UTC, type Zone } from '../zone.ts';
import { DAYS, MONTHS } from './calendar.ts';

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
  const moved = shifted(process, instant ?? now(), shifts, local);
  process.output.write(`${formatDate(process, moved, format ?? '%a %b %e %H:%M:%S %Z %Y', local)}\n`);
  return 0;
};

/** The local zone, for who asks for it. */
type Local = () => Zone;

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

/** Milliseconds since the epoch of what `date -d` is given; null for what is not a date. */
function parseDate(given: string, now: () => number, local: Local): number | null {
  let text = given.trim();
  const today = () => startOfDay(shownAt(local(), now()));
  if (text === '') return instantOf(local(), today());
  const [, epoch] = /^@(-?\d+)(?:\.\d+)?$/.exec(text) ?? [];
  if (epoch !== undefined) return Number(epoch) * 1000;
  let instant: number | null = null;
  const take = (expression: RegExp, use: (found: RegExpExecArray) => boolean) => {
    const found = expression.exec(text);
    if (!found || !use(found)) return;
    text = `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`.trim();
  };
  let zone: Zone | null = null;
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
      if (offset !== undefined) zone = fixed(offset);
      instant = (instant ?? today()) + (Number(hour) * 3600 + Number(minute) * 60 + Number(second ?? 0)) * 1000;
      return true;
    },
  );
  take(/^(?:UTC|GMT|Z)$|(?<=\s)(?:UTC|GMT|Z)$/i, () => {
    zone ??= UTC;
    return true;
  });
  const within = () => zone ?? local();
  return relative(text, instant === null ? null : instantOf(within(), instant), now, within);
}

function relative(rest: string, base: number | null, now: () => number, local: Local): number | null {
  let text = rest.toLowerCase();
  let instant = base;
  for (const [word, days] of [
    ['today', 0],
    ['now', 0],
    ['yesterday', -1],
    ['tomorrow', 1],
  ] as const) {
    if (!new RegExp(`(?:^|\\s)${word}(?=$|\\s)`).test(text)) continue;
    instant = moved(instant ?? now(), 'day', days, local);
    text = text.replace(word, '').trim();
  }
  const items =
    /(?:^|\s)([-+]?\s*\d+|last|next|a|an)?\s*(sec|second|min|minute|hour|day|week|fortnight|month|year)s?(\s+ago)?(?=$|[\s\d+-])/;
  for (let found = items.exec(text); found; found = items.exec(text)) {
    const [whole, amount = '1', unit = '', ago] = found;
    const words: Readonly<Record<string, number>> = { last: -1, next: 1, a: 1, an: 1 };
    const count = (words[amount] ?? Number(amount.replace(/\s/g, ''))) * (ago ? -1 : 1);
    instant = moved(instant ?? now(), unit, count, local);
    text = text.replace(whole, ' ').trim();
  }
  return text === '' ? instant : null;
}

/** An instant so many units later: days and more are those of the local calendar. */
function moved(instant: number, unit: string, count: number, local: Local): number {
  if (count === 0) return instant;
  const seconds = UNITS[unit];
  if (seconds !== undefined && seconds * 1000 < DAY) return instant + count * seconds * 1000;
  const zone = local();
  const date = new Date(shownAt(zone, instant));
  if (seconds !== undefined) date.setTime(date.getTime() + count * seconds * 1000);
  else if (unit === 'month') date.setUTCMonth(date.getUTCMonth() + count);
  else date.setUTCFullYear(date.getUTCFullYear() + count);
  return instantOf(zone, date.getTime());
}

function startOfDay(instant: number): number {
  return Math.floor(instant / DAY) * DAY;
}

function utc(year: number, month: number, day: number): number | null {
  const instant = Date.UTC(year, month - 1, day);
  const date = new Date(instant);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? instant : null;
}

/** The zone that an offset names, or `Z` and its like. */
function fixed(text: string): Zone {
  const [, sign, hours = '0', minutes = '0'] = /^([-+])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
  return { ...UTC, offset: (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE) };
}

/** `date -j -f format text`: BSD's strptime. Text that is left over is ignored with a warning; fields that are not given are today's. */
function parseByFormat(text: string, format: string, now: number, local: Local): number | null {
  const fields: Fields = { zone: null };
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
  const zone = fields.zone ?? local();
  const today = new Date(shownAt(zone, now));
  const { Y = today.getUTCFullYear(), m = today.getUTCMonth() + 1, d = today.getUTCDate() } = fields;
  const { H = today.getUTCHours(), M = today.getUTCMinutes(), S = today.getUTCSeconds() } = fields;
  const day = utc(Y, m, d);
  return day === null ? null : instantOf(zone, day + (H * 3600 + M * 60 + S) * 1000);
}

/** What `strptime` has read. */
interface Fields {
  zone: Zone | null;
  Y?: number;
  m?: number;
  d?: number;
  H?: number;
  M?: number;
  S?: number;
}

const FIELD_OF = { Y: 'Y', y: 'Y', m: 'm', d: 'd', e: 'd', H: 'H', M: 'M', S: 'S' } as const;

function isNumeric(letter: string): letter is keyof typeof FIELD_OF {
  return letter in FIELD_OF;
}

/** How many characters a field of `strptime` takes; -1 where it does not match. */
function takeField(letter: string, text: string, fields: Fields): number {
  if (isNumeric(letter)) {
    const [digits] = new RegExp(`^ *\\d{1,${letter === 'Y' ? 4 : 2}}`).exec(text) ?? [];
    if (digits === undefined) return -1;
    const most: Readonly<Record<string, number>> = { m: 12, d: 31, e: 31, H: 23, M: 59, S: 60 };
    if (Number(digits) > (most[letter] ?? 9999)) return -1;
    fields[FIELD_OF[letter]] = letter === 'y' ? 2000 + Number(digits) : Number(digits);
    return digits.length;
  }
  if (letter === 'Z') {
    const [name] = /^[A-Z]+/.exec(text) ?? [];
    if (name === 'UTC' || name === 'GMT') fields.zone = UTC;
    return name?.length ?? -1;
  }
  if (letter === 'z') {
    const [whole] = /^(?:Z|[-+]\d{2}:?\d{2})/.exec(text) ?? [];
    if (whole === undefined) return -1;
    fields.zone = fixed(whole);
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

function formatDate(process: Process, instant: number, format: string, local: Local): string {
  const isTold = /%[-_0]?\d?[^-_0-9sNnt%]/.test(format.replaceAll('%%', ''));
  const zone = isTold ? local() : UTC;
  const { name, offset } = localTimeAt(zone, instant);
  const shown = instant + offset;
  const date = new Date(shown);
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
    j: () => String(Math.floor((startOfDay(shown) - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1).padStart(3, '0'),
    u: () => String(date.getUTCDay() || 7),
    w: () => String(date.getUTCDay()),
    a: () => (DAYS[date.getUTCDay()] ?? '').slice(0, 3),
    A: () => DAYS[date.getUTCDay()] ?? '',
    b: () => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
    h: () => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
    B: () => MONTHS[date.getUTCMonth()] ?? '',
    z: () => offsetInWords(offset),
    Z: () => name,
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  const wide = format
    .replace(/%F/g, '%Y-%m-%d')
    .replace(/%T/g, '%H:%M:%S')
    .replace(/%R/g, '%H:%M')
    .replace(/%D/g, '%m/%d/%y')
    .replace(/%:z/g, offsetInWords(offset, ':'))
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
