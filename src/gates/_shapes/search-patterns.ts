/** For gates whose script searches with a tool that takes undecodable bytes apart: ours reads such a byte as one character. */
export const UNDECODABLE_BYTES =
  'A byte that is not UTF-8 does not hide a match on its line, as it sometimes does for the script.';

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
