/** For `deviates` of gates whose script ends a match at a byte that it cannot read as text. */
export const UNDECODABLE_BYTES =
  'A NUL byte, or one that is not UTF-8, between two words does not hide a match from us, as it does from the script.';

const WORD = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]';
const UNICODE: Readonly<Record<string, string>> = {
  '\\b': `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`,
  '\\w': WORD,
  '\\s': '\\p{White_Space}',
};

/** The pattern as ripgrep reads it, for one line: words and blanks are Unicode's, `.` is any character. It keeps the flag `i`. */
export function ripgrep(pattern: RegExp): RegExp {
  return translated(pattern, UNICODE);
}

/** The pattern as GNU grep reads it, for one line: words and blanks are ASCII's, `.` is any character. It keeps the flag `i`. */
export function gnuGrep(pattern: RegExp): RegExp {
  return translated(pattern, { '\\s': '[ \\t\\r\\v\\f]' });
}

function translated({ source, ignoreCase }: RegExp, classes: Readonly<Record<string, string>>): RegExp {
  const translation = source.replace(/\\./g, (token) => classes[token] ?? token);
  return new RegExp(translation, ignoreCase ? 'isu' : 'su');
}
