import { DAY, HOUR, MINUTE } from '../../../core/durations.ts';
import { instantOf, shownAt, UTC, type Zone } from '../../zone.ts';
import { MONTHS } from '../calendar.ts';

/** The local zone, for who asks for it. */
export type Local = () => Zone;

export const SHORT_MONTHS = MONTHS.map((name) => name.slice(0, 3).toLowerCase());

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

/** An instant so many units later: days and more are those of the local calendar. */
export function moved(instant: number, unit: string, count: number, local: Local): number {
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

export function startOfDay(instant: number): number {
  return Math.floor(instant / DAY) * DAY;
}

/** The beginning of a day in UTC; null for one that the calendar has not. */
export function utc(year: number, month: number, day: number): number | null {
  const instant = Date.UTC(year, month - 1, day);
  const date = new Date(instant);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? instant : null;
}

/** The zone that an offset names, or `Z` and its like. */
export function fixed(text: string): Zone {
  const [, sign, hours = '0', minutes = '0'] = /^([-+])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
  return { ...UTC, offset: (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE) };
}
