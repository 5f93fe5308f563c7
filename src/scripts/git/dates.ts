import { MINUTE } from '../../core/durations.ts';
import type { Signature } from '../../core/snapshot.ts';
import { DAYS, MONTHS } from '../commands/calendar.ts';
import { instantOf, offsetInWords, shownAt, UTC, type Zone } from '../zone.ts';
import { BeyondGit } from './checkout.ts';

const two = (value: number) => String(value).padStart(2, '0');

/** Minutes as git writes them. */
function zone(offset: number, joint = ''): string {
  return offsetInWords(offset * MINUTE, joint);
}

/** A commit's date in one of git's styles, as git 2.39 writes it. Throws `BeyondGit` for a style that depends on the machine. */
export function printDate({ at, offset }: Signature, style: string): string {
  const local = new Date((at + offset * 60) * 1000);
  const day = `${local.getUTCFullYear()}-${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`;
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
  const weekday = (DAYS[local.getUTCDay()] ?? '').slice(0, 3);
  const month = (MONTHS[local.getUTCMonth()] ?? '').slice(0, 3);
  switch (style) {
    case 'default':
      return `${weekday} ${month} ${local.getUTCDate()} ${time} ${local.getUTCFullYear()} ${zone(offset)}`;
    case 'short':
      return day;
    case 'iso':
    case 'iso8601':
      return `${day} ${time} ${zone(offset)}`;
    case 'iso-strict':
    case 'iso8601-strict':
      return `${day}T${time}${zone(offset, ':')}`;
    case 'rfc':
    case 'rfc2822':
      return `${weekday}, ${local.getUTCDate()} ${month} ${local.getUTCFullYear()} ${time} ${zone(offset)}`;
    case 'raw':
      return `${at} ${zone(offset)}`;
    case 'unix':
      return String(at);
    default:
      return byFormat(style, { day, time, at, offset });
  }
}

function byFormat(
  style: string,
  { day, time, at, offset }: { day: string; time: string; at: number; offset: number },
): string {
  const format = /^format:([\s\S]+)$/.exec(style)?.[1];
  if (format === undefined) throw new BeyondGit(`log --date=${style}`);
  const [year = '', month = '', date = ''] = day.split('-');
  const [hour = '', minute = '', second = ''] = time.split(':');
  const fields: Readonly<Record<string, string>> = {
    Y: year,
    m: month,
    d: date,
    H: hour,
    M: minute,
    S: second,
    F: day,
    T: time,
    s: String(at),
    z: zone(offset),
    '%': '%',
  };
  return format.replace(/%(.?)/gs, (whole, letter: string) => {
    const field = fields[letter];
    if (field === undefined) throw new BeyondGit(`log --date=format: with ${whole}`);
    return field;
  });
}

const SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

/**
 * The moment (seconds since the epoch) that `--since` or `--until` names. A day without a time is meant at the present time of day, as in git.
 * Throws `BeyondGit` for what git would guess.
 */
export function parseMoment(text: string, now: number, localZone: () => Zone): number {
  const seconds = Math.floor(now / 1000);
  const [, epoch] = /^@?(\d{9,11})(?: \+0000)?$/.exec(text) ?? [];
  if (epoch !== undefined) return Number(epoch);
  if (text === 'now') return seconds;
  const [, count, unit = ''] = /^(\d+)[ .](second|minute|hour|day|week)s?(?:[ .]ago)?$/.exec(text) ?? [];
  if (count !== undefined) return seconds - Number(count) * (SECONDS[unit] ?? 0);
  const [, day, time, offset] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?) ?(Z|UTC|[-+]\d{2}:?\d{2})?)?$/.exec(text) ?? [];
  if (day === undefined) throw new BeyondGit(`date ${text}`);
  const zone = offset === undefined ? localZone() : null;
  const ofDay = time ?? new Date(shownAt(zone ?? UTC, now)).toISOString().slice(11, 19);
  const zoned = offset === undefined || offset === 'UTC' ? 'Z' : offset.replace(/^(...)(\d\d)$/, '$1:$2');
  const moment = Date.parse(`${day}T${ofDay.length === 5 ? `${ofDay}:00` : ofDay}${zoned}`);
  if (Number.isNaN(moment)) throw new BeyondGit(`date ${text}`);
  return Math.floor((zone ? instantOf(zone, moment) : moment) / 1000);
}
