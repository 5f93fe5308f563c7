const DATE =
  /^(?<year>\d{4})(?<dash>-?)(?:(?<month>\d\d)\k<dash>(?<day>\d\d)|W(?<week>\d\d)(?:\k<dash>(?<weekday>\d)(?!\d))?)(?:.(?<time>.+))?$/su;
const CLOCK = String.raw`(?<hours>\d\d)(?:(?<colon>:?)(?<minutes>\d\d)(?:\k<colon>(?<seconds>\d\d))?)?(?:[.,]\d+)?`;
/** Python overlooks one stray character before the zone. */
const TIME = new RegExp(`^${CLOCK}(?:[^Z+-]?(?:Z|(?<sign>[+-])(?<offset>.+)))?$`, 's');
const OFFSET = new RegExp(`^${CLOCK}$`);

/**
 * The instant (ms since the epoch, whole seconds) that a text names in ISO 8601 as Python 3.11 reads it; undefined for any other text.
 * `2026-02-16`, `20260216` or `2026-W08-1`; after it, any one character and a time to the hour, minute, second or fraction, with `Z` or an offset. No zone is UTC.
 * `2026-2-16`, `2026-02-30`, `2026-02-16T`, hour 24 and a lower-case z are none.
 */
export function isoInstant(text: string): number | undefined {
  const { year, month, day, week, weekday = '1', time } = DATE.exec(text)?.groups ?? {};
  const midnight =
    week === undefined
      ? calendarDay(Number(year), Number(month), Number(day))
      : weekDay(Number(year), Number(week), Number(weekday));
  const seconds = time === undefined ? 0 : secondsOfDay(time);
  return midnight === undefined || seconds === undefined ? undefined : midnight + seconds * 1000;
}

/** The instant of a text in the one form `YYYY-MM-DDTHH:MM:SSZ`; undefined for any other text. */
export function utcStamp(text: string): number | undefined {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? isoInstant(text) : undefined;
}

/** An instant (ms since the epoch) to the minute, as sentences name it: `2026-02-18 01:00 UTC`. */
export function minuteInUtc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function calendarDay(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

function weekDay(year: number, week: number, weekday: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, 0, 4);
  const mondayOfWeek1 = 4 - ((date.getUTCDay() + 6) % 7);
  date.setUTCFullYear(year, 0, mondayOfWeek1 + (week - 1) * 7 + 3);
  const belongsToYear = year > 0 && week > 0 && date.getUTCFullYear() === year;
  date.setUTCDate(date.getUTCDate() - 4 + weekday);
  return belongsToYear && weekday >= 1 && weekday <= 7 ? date.getTime() : undefined;
}

/** Seconds since midnight UTC; negative or beyond a day where the offset says so. */
function secondsOfDay(time: string): number | undefined {
  const { hours, minutes = '0', seconds = '0', sign, offset = '00' } = TIME.exec(time)?.groups ?? {};
  const ahead = OFFSET.exec(offset)?.groups;
  if (ahead === undefined || !(Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60)) return undefined;
  const shift = inSeconds(ahead.hours, ahead.minutes, ahead.seconds);
  const local = inSeconds(hours, minutes, seconds);
  if (shift >= inSeconds('24')) return undefined;
  return sign === '-' ? local + shift : local - shift;
}

function inSeconds(hours = '0', minutes = '0', seconds = '0'): number {
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
