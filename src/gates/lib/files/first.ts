/** The first finding and nothing after it, for scripts that stop at the first thing that is wrong. */
export function* first<T>(findings: Iterable<T>): Generator<T> {
  for (const finding of findings) return yield finding;
}
