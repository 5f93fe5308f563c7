import { bracketSource } from '../shell/pattern-brackets.ts';

/** `basic` and `extended` are POSIX with the GNU additions, `rust` is ripgrep's own, `perl` is what `-P` asks for. */
export type Dialect = 'basic' | 'extended' | 'rust' | 'perl';

export interface Translated {
  /** In the syntax that JavaScript (flag `u`) and RE2 share, unless `nativeOnly`. */
  readonly source: string;
  readonly ignoreCase: boolean;
  /** Back-references and look-around, which RE2 has not. */
  readonly nativeOnly: boolean;
  /** Something that JavaScript has not. */
  readonly linearOnly: boolean;
  /** How many unbounded repetitions there are; null when some lie inside another. */
  readonly repetitions: number | null;
  readonly hasAlternatives: boolean;
}

/** The expression is malformed, or holds something that is not supported. */
export class BadExpression extends Error {
  override readonly name = 'BadExpression';
  readonly isUnsupported: boolean;

  constructor(message: string, isUnsupported = false) {
    super(message);
    this.isUnsupported = isUnsupported;
  }
}

const INTERVAL = /(?:\d+(?:,\d*)?|,\d+)/y;

/** Translates one regular expression. Throws `BadExpression`. */
export function translate(pattern: string, dialect: Dialect): Translated {
  return new Translator(pattern, dialect).run();
}

class Translator {
  readonly #pattern: string;
  readonly #dialect: Dialect;
  #at = 0;
  #out = '';
  #ignoreCase = false;
  #nativeOnly = false;
  #linearOnly = false;
  #hasAlternatives = false;
  #repetitions = 0;
  #isNested = false;
  /** For each open group: whether something in it repeats without bound or is an alternative. */
  readonly #groups: boolean[] = [];
  #lastGroup = false;
  /** Whether there is something that a repetition could follow. */
  #hasAtom = false;
  #isGroupEnd = false;

  constructor(pattern: string, dialect: Dialect) {
    this.#pattern = pattern;
    this.#dialect = dialect;
  }

  run(): Translated {
    while (this.#at < this.#pattern.length) this.#step();
    if (this.#groups.length > 0) throw new BadExpression('Unmatched ( or \\(');
    return {
      source: this.#out,
      ignoreCase: this.#ignoreCase,
      nativeOnly: this.#nativeOnly,
      linearOnly: this.#linearOnly,
      repetitions: this.#isNested ? null : this.#repetitions,
      hasAlternatives: this.#hasAlternatives,
    };
  }

  get #isPosix(): boolean {
    return this.#dialect === 'basic' || this.#dialect === 'extended';
  }

  #atom(source: string): void {
    this.#out += source;
    this.#hasAtom = true;
    this.#isGroupEnd = false;
  }

  #step(): void {
    const char = this.#pattern[this.#at] ?? '';
    if (char === '\\') this.#escape();
    else if (char === '[') this.#bracket();
    else if (this.#dialect === 'basic') this.#basic(char);
    else this.#extended(char);
  }

  #basic(char: string): void {
    const rest = this.#pattern.slice(this.#at + 1);
    this.#at++;
    if (char === '*') {
      if (this.#hasAtom) this.#repeat('*');
      else this.#atom('\\*');
    } else if (char === '^' && !this.#hasAtom) this.#anchor('^');
    else if (char === '$' && (rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|'))) this.#anchor('$');
    else if (char === '.') this.#atom('.');
    else this.#atom(literal(char));
  }

  #extended(char: string): void {
    this.#at++;
    if (char === '(') this.#open();
    else if (char === ')') this.#close();
    else if (char === '|') this.#alternative();
    else if (char === '*' || char === '+' || char === '?') this.#quantifier(char);
    else if (char === '{') this.#interval('}');
    else if (char === '^' || char === '$') this.#anchor(char);
    else if (char === '.') this.#atom('.');
    else {
      const point = String.fromCodePoint(this.#pattern.codePointAt(this.#at - 1) ?? 0);
      this.#at += point.length - 1;
      this.#atom(literal(point));
    }
  }

  #anchor(source: string): void {
    this.#out += source;
    this.#hasAtom = false;
  }

  #quantifier(char: string): void {
    if (this.#hasAtom) this.#repeat(char);
    else if (!this.#isPosix) throw new BadExpression('repetition operator missing expression');
    else if (this.#dialect === 'extended')
      return; // GNU ignores it at the start.
    else this.#atom(literal(char));
  }

  #repeat(quantifier: string): void {
    const isUnbounded = /[*+]|,\}$/.test(quantifier);
    if (isUnbounded) this.#repetitions++;
    if (this.#isGroupEnd && this.#lastGroup && quantifier !== '?') this.#isNested = true;
    if (isUnbounded && this.#groups.length > 0) this.#groups[this.#groups.length - 1] = true;
    let lazy = '';
    if (!this.#isPosix && /[?+]/.test(this.#pattern[this.#at] ?? '')) {
      if (this.#pattern[this.#at] === '+') throw new BadExpression('possessive repetition', true);
      lazy = '?';
      this.#at++;
    }
    // POSIX allows a repetition of a repetition: a*+ is (a*)+.
    const repeatsAgain =
      this.#isPosix && /^[*+?]/.test(this.#dialect === 'extended' ? this.#pattern.slice(this.#at) : '');
    if (repeatsAgain) while (/[*+?]/.test(this.#pattern[this.#at] ?? '')) this.#at++;
    this.#out += repeatsAgain ? '*' : quantifier + lazy;
    this.#isGroupEnd = false;
    this.#hasAtom = this.#dialect === 'basic';
  }

  #interval(end: string): void {
    INTERVAL.lastIndex = this.#at;
    const [bounds = ''] = INTERVAL.exec(this.#pattern) ?? [];
    const isInterval = bounds !== '' && this.#pattern.startsWith(end, this.#at + bounds.length);
    if (!isInterval || !this.#hasAtom) {
      if (this.#dialect === 'rust') throw new BadExpression('repetition operator missing expression');
      this.#atom('\\{');
      return;
    }
    this.#at += bounds.length + end.length;
    if (Math.max(...bounds.split(',').map(Number)) > 1000) throw new BadExpression('Regular expression too big', true);
    this.#repeat(`{${bounds.startsWith(',') ? `0${bounds}` : bounds}}`);
  }

  #open(): void {
    let opening = '(';
    if (!this.#isPosix && this.#pattern[this.#at] === '?') opening = this.#special();
    if (opening === '') return;
    this.#groups.push(false);
    this.#out += opening;
    this.#hasAtom = false;
  }

  /** `(?…`: flags, names, look-around. */
  #special(): string {
    const rest = this.#pattern.slice(this.#at);
    const [flags, letters = '', ending] = /^\?([a-zA-Z-]*)([:)])/.exec(rest) ?? [];
    if (flags !== undefined) {
      this.#at += flags.length;
      if (letters === '') return '(?:';
      if (this.#out === '' && ending === ')' && /^[iu]+$/.test(letters)) {
        this.#ignoreCase ||= letters.includes('i');
        return '';
      }
      if (/[^imsU-]/.test(letters)) throw new BadExpression(`flags (?${letters})`, true);
      this.#linearOnly = true;
      if (ending === ':') return `(?${letters}:`;
      this.#out += `(?${letters})`;
      return '';
    }
    const [name] = /^\?P?<(?![=!])[^>]*>/.exec(rest) ?? [];
    if (name) {
      this.#at += name.length;
      return '(';
    }
    const [look] = /^\?<?[=!]/.exec(rest) ?? [];
    if (!look || this.#dialect !== 'perl')
      throw new BadExpression('look-around is not supported', this.#dialect === 'perl');
    this.#at += look.length;
    this.#nativeOnly = true;
    return `(${look}`;
  }

  #close(): void {
    const inner = this.#groups.pop();
    if (inner === undefined) {
      if (this.#isPosix) {
        // Without an opening one it stands for itself.
        this.#atom('\\)');
        return;
      }
      throw new BadExpression('unopened group');
    }
    this.#out += ')';
    this.#hasAtom = true;
    this.#isGroupEnd = true;
    this.#lastGroup = inner;
    if (inner && this.#groups.length > 0) this.#groups[this.#groups.length - 1] = true;
  }

  #alternative(): void {
    this.#out += '|';
    this.#hasAtom = false;
    this.#hasAlternatives = true;
    if (this.#groups.length > 0) this.#groups[this.#groups.length - 1] = true;
  }

  #escape(): void {
    const next = this.#pattern[this.#at + 1];
    if (next === undefined) throw new BadExpression('Trailing backslash');
    this.#at += 2;
    if (this.#dialect === 'basic' && this.#basicOperator(next)) return;
    if (/[1-9]/.test(next)) {
      if (this.#dialect === 'rust') throw new BadExpression('backreferences are not supported');
      this.#nativeOnly = true;
      this.#isNested = true;
      this.#atom(`\\${next}(?:)`);
      return;
    }
    if (/[wWsSbB]/.test(next) || (!this.#isPosix && /[dD]/.test(next))) this.#class(next);
    else if (next === '<' || next === '>') this.#atom('\\b');
    else if (next === '`' && this.#isPosix) this.#anchor('^');
    else if (next === "'" && this.#isPosix) this.#anchor('$');
    else if (this.#isPosix) this.#atom(literal(next));
    else this.#richEscape(next);
  }

  #basicOperator(char: string): boolean {
    if (char === '(') this.#open();
    else if (char === ')') this.#close();
    else if (char === '|') this.#alternative();
    else if (char === '{') this.#interval('\\}');
    else if ((char === '+' || char === '?') && this.#hasAtom) this.#repeat(char);
    else return false;
    return true;
  }

  #class(letter: string): void {
    if (letter === 'b' || letter === 'B') this.#out += `\\${letter}`;
    else this.#atom(`\\${letter}`);
  }

  /** Escapes that Rust and Perl know. */
  #richEscape(char: string): void {
    const controls: Readonly<Record<string, string>> = {
      t: '\\t',
      n: '\\n',
      r: '\\r',
      f: '\\f',
      v: '\\v',
      a: '\\x07',
      e: '\\x1b',
    };
    const control = controls[char];
    if (control) this.#atom(control);
    else if (char === 'K' && this.#dialect === 'perl') this.#keepOut();
    else if (char === 'A') this.#anchor('^');
    else if (char === 'z' || char === 'Z') this.#anchor('$');
    else if (char === 'p' || char === 'P' || char === 'x' || char === 'u') this.#codeEscape(char);
    else if (/[A-Za-z0-9]/.test(char))
      throw new BadExpression(`unrecognized escape sequence \\${char}`, this.#dialect === 'perl');
    else this.#atom(literal(char));
  }

  /** `\\K`: what came before has to be there, but is no part of the match. */
  #keepOut(): void {
    if (this.#groups.length > 0 || this.#hasAlternatives) throw new BadExpression('\\K in a group', true);
    this.#out = `(?<=${this.#out})`;
    this.#nativeOnly = true;
    this.#hasAtom = false;
  }

  #codeEscape(char: string): void {
    const rest = this.#pattern.slice(this.#at);
    const [name, hex] = /^\{([^}]*)\}/.exec(rest) ?? [];
    if (char === 'x' || char === 'u') {
      const digits = hex ?? rest.slice(0, char === 'x' ? 2 : 4);
      this.#at += name ? name.length : digits.length;
      this.#atom(literal(String.fromCodePoint(Number.parseInt(digits, 16) || 0)));
      return;
    }
    const whole = name ?? `{${rest.slice(0, 1)}}`;
    this.#at += name ? name.length : 1;
    this.#linearOnly = true;
    this.#atom(`\\${char}${whole}`);
  }

  #bracket(): void {
    const bracket = this.#isPosix ? bracketSource(this.#pattern, this.#at, false) : this.#richBracket();
    if (!bracket) throw new BadExpression('Unmatched [, [^, [:, [., or [=');
    // A bracket never matches the end of a line.
    this.#atom(bracket.source);
    this.#at = bracket.end + 1;
  }

  /** A class of Rust or Perl: escapes mean what they mean outside. */
  #richBracket(): { source: string; end: number } | null {
    let i = this.#at + 1;
    let source = '[';
    if (this.#pattern[i] === '^') {
      source += '^';
      i++;
    }
    for (let first = true; i < this.#pattern.length; first = false) {
      const char = this.#pattern[i] ?? '';
      if (char === ']' && !first) return { source: `${source}]`, end: i };
      const [posix] = /^\[:\^?\w+:\]/.exec(this.#pattern.slice(i, i + 14)) ?? [];
      if (posix) {
        const inner = bracketSource(`[${posix}]`, 0, false);
        if (!inner || posix.includes('^')) throw new BadExpression(posix, true);
        source += inner.source.slice(1, -1);
        i += posix.length;
      } else if (char === '\\') {
        const next = this.#pattern[i + 1] ?? '';
        if (/[pPxu]/.test(next)) throw new BadExpression(`\\${next} in a class`, true);
        source += /[A-Za-z\\\]^-]/.test(next) ? `\\${next}` : inClass(next);
        i += 2;
      } else if (/^(?:&&|--|~~)/.test(this.#pattern.slice(i, i + 2)) && this.#dialect === 'rust') {
        throw new BadExpression('set operations in a class', true);
      } else {
        if (char === '[' && this.#dialect === 'rust') throw new BadExpression('nested classes', true);
        const point = String.fromCodePoint(this.#pattern.codePointAt(i) ?? 0);
        source += char === '-' ? this.#dash(i) : inClass(point);
        i += point.length;
      }
    }
    return null;
  }

  #dash(at: number): string {
    const isFirst = this.#pattern[at - 1] === '[' || this.#pattern.slice(at - 2, at) === '[^';
    return isFirst || this.#pattern[at + 1] === ']' || /\\[wsdWSD]$/.test(this.#pattern.slice(0, at)) ? '\\-' : '-';
  }
}

function literal(char: string): string {
  if (char === '\n') return '\\n';
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

function inClass(char: string): string {
  return /[\\\]^[]/.test(char) ? `\\${char}` : char;
}
