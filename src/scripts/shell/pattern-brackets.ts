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
