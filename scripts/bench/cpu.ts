const ROUNDS = 3;
/** What takes longer than this (ms) is not repeated. */
const LONG = 2_000;

/** Milliseconds of CPU that this process takes for some work: the least of three tries, since a busy machine only adds. */
export async function cpuOf(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
    if (least > LONG) break;
  }
  return least;
}
