import { formatFloat } from '../../shell/builtins/printf.ts';

/** A text that came from outside and looks like a number: it compares as one. */
export class NumericText {
  readonly text: string;
  readonly number: number;

  constructor(text: string, number: number) {
    this.text = text;
    this.number = number;
  }
}

/** Undefined is what was never set: both 0 and the empty text. */
export type Value = number | string | NumericText | undefined;

const NUMERIC = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;

/** A value from a field, a line or the command line. */
export function fromInput(text: string): Value {
  return NUMERIC.test(text) ? new NumericText(text, Number(text)) : text;
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  if (value instanceof NumericText) return value.number;
  return Number(/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(value)?.[0] ?? 0);
}

export function toText(value: Value, format: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (value instanceof NumericText) return value.text;
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value === 0 ? 0 : value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  return sprintf(format, [value], format);
}

export function isTrue(value: Value): boolean {
  if (value instanceof NumericText) return value.number !== 0;
  return value !== undefined && value !== '' && value !== 0;
}

/** Below, at or above 0; as numbers where both are, as texts otherwise. */
export function compare(left: Value, right: Value, format: string): number {
  if (typeof left !== 'string' && typeof right !== 'string') return toNumber(left) - toNumber(right);
  const one = toText(left, format);
  const other = toText(right, format);
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

const DIRECTIVE = /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:hh|h|ll|l|L)?([a-zA-Z]))/g;

export function sprintf(format: string, args: readonly Value[], conversionFormat: string): string {
  let next = 0;
  const take = () => {
    if (next >= args.length) throw new Error(`fatal: not enough arguments to satisfy format string \`${format}'`);
    return args[next++];
  };
  return format.replace(DIRECTIVE, (whole, flags: string = '', width?: string, precision?: string, letter?: string) => {
    if (whole === '%%') return '%';
    const wide = width === '*' ? toNumber(take()) : Number(width ?? 0);
    const hasPrecision = /\.[^a-zA-Z]*[a-zA-Z]$/.test(whole);
    const exact = hasPrecision ? (precision === '*' ? toNumber(take()) : Number(precision ?? 0)) : null;
    const text = formatted(letter ?? 's', flags, exact, take(), conversionFormat);
    const missing = Math.abs(wide) - [...text].length;
    if (missing <= 0) return text;
    if (flags.includes('-') || wide < 0) return text + ' '.repeat(missing);
    if (!flags.includes('0') || /[sc]/.test(letter ?? '')) return ' '.repeat(missing) + text;
    const [sign = ''] = /^[-+ ]/.exec(text) ?? [];
    return sign + '0'.repeat(missing) + text.slice(sign.length);
  });
}

function formatted(letter: string, flags: string, precision: number | null, value: Value, format: string): string {
  if (letter === 's') {
    const text = toText(value, format);
    return precision === null ? text : [...text].slice(0, precision).join('');
  }
  if (letter === 'c')
    return typeof value === 'number' ? String.fromCodePoint(value) : ([...toText(value, format)][0] ?? '');
  const number = toNumber(value);
  if (/[eEfFgG]/.test(letter)) return formatFloat(number, letter, precision ?? 6, flags);
  const radix = { o: 8, x: 16, X: 16 }[letter] ?? 10;
  const whole = Math.trunc(number);
  if (!Number.isFinite(whole)) return toText(number, format);
  let text = BigInt(Math.abs(whole))
    .toString(radix)
    .padStart(precision ?? 1, '0');
  if (letter === 'X') text = text.toUpperCase();
  if (whole < 0) return `-${text}`;
  if (flags.includes('+')) return `+${text}`;
  return flags.includes(' ') ? ` ${text}` : text;
}
