import { DAY } from '../../../core/durations.ts';
import { localTimeAt, offsetInWords, UTC } from '../../zone.ts';
import { DAYS, MONTHS } from '../calendar.ts';
import { type Local, startOfDay } from './local-calendar.ts';

/** An instant (ms since the epoch) in a format of `date`. */
export function printDate(instant: number, format: string, local: Local, needs: (what: string) => void): string {
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
      needs(`date ${whole}`);
      return whole;
    }
    if (flag === '-') return field.replace(/^[0 ]+(?=.)/, '');
    return flag === '_' ? field.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length)) : field;
  });
}
