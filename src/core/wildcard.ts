/** Whether the whole text matches a pattern in which `*` stands for any run of characters (also `/`) and `?` for exactly one. */
export function matchesWildcard(text: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return text === pattern;
  const [wanted, given] = [[...pattern], [...text]];
  let [at, read] = [0, 0];
  let star = -1;
  let resume = 0;
  // On a mismatch only the latest star needs to take one character more, so this never takes longer than text × pattern.
  while (read < given.length) {
    if (wanted[at] === '*') {
      star = at++;
      resume = read;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[read])) {
      at++;
      read++;
    } else if (star >= 0) {
      at = star + 1;
      read = ++resume;
    } else return false;
  }
  return wanted.slice(at).every((rest) => rest === '*');
}
