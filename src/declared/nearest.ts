/** The known word that differs least from a given one; undefined where none is near. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const word = given.slice(0, 60).toLowerCase();
  const allowed = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let least = allowed + 1;
  for (const candidate of known) {
    const distance = distanceBetween(word, candidate.toLowerCase());
    // Of two that are as near, letters are sooner lost than mistaken.
    const cost = distance - (holdsLettersOf(word, candidate.toLowerCase()) ? 0.5 : 0);
    if (distance <= allowed && cost < least) [best, least] = [candidate, cost];
  }
  return best;
}

/** Whether a word is another with letters left out. */
function holdsLettersOf(word: string, candidate: string): boolean {
  let at = 0;
  for (const letter of candidate) if (letter === word[at]) at++;
  return at === word.length;
}

/** How many letters have to be put in, taken out, replaced or swapped with the next. */
function distanceBetween(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const line = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const steps = [
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (isSame ? 0 : 1),
      ];
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwap && row > 1 && column > 1) steps.push((before[column - 2] ?? 0) + 1);
      line.push(Math.min(...steps));
    }
    [before, above] = [above, line];
  }
  return above[other.length] ?? one.length;
}
