import { byteLength, bytesOf } from '../../files/bytes.ts';
import { byteOf, CONTROLS, withBytesJoined } from '../escapes.ts';
import { quoteArgument } from '../quote.ts';
import { assignNamed, type Builtin } from './builtin.ts';

const SIMPLE: Readonly<Record<string, string>> = { ...CONTROLS, '\\': '\\' };
const ESCAPE = /\\(?:x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|0?[0-7]{1,3}|[\s\S])/g;

/** Text with the escapes of `printf` (or of `echo -e` and `%b`, where octal ones start with 0 and `\c` ends everything). */
export function withEscapes(text: string, isArgument: boolean): { text: string; isCut: boolean } {
  const cut = isArgument ? text.search(/(?<!\\)(?:\\\\)*\\c/) : -1;
  const kept = cut < 0 ? text : text.slice(0, text.indexOf('\\c', cut));
  const plain = kept.replace(ESCAPE, (found) => {
    const code = found.slice(1);
    if (/^x./.test(code)) return byteOf(Number.parseInt(code.slice(1), 16));
    if (/^[uU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return byteOf(Number.parseInt(code, 8));
    return SIMPLE[code] ?? (code === '"' && !isArgument ? '"' : code === "'" && !isArgument ? "'" : found);
  });
  return { text: withBytesJoined(plain), isCut: cut >= 0 };
}

const DIRECTIVE = /%(?:%|([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d+)?)?(?:hh|h|ll|l|j|z|t|L)?(\([^)]*\)T|[a-zA-Z]))/g;

export const printf: Builtin = (shell, args) => {
  const rest = [...args];
  let variable: string | null = null;
  if (rest[0] === '-v') {
    variable = rest[1] ?? '';
    rest.splice(0, 2);
  }
  if (rest[0] === '--') rest.shift();
  const format = rest.shift();
  if (format === undefined) {
    shell.complain('printf: usage: printf [-v var] format [arguments]');
    return 2;
  }
  const formatter = new Formatter(
    rest,
    (message) => shell.complain(`printf: ${message}`),
    (what) => shell.host.needs(what),
  );
  const text = formatter.all(format);
  if (variable === null) shell.output.write(text);
  else if (!assignNamed(shell, 'printf', variable, text)) return 2;
  return formatter.failed ? 1 : 0;
};

class Formatter {
  readonly #args: readonly string[];
  readonly #complain: (message: string) => void;
  readonly #needs: (what: string) => void;
  #at = 0;
  #isCut = false;
  failed = false;

  constructor(args: readonly string[], complain: (message: string) => void, needs: (what: string) => void) {
    this.#args = args;
    this.#complain = complain;
    this.#needs = needs;
  }

  /** The format, over and over until the arguments are used up. */
  all(format: string): string {
    const parts: string[] = [];
    do {
      const before = this.#at;
      parts.push(this.#once(format));
      if (this.#at === before) break;
    } while (this.#at < this.#args.length && !this.#isCut);
    return parts.join('');
  }

  #next(): string | undefined {
    return this.#args[this.#at++];
  }

  #once(format: string): string {
    let text = '';
    let from = 0;
    for (const found of format.matchAll(DIRECTIVE)) {
      if (this.#isCut) return text;
      text += withEscapes(format.slice(from, found.index), false).text;
      from = found.index + found[0].length;
      text += found[0] === '%%' ? '%' : this.#directive(found);
    }
    if (this.#isCut) return text;
    const rest = format.slice(from);
    if (/(?<!%)%/.test(rest)) {
      this.#complain(`\`${rest.slice(rest.indexOf('%'), rest.indexOf('%') + 2)}': invalid format character`);
      this.failed = true;
    }
    return text + withEscapes(rest, false).text;
  }

  #directive([, flags = '', width, precision, conversion = 's']: RegExpExecArray): string {
    const wide = width === '*' ? Number(this.#whole()) : Number(width ?? 0);
    const given = precision === '*' ? Number(this.#whole()) : Number(precision ?? 0);
    const exact = precision === undefined || given < 0 ? null : given;
    const isLeft = flags.includes('-') || wide < 0;
    const fill = (text: string, zero = false) => {
      const missing = Math.abs(wide) - byteLength(text);
      if (missing <= 0) return text;
      if (isLeft) return text + ' '.repeat(missing);
      if (!zero) return ' '.repeat(missing) + text;
      const [sign = ''] = /^[-+ ]|^0[xX]/.exec(text) ?? [];
      return sign + '0'.repeat(missing) + text.slice(sign.length);
    };
    switch (conversion) {
      case 's':
        return fill(exact !== null ? (this.#next() ?? '').slice(0, exact) : (this.#next() ?? ''));
      case 'b': {
        const { text, isCut } = withEscapes(this.#next() ?? '', true);
        this.#isCut = isCut;
        return fill(text);
      }
      case 'q':
        return fill(quoteArgument(this.#next() ?? ''));
      case 'c':
        return fill(firstByte(this.#next() ?? ''));
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return fill(this.#integer(conversion, flags, exact), flags.includes('0') && exact === null);
      case 'f':
      case 'F':
      case 'e':
      case 'E':
      case 'g':
      case 'G':
        return fill(this.#float(conversion, flags, exact ?? 6), flags.includes('0'));
      default:
        this.#needs(`printf %${conversion}`);
        this.failed = true;
        return '';
    }
  }

  /** The next argument as a whole number, or the code of the character behind a quote. */
  #whole(): bigint {
    const arg = this.#next() ?? '0';
    if (/^['"]/.test(arg)) return BigInt(arg.codePointAt(1) ?? 0);
    const [number = '', sign = '', digits = ''] = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)?/.exec(arg) ?? [];
    if (number.length !== arg.length && arg !== '') {
      this.#complain(`${arg}: invalid number`);
      this.failed = true;
    }
    const octal = /^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits;
    return digits === '' ? 0n : BigInt(octal) * (sign === '-' ? -1n : 1n);
  }

  #integer(conversion: string, flags: string, precision: number | null): string {
    const value = this.#whole();
    const radix = { o: 8, x: 16, X: 16 }[conversion] ?? 10;
    const shown = value < 0n && radix !== 10 ? BigInt.asUintN(64, value) : value;
    let text = (shown < 0n ? -shown : shown).toString(radix).padStart(precision ?? 1, '0');
    if (conversion === 'X') text = text.toUpperCase();
    if (flags.includes('#') && radix === 16 && shown !== 0n) text = `0${conversion}${text}`;
    if (shown < 0n) return `-${text}`;
    if (flags.includes('+')) return `+${text}`;
    return flags.includes(' ') ? ` ${text}` : text;
  }

  #float(conversion: string, flags: string, precision: number): string {
    const arg = this.#next() ?? '0';
    const value = /^['"]/.test(arg) ? (arg.codePointAt(1) ?? 0) : Number(arg === '' ? 0 : arg);
    // Bash calculates with more digits than we do: which way such a number is rounded depends on them.
    if (isHalfway(arg, precision) && !isExact(value)) this.#needs(`printf %.${precision}${conversion} of ${arg}`);
    if (Number.isNaN(value)) {
      this.#complain(`${arg}: invalid number`);
      this.failed = true;
    }
    return formatFloat(Number.isNaN(value) ? 0 : value, conversion, precision, flags);
  }
}

function firstByte(text: string): string {
  const [byte] = bytesOf(text.slice(0, 2));
  return byte === undefined ? '' : byteOf(byte);
}

/** Whether the digits that are to be dropped are just a 5. */
function isHalfway(number: string, precision: number): boolean {
  const [, decimals = ''] = number.split('.');
  return /^50*$/.test(decimals.slice(precision));
}

/** Whether a number with some decimals is one of halves, quarters, eighths and so on, which are held as they are written. */
function isExact(value: number): boolean {
  return Number.isInteger(value * 2 ** 20);
}

/** As C rounds: of two that are equally near, the even one. */
function fixed(value: number, precision: number): string {
  const up = value.toFixed(precision);
  if (!isExact(value)) return up;
  const digits = Math.min(100, precision + 25);
  const longer = value.toFixed(digits);
  const cut = longer.length - (digits - precision);
  const kept = longer.slice(0, cut).replace(/\.$/, '');
  return /^50*$/.test(longer.slice(cut)) && /[02468]$/.test(kept) ? kept : up;
}

/** A number in the forms of C's `%f`, `%e` and `%g`. */
export function formatFloat(value: number, conversion: string, precision: number, flags: string): string {
  const lower = conversion.toLowerCase();
  let text: string;
  if (lower === 'f') text = fixed(value, precision);
  else if (lower === 'e') text = withExponent(value, precision);
  else {
    const digits = precision === 0 ? 1 : precision;
    const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
    text = exponent < -4 || exponent >= digits ? withExponent(value, digits - 1) : fixed(value, digits - 1 - exponent);
    if (!flags.includes('#') && text.includes('.')) text = text.replace(/\.?0+(?=e|$)/, '');
  }
  if (conversion !== lower) text = text.toUpperCase();
  return flags.includes('+') && value >= 0 ? `+${text}` : text;
}

function withExponent(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([-+])(\d)$/, 'e$10$2');
}
