import { Suspended } from '../../core/signals.ts';
import type { World } from '../world.ts';

/** How often a reading may learn that it has to read more. Paths learned from files learned from files: two rounds are common. */
const MAX_ROUNDS = 5;

/** Something that reads a world and may be suspended: a gate, or the resolution of lanes. */
export type Reading<T> = (world: World) => T;

interface Telling {
  /** How many of the readings are gates, for the progress. */
  readonly total?: number;
  /** Awaited before each reading, with its index. */
  readonly before?: ((index: number) => Promise<void>) | undefined;
}

/**
 * Runs readings until none is suspended any more: all that were missing something wait for one common fetch, then start over.
 * Returns their results in order; a reading that is still suspended after five rounds gives an Error instead.
 */
export async function untilAllRead<T>(
  world: World,
  readings: readonly Reading<T>[],
  { total = 0, before }: Telling = {},
): Promise<(T | Error)[]> {
  const results = new Map<number, T | Error>();
  const readers = [world.target, ...world.siblings.values()];
  for (let round = 0; ; round++) {
    const files = readers.reduce((sum, { missingFiles }) => sum + missingFiles, 0);
    world.onProgress?.({ files, done: total && results.size, total });
    await Promise.all(readers.map((reader) => reader.fetchMissing()));
    for (const [index, reading] of readings.entries()) {
      if (results.has(index)) continue;
      await before?.(index);
      try {
        results.set(index, reading(world));
      } catch (error) {
        if (!(error instanceof Suspended)) throw error;
        if (round === MAX_ROUNDS) results.set(index, new Error(`still reading new files after ${MAX_ROUNDS} rounds`));
      }
    }
    if (results.size === readings.length) return inOrder(results);
  }
}

function inOrder<T>(results: ReadonlyMap<number, T>): T[] {
  return [...results].sort(([one], [other]) => one - other).map(([, result]) => result);
}

/** One reading by itself. Throws what it throws. */
export async function untilRead<T>(world: World, reading: Reading<T>): Promise<T> {
  for (const result of await untilAllRead(world, [reading])) {
    if (result instanceof Error) throw result;
    return result;
  }
  throw new Error('one reading has one result');
}
