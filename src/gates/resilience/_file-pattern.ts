/**
 * Whether a file's name matches a shell pattern: `*`, `?` and classes such as `[0-9]` or `[!x]`.
 * Patterns come from the audited repo, so none may be refused or take long: only the last `*` passed is ever stretched.
 */
export function matchesFilePattern(name: string, pattern: string): boolean {
  const tokens = pattern.match(/\[[!^]?[^\]]+\]|./gsu) ?? [];
  const given = [...name];
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

function admits(token: string, char: string): boolean {
  if (token === '?' || token === char) return true;
  const [, negation, members] = /^\[([!^]?)(.+)\]$/su.exec(token) ?? [];
  if (members === undefined) return false;
  const ranges = [...members.matchAll(/(.)-(.)|(.)/gsu)];
  const isMember = ranges.some(([, from, to, single]) =>
    from !== undefined && to !== undefined ? from <= char && char <= to : single === char,
  );
  return isMember !== (negation !== '');
}
