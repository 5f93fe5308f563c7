/** Whether the whole text matches a pattern in which `*` stands for any run of characters (also `/`) and `?` for exactly one. */
export function matchesWildcard(text: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return text === pattern;
  return matchesTokens(text, [...pattern], (token, char) => token === '?' || token === char);
}

/**
 * Whether the whole text matches tokens of which `*` stands for any run of characters, and any other for each one that it admits.
 * Only the last `*` passed is ever stretched, so no pattern takes longer than the product of both lengths.
 */
export function matchesTokens(
  text: string,
  tokens: readonly string[],
  admits: (token: string, char: string) => boolean,
): boolean {
  const given = [...text];
  let [at, next, afterStar, stretched] = [0, 0, -1, 0];
  while (at < given.length) {
    const token = tokens[next];
    if (token === '*') {
      next++;
      [afterStar, stretched] = [next, at];
    } else if (token !== undefined && admits(token, given[at] ?? '')) {
      at++;
      next++;
    } else if (afterStar >= 0) {
      stretched++;
      [next, at] = [afterStar, stretched];
    } else return false;
  }
  return tokens.slice(next).every((token) => token === '*');
}
