import { instantOf, shownAt, UTC, type Zone } from '../../zone.ts';
import { fixed, type Local, moved, SHORT_MONTHS, startOfDay, utc } from './local-calendar.ts';

/** Words that a date may hold. Text with a word beside these, or a day that the calendar has not, is not a date for any `date`. */
const DATE_WORD =
  /^(?:[a-z]|am|pm|ago|now|today|tomorrow|yesterday|noon|midnight|next|last|this|first|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|utc|gmt|[a-z]{3,4}|(?:sec|second|min|minute|hour|day|week|fortnight|month|year)s?|(?:jan|febr)uary|march|april|june|july|august|(?:sept|nov|dec)ember|october|(?:mon|tues|wednes|thurs|fri|satur|sun)day|dst)$/;

/** Whether no `date` takes a text for a date. */
export function isClearlyNoDate(text: string): boolean {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  if (/^(?:null|none|n\/a|tbd|true)$/i.test(text.trim())) return true;
  return words.some((word) => !DATE_WORD.test(word)) || /^\d{4}-\d{1,2}-\d{1,2}(?:[T ].*)?$/.test(text.trim());
}

/** Milliseconds since the epoch of what `date -d` is given; null for what is not a date. */
export function parseDate(given: string, now: () => number, local: Local): number | null {
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
