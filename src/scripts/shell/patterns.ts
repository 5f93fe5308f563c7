/** Shell patterns: `*`, `?`, `[…]`, and `@(…)` and its like where extended patterns are on. A backslash makes the next character literal. */

export interface PatternOptions {
  readonly extended: boolean;
  readonly ignoreCase?: boolean;
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: '\\p{L}',
  digit: '0-9',
  alnum: '\\p{L}0-9',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: '\\t\\n\\v\\f\\r ',
  blank: '\\t ',
  punct: '!-\\/:-@\\[-`\\{-~',
  print: ' -~\\u00a0-\\u{10ffff}',
  graph: '!-~\\u00a1-\\u{10ffff}',
  cntrl: '\\u0000-\\u001f\\u007f',
  xdigit: '0-9A-Fa-f',
  word: '\\p{L}0-9_',
};

/** The bracket expression at `start` as the source of a RegExp class, and where it ends; null when it is none. */
export function bracketSource(pattern: string, start: number, escapes = true): { source: string; end: number } | null {
  let i = start + 1;
  const isNegated = pattern[i] === '!' || pattern[i] === '^';
  if (isNegated) i++;
  let source = '';
  for (let first = true; i < pattern.length; first = false) {
    const char = pattern[i] ?? '';
    if (char === ']' && !first) {
      if (source === '') return { source: isNegated ? '[\\s\\S]' : '(?!)', end: i };
      return { source: `[${isNegated ? '^' : ''}${source}]`, end: i };
    }
    const named = /^\[:(\w+):\]/.exec(pattern.slice(i, i + 12));
    if (named) {
      source += CLASSES[named[1] ?? ''] ?? '';
      i += named[0].length;
      continue;
    }
    const equivalent = /^\[[=.](.)[=.]\]/u.exec(pattern.slice(i, i + 8));
    if (equivalent) {
      source += literalInClass(equivalent[1] ?? '');
      i += equivalent[0].length;
      continue;
    }
    if (char === '\\' && escapes && i + 1 < pattern.length) i++;
    const point = String.fromCodePoint(pattern.codePointAt(i) ?? 0);
    source += char === '-' && pattern[i - 1] !== '\\' ? rangeOrDash(pattern, start, i, first) : literalInClass(point);
    i += point.length;
  }
  return null;
}

/** A dash is a range between two characters, and itself at either end. */
function rangeOrDash(pattern: string, start: number, at: number, isFirst: boolean): string {
  const next = pattern[at + 1] ?? ']';
  const isLast = next === ']';
  const previous = pattern.slice(start + 1, at);
  return isFirst || isLast || previous.endsWith(':]') ? '\\-' : '-';
}

function literalInClass(char: string): string {
  return /[\\\]^[|-]/.test(char) ? `\\${char}` : char;
}

function literal(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

/** The source of a RegExp (flags `su`) that matches what the pattern matches. `lazy` prefers the shortest. */
export function patternSource(pattern: string, extended: boolean, lazy = false): string {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? '';
    if (extended && /[?*+@!]/.test(char) && pattern[i + 1] === '(') {
      const end = closingParenthesis(pattern, i + 2);
      if (end >= 0) {
        source += groupSource(char, alternatives(pattern.slice(i + 2, end)), lazy);
        i = end;
        continue;
      }
    }
    if (char === '*') {
      if (!source.endsWith(lazy ? '.*?' : '.*')) source += lazy ? '.*?' : '.*';
    } else if (char === '?') source += '.';
    else if (char === '[') {
      const bracket = bracketSource(pattern, i);
      source += bracket ? bracket.source : '\\[';
      if (bracket) i = bracket.end;
    } else if (char === '\\' && i + 1 < pattern.length) {
      i++;
      source += literal(pattern[i] ?? '');
    } else source += literal(char);
  }
  return source;
}

function groupSource(kind: string, options: readonly string[], lazy: boolean): string {
  const any = options.map((option) => patternSource(option, true, lazy)).join('|');
  if (kind === '!') return `(?:(?!(?:${any})$).*${lazy ? '?' : ''})`;
  return `(?:${any})${kind === '@' ? '' : kind}`;
}

function closingParenthesis(pattern: string, from: number): number {
  let depth = 0;
  for (let i = from; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === '(') depth++;
    else if (pattern[i] === ')') {
      if (depth === 0) return i;
      depth--;
    }
  }
  return -1;
}

function alternatives(text: string): readonly string[] {
  const options = [''];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === '|' && depth === 0) {
      options.push('');
      continue;
    }
    if (char === '(') depth++;
    if (char === ')') depth--;
    options[options.length - 1] += char === '\\' ? char + (text[++i] ?? '') : char;
  }
  return options;
}

const compiled = new Map<string, RegExp>();
/** Patterns made of values never repeat; without a bound they would stay for ever. */
const MOST_COMPILED = 2_000;

export function patternRegExp(source: string, flags = 'su'): RegExp {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known) {
    known.lastIndex = 0;
    return known;
  }
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  const made = new RegExp(source, flags);
  compiled.set(key, made);
  return made;
}

/** Whether the pattern matches the whole text. */
export function matchesPattern(
  text: string,
  pattern: string,
  { extended, ignoreCase = false }: PatternOptions,
): boolean {
  if (!/[*?[\\]/.test(pattern) && !(extended && pattern.includes('('))) {
    return ignoreCase ? text.toLowerCase() === pattern.toLowerCase() : text === pattern;
  }
  if (countStars(pattern) > 2 && !(extended && /[?*+@!]\(/.test(pattern)))
    return matchesStars(text, pattern, ignoreCase);
  return patternRegExp(`^${patternSource(pattern, extended)}$`, ignoreCase ? 'sui' : 'su').test(text);
}

function countStars(pattern: string): number {
  return pattern.split('*').length - 1;
}

/** Many stars: only the last one passed is ever stretched, so that no pattern takes longer than the product of the lengths. */
function matchesStars(text: string, pattern: string, ignoreCase: boolean): boolean {
  const pieces = splitAtStars(pattern).map((piece) => patternSource(piece, false));
  const flags = ignoreCase ? 'sui' : 'su';
  const last = pieces.length - 1;
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    if (index === last) {
      const rest = patternRegExp(`${piece}$`, flags);
      return rest.test(text.slice(at));
    }
    const sticky = patternRegExp(piece, index === 0 ? `${flags}y` : `${flags}g`);
    sticky.lastIndex = at;
    const found = sticky.exec(text);
    if (!found) return false;
    at = found.index + found[0].length;
  }
  return false;
}

function splitAtStars(pattern: string): readonly string[] {
  const pieces = [''];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? '';
    const bracket = char === '[' ? bracketSource(pattern, i) : null;
    if (bracket) {
      pieces[pieces.length - 1] += pattern.slice(i, bracket.end + 1);
      i = bracket.end;
    } else if (char === '*') pieces.push('');
    else pieces[pieces.length - 1] += char === '\\' ? char + (pattern[++i] ?? '') : char;
  }
  return pieces;
}

/** Text with a backslash before everything that a pattern would read. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]()|!@+-]/g, '\\$&');
}

/** A pattern's plain text: its backslashes removed. */
export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\([\s\S])/g, '$1');
}

/** What is left of `text` without the shortest or longest start or end that matches. */
export function trimmed(
  text: string,
  pattern: string,
  from: 'start' | 'end',
  longest: boolean,
  extended: boolean,
): string {
  if (pattern === '') return text;
  if (from === 'start') {
    const found = patternRegExp(`^(?:${patternSource(pattern, extended, !longest)})`).exec(text);
    return found ? text.slice(found[0].length) : text;
  }
  const source = patternSource(pattern, extended);
  if (longest) {
    const found = patternRegExp(`(?:${source})$`).exec(text);
    return found ? text.slice(0, found.index) : text;
  }
  const whole = patternRegExp(`^(?:${source})$`);
  for (let at = text.length; at >= 0; at--) if (whole.test(text.slice(at))) return text.slice(0, at);
  return text;
}

export function replaced(
  text: string,
  pattern: string,
  replacement: string,
  where: 'first' | 'all' | 'start' | 'end',
  extended: boolean,
): string {
  if (pattern === '') return text;
  const source = patternSource(pattern, extended);
  if (where === 'start') return text.replace(patternRegExp(`^(?:${source})`), () => replacement);
  if (where === 'end') return text.replace(patternRegExp(`(?:${source})$`), () => replacement);
  if (where === 'first') return text.replace(patternRegExp(source), (found) => (found === '' ? '' : replacement));
  return text.replace(patternRegExp(source, 'sug'), (found) => (found === '' ? '' : replacement));
}
