import { bracketSource } from './pattern-brackets.ts';

/** A piece of a shell pattern. `source` is that of a RegExp that matches one character. */
export type Element =
  | { readonly kind: 'char'; readonly source: string }
  | { readonly kind: 'star' }
  | { readonly kind: 'group'; readonly sign: Sign; readonly options: readonly (readonly Element[])[] };

type Sign = '?' | '*' | '+' | '@' | '!';

export function hasGroups(elements: readonly Element[]): boolean {
  return elements.some(({ kind }) => kind === 'group');
}

/** The elements of a pattern; groups such as `@(a|b)` are told where extended patterns are on. */
export function parsePattern(pattern: string, extended: boolean): readonly Element[] {
  const elements: Element[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const char = String.fromCodePoint(pattern.codePointAt(i) ?? 0);
    const end = extended && isSign(char) && pattern[i + 1] === '(' ? closingParenthesis(pattern, i + 2) : -1;
    if (isSign(char) && end >= 0) {
      const options = alternatives(pattern.slice(i + 2, end)).map((option) => parsePattern(option, true));
      elements.push({ kind: 'group', sign: char, options });
      i = end;
      continue;
    }
    const bracket = char === '[' ? bracketSource(pattern, i) : null;
    if (bracket) {
      elements.push({ kind: 'char', source: bracket.source });
      i = bracket.end;
    } else if (char === '*') {
      if (elements.at(-1)?.kind !== 'star') elements.push({ kind: 'star' });
    } else if (char === '?') elements.push({ kind: 'char', source: '.' });
    else if (char === '\\' && i + 1 < pattern.length) {
      const escaped = String.fromCodePoint(pattern.codePointAt(i + 1) ?? 0);
      elements.push({ kind: 'char', source: literal(escaped) });
      i += escaped.length;
    } else {
      elements.push({ kind: 'char', source: literal(char) });
      i += char.length - 1;
    }
  }
  return elements;
}

function isSign(char: string): char is Sign {
  return /^[?*+@!]$/.test(char);
}

function literal(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
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
