import { DAY } from '../../../core/durations.ts';
import { DAYS, MONTHS } from '../calendar.ts';
import { isArray, JqError, type Json } from './value.ts';

/** Seconds since the epoch as jq's broken-down time: year, month from 0, day, hours, minutes, seconds, weekday, day of the year. */
export function breakDown(seconds: number): Json {
  const date = new Date(Math.floor(seconds) * 1000);
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  return [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds() + (seconds - Math.floor(seconds)),
    date.getUTCDay(),
    Math.floor((date.getTime() - start) / DAY),
  ];
}

export function makeTime(value: Json): Json {
  if (!isArray(value) || value.length < 6 || value.some((item) => typeof item !== 'number'))
    throw new JqError('mktime requires array of 6 numbers');
  const [year = 0, month = 0, day = 1, hours = 0, minutes = 0, seconds = 0] = value.map(Number);
  return Date.UTC(year, month, day, hours, minutes, Math.floor(seconds)) / 1000;
}

export function formatTime(value: Json, format: string): Json {
  const seconds = Number(makeTime(value));
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, second = 0, weekday = 0, yearDay = 0] = (
    breakDown(seconds) as readonly number[]
  ).map(Number);
  const two = (number: number) => String(number).padStart(2, '0');
  const fields: Readonly<Record<string, string>> = {
    Y: String(year),
    m: two(month + 1),
    d: two(day),
    e: String(day).padStart(2),
    H: two(hours),
    M: two(minutes),
    S: two(second),
    Z: 'UTC',
    z: '+0000',
    s: String(seconds),
    j: String(yearDay + 1).padStart(3, '0'),
    a: (DAYS[weekday] ?? '').slice(0, 3),
    A: DAYS[weekday] ?? '',
    b: (MONTHS[month] ?? '').slice(0, 3),
    B: MONTHS[month] ?? '',
    F: `${year}-${two(month + 1)}-${two(day)}`,
    T: `${two(hours)}:${two(minutes)}:${two(second)}`,
    u: String(weekday || 7),
    '%': '%',
  };
  return format.replace(/%([\s\S])/g, (whole, letter: string) => {
    const field = fields[letter];
    if (field === undefined) throw new JqError(`strftime/1: unknown format ${whole}`);
    return field;
  });
}

export function parseTime(text: string, format: string): Json {
  const widths: Readonly<Record<string, string>> = {
    Y: '(\\d{4})',
    m: '(\\d{1,2})',
    d: '(\\d{1,2})',
    H: '(\\d{1,2})',
    M: '(\\d{1,2})',
    S: '(\\d{1,2})',
    Z: '([A-Z]+)',
    z: '(Z|[-+]\\d{2}:?\\d{2})',
    b: '([A-Za-z]{3,9})',
    j: '(\\d{1,3})',
  };
  const letters: string[] = [];
  const expanded = format.replace(/%F/g, '%Y-%m-%d').replace(/%T/g, '%H:%M:%S');
  const source = expanded.replace(/%([\s\S])|[\\^$.*+?()[\]{}|]/g, (token, letter: string | undefined) => {
    if (letter === undefined) return `\\${token}`;
    const width = widths[letter];
    if (width === undefined) throw new JqError(`strptime/1: unknown format ${token}`);
    letters.push(letter);
    return width;
  });
  const found = new RegExp(`^${source}$`).exec(text);
  if (!found) throw new JqError(`date "${text}" does not match format "${format}"`);
  const field = (letter: string, otherwise: number) => {
    const given = found[letters.indexOf(letter) + 1];
    return letters.includes(letter) && given !== undefined ? Number(given) : otherwise;
  };
  const name = letters.includes('b') ? (found[letters.indexOf('b') + 1] ?? '') : '';
  const month =
    name === ''
      ? field('m', 1) - 1
      : MONTHS.findIndex((each) => each.toLowerCase().startsWith(name.slice(0, 3).toLowerCase()));
  const [hours, minutes, seconds] = [field('H', 0), field('M', 0), field('S', 0)];
  if (month < 0 || month > 11 || hours > 23 || minutes > 59 || seconds > 61 || field('d', 1) > 31 || field('d', 1) < 1)
    throw new JqError(`date "${text}" does not match format "${format}"`);
  return breakDown(Date.UTC(field('Y', 1900), month, field('d', 1), hours, minutes, seconds) / 1000);
}
