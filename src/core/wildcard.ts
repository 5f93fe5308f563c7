/**
 * Whether the whole text matches a pattern in which `*` stands for any run of characters (also `/`) and `?` for exactly one.
 * Only the last `*` passed is ever stretched, so no pattern takes longer than the product of both lengths.
 */
export function matchesWildcard(text: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return text === pattern;
  const [given, wanted] = [[...text], [...pattern]];
  let [at, next, afterStar, stretched] = [0, 0, -1, 0];
  while (at < given.length) {
    if (wanted[next] === '*') {
      next++;
      [afterStar, stretched] = [next, at];
    } else if (next < wanted.length && (wanted[next] === '?' || wanted[next] === given[at])) {
      at++;
      next++;
    } else if (afterStar >= 0) {
      stretched++;
      [next, at] = [afterStar, stretched];
    } else return false;
  }
  return wanted.slice(next).every((char) => char === '*');
}
