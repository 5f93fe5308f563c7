/** Counts work instead of timing it: how often blocks of code were entered, which is the same on every machine. Import it before the code that is counted. */
import { Session } from 'node:inspector/promises';

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** Blocks that were entered while some work was done. What the engine does within one call, such as joining strings, is not seen. */
export async function countedWork(work: () => unknown): Promise<number> {
  await session.post('Profiler.takePreciseCoverage');
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  let entered = 0;
  for (const { functions } of result)
    for (const { ranges } of functions) for (const { count } of ranges) entered += count;
  return entered;
}
