import { instantOf, shownAt, UTC, type Zone } from '../../zone.ts';
import { fixed, type Local, SHORT_MONTHS, utc } from './local-calendar.ts';

/** `date -j -f format text`: BSD's strptime. Text that is left over is ignored with a warning; fields that are not given are today's. */
export function parseByFormat(text: string, format: string, now: number, local: Local): number | null {
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
