import { createMatcher, type Matcher } from '../../regex/matcher.ts';

export type Address =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'step'; readonly first: number; readonly step: number }
  | { readonly kind: 'more'; readonly count: number }
  | { readonly kind: 'multiple'; readonly of: number }
  /** Null stands for the last expression that was used. */
  | { readonly kind: 'match'; readonly matcher: Matcher | null };

export interface Instruction {
  readonly from: Address | null;
  readonly to: Address | null;
  readonly isNegated: boolean;
  readonly name: string;
  /** Text to insert, a label, a file name. */
  readonly text: string;
  readonly body: readonly Instruction[];
  readonly substitution: Substitution | null;
  readonly map: ReadonlyMap<string, string> | null;
  /** Whether the range is open, and the line at which it ends. */
  state: { isOpen: boolean; until: number };
}

export interface Substitution {
  readonly matcher: Matcher | null;
  readonly replacement: readonly (string | number | { readonly letterCase: string })[];
  readonly isGlobal: boolean;
  readonly nth: number;
  readonly prints: boolean;
}

export class SedSyntaxError extends Error {
  override readonly name = 'SedSyntaxError';
}

/** A script of sed as instructions. Throws `SedSyntaxError` and `BadExpression`. */
export function parseSed(script: string, isExtended: boolean): readonly Instruction[] {
  const parser = new SedParser(script, isExtended);
  return parser.all();
}

class SedParser {
  readonly #script: string;
  readonly #isExtended: boolean;
  #at = 0;

  constructor(script: string, isExtended: boolean) {
    this.#script = script;
    this.#isExtended = isExtended;
  }

  all(): readonly Instruction[] {
    const instructions = this.#block(false);
    if (this.#at < this.#script.length) throw new SedSyntaxError("unexpected `}'");
    return instructions;
  }

  get #char(): string {
    return this.#script[this.#at] ?? '';
  }

  #block(isNested: boolean): Instruction[] {
    const instructions: Instruction[] = [];
    for (;;) {
      this.#match(/(?:[\s;]|#[^\n]*)*/y);
      if (this.#at >= this.#script.length) {
        if (isNested) throw new SedSyntaxError("unmatched `{'");
        return instructions;
      }
      if (this.#char === '}') {
        if (!isNested) return instructions;
        this.#at++;
        return instructions;
      }
      instructions.push(this.#instruction());
    }
  }

  #match(sticky: RegExp): string {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#script)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #address(isSecond: boolean): Address | null {
    const number = this.#match(/\d+/y);
    if (number !== '') {
      const step = this.#match(/~\d+/y);
      if (step !== '') return { kind: 'step', first: Number(number), step: Number(step.slice(1)) };
      return { kind: 'line', line: Number(number) };
    }
    if (isSecond) {
      const relative = this.#match(/[+~]\d+/y);
      if (relative.startsWith('+')) return { kind: 'more', count: Number(relative.slice(1)) };
      if (relative !== '') return { kind: 'multiple', of: Number(relative.slice(1)) };
    }
    if (this.#match(/\$/y) !== '') return { kind: 'last' };
    if (this.#char !== '/' && this.#char !== '\\') return null;
    if (this.#char === '\\') this.#at++;
    const delimiter = this.#char;
    this.#at++;
    const pattern = this.#delimited(delimiter, true);
    const ignoreCase = this.#match(/[IM]+/y).includes('I');
    return { kind: 'match', matcher: this.#matcher(pattern, ignoreCase) };
  }

  #matcher(pattern: string, ignoreCase: boolean): Matcher | null {
    if (pattern === '') return null;
    return createMatcher([pattern], this.#isExtended ? 'extended' : 'basic', { ignoreCase });
  }

  /** Text up to the delimiter; an escaped delimiter is the delimiter, and `\n` a line break. */
  #delimited(delimiter: string, isPattern: boolean): string {
    let text = '';
    for (; this.#at < this.#script.length; this.#at++) {
      const char = this.#char;
      if (char === delimiter) {
        this.#at++;
        return text;
      }
      if (char === '[' && isPattern) {
        const bracket = /\[\^?\]?(?:\[[:.=][^\]]*[:.=]\]|[^\]])*\]/y;
        const found = this.#match(bracket);
        if (found !== '') {
          text += found.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll(`\\${delimiter}`, delimiter);
          this.#at--;
          continue;
        }
      }
      if (char !== '\\') {
        text += char;
        continue;
      }
      const next = this.#script[++this.#at] ?? '';
      if (next === delimiter) text += isPattern && /[.*[\]^$+?(){}|]/.test(next) ? `\\${next}` : next;
      else if (isPattern && next === 'n') text += '\n';
      else if (isPattern && next === 't') text += '\t';
      else text += `\\${next}`;
    }
    throw new SedSyntaxError("unterminated `s' command or address");
  }

  #instruction(): Instruction {
    const from = this.#address(false);
    this.#match(/[ \t]*/y);
    let to: Address | null = null;
    if (from && this.#char === ',') {
      this.#at++;
      this.#match(/[ \t]*/y);
      to = this.#address(true);
      if (!to) throw new SedSyntaxError("unexpected `,'");
    }
    const isNegated = this.#match(/[ \t]*(?:![ \t]*)+/y) !== '';
    this.#match(/[ \t]*/y);
    const name = this.#char;
    this.#at++;
    const common = {
      from,
      to,
      isNegated,
      name,
      text: '',
      body: [],
      substitution: null,
      map: null,
      state: { isOpen: false, until: 0 },
    };
    switch (name) {
      case '{':
        return { ...common, body: this.#block(true) };
      case 's':
        return { ...common, substitution: this.#substitution() };
      case 'y':
        return { ...common, map: this.#transliteration() };
      case 'a':
      case 'i':
      case 'c':
        return { ...common, text: this.#insertion() };
      case ':':
        return { ...common, text: this.#match(/[^\n;]*/y).trim() };
      case 'b':
      case 't':
      case 'T':
        return { ...common, text: this.#match(/[^\n;}]*/y).trim() };
      case 'r':
      case 'w':
      case 'q':
      case 'Q':
      case 'l':
        return { ...common, text: this.#match(/[^\n;}]*/y).trim() };
      default:
        if (!'dDpPnNgGhHx='.includes(name) || name === '') throw new SedSyntaxError(`unknown command: \`${name}'`);
        return common;
    }
  }

  /** `a text`, `a\` and the text on the next line. */
  #insertion(): string {
    this.#match(/[ \t]*(?:\\[ \t]*\n)?[ \t]*/y);
    if (this.#char === '\\' && this.#script[this.#at + 1] !== '\n') this.#at++;
    let text = '';
    for (; this.#at < this.#script.length && this.#char !== '\n'; this.#at++) {
      if (this.#char === '\\') {
        const next = this.#script[++this.#at] ?? '';
        text += next === 't' ? '\t' : next;
      } else text += this.#char;
    }
    return text;
  }

  #substitution(): Substitution {
    const delimiter = this.#char;
    this.#at++;
    const pattern = this.#delimited(delimiter, true);
    const replacement = this.#delimited(delimiter, false);
    const flags = this.#match(/[gpiIemM0-9]*/y);
    if (/[em]/i.test(flags.replace(/i/gi, ''))) throw new SedSyntaxError(`unknown option to \`s': ${flags}`);
    if (this.#char === 'w') throw new SedSyntaxError("unsupported flag `w'");
    const parts = replacementParts(replacement);
    const highest = Math.max(0, ...parts.map((part) => (typeof part === 'number' ? part : 0)));
    if (pattern !== '' && highest > groupsIn(pattern, this.#isExtended)) {
      throw new SedSyntaxError(`invalid reference \\${highest} on \`s' command's RHS`);
    }
    return {
      matcher: this.#matcher(pattern, /i/i.test(flags)),
      replacement: parts,
      isGlobal: flags.includes('g'),
      nth: Number(/\d+/.exec(flags)?.[0] ?? 1),
      prints: flags.includes('p'),
    };
  }

  #transliteration(): ReadonlyMap<string, string> {
    const delimiter = this.#char;
    this.#at++;
    const plain = (text: string) => [...text.replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\(.)/g, '$1')];
    const from = plain(this.#delimited(delimiter, false));
    const to = plain(this.#delimited(delimiter, false));
    if (from.length !== to.length) throw new SedSyntaxError("strings for `y' command are different lengths");
    return new Map(from.map((char, index) => [char, to[index] ?? '']));
  }
}

function groupsIn(pattern: string, isExtended: boolean): number {
  const tokens = pattern.match(/\\[\s\S]|\[\^?\]?(?:\[[:.=][^\]]*\]|[^\]])*\]|[\s\S]/g) ?? [];
  return tokens.filter((token) => token === (isExtended ? '(' : '\\(')).length;
}

function replacementParts(text: string): Substitution['replacement'] {
  const parts: (string | number | { letterCase: string })[] = [];
  for (const [token] of text.matchAll(/\\[\s\S]|[\s\S]/gu)) {
    if (token === '&') parts.push(0);
    else if (!token.startsWith('\\') || token.length === 1) parts.push(token);
    else if (/\d/.test(token[1] ?? '')) parts.push(Number(token[1]));
    else if (/[LUEul]/.test(token[1] ?? '')) parts.push({ letterCase: token[1] ?? '' });
    else parts.push({ n: '\n', t: '\t', r: '\r' }[token[1] ?? ''] ?? token.slice(1));
  }
  return parts;
}
