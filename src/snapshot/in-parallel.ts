/** A Worker may hold six connections, a process so many open files; we leave some, and GitHub its peace. */
const AT_ONCE = 4;

/** Works on all items, a few at a time. After the first failure no other item is begun. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  // A generator, unlike an array's iterator, ends for everyone when one of its loops ends with an error.
  const queue = (function* () {
    yield* items;
  })();
  const drain = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, drain));
}
