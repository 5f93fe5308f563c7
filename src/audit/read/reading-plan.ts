import type { Gate } from '../../core/gate.ts';
import type { World } from '../world.ts';
import type { SnapshotReader } from './reader.ts';

export interface ReadingPlan {
  /** Those that name the same large file one after another, the largest first: so few parsed files are held at once. The order changes no verdict. */
  readonly order: readonly Gate[];
  /** Is told of each gate that has its verdict: what no other gate names is no longer held parsed. Whoever reads it all the same has it parsed again. */
  done(gate: Gate): void;
}

/** Asks for the files that gates name, and plans how long they are held parsed. */
export function planReading(world: World, gates: readonly Gate[]): ReadingPlan {
  const named = new Map(gates.map((gate) => [gate, prefetch(gate, world)]));
  const users = new Map<SnapshotReader, Map<string, number>>();
  const count = (files: readonly Named[], by: 1 | -1) => {
    for (const { reader, path } of files) {
      const counts = users.get(reader) ?? new Map<string, number>();
      users.set(reader, counts);
      counts.set(path, (counts.get(path) ?? 0) + by);
    }
  };
  for (const gate of gates) count(named.get(gate) ?? [], 1);
  return {
    order: byLargestFile(named),
    done(gate) {
      count(named.get(gate) ?? [], -1);
      for (const reader of [world.target, ...world.siblings.values()])
        reader.letGo((path) => (users.get(reader)?.get(path) ?? 0) > 0);
    },
  };
}

/** A file that a gate names. */
interface Named {
  readonly reader: SnapshotReader;
  readonly path: string;
}

function prefetch({ reads, siblingReads = {} }: Gate, { target, siblings }: World): readonly Named[] {
  const named = target.prefetch(reads).map((path) => ({ reader: target, path }));
  for (const [name, paths] of Object.entries(siblingReads)) {
    const reader = siblings.get(name);
    if (reader) named.push(...reader.prefetch(paths).map((path) => ({ reader, path })));
  }
  return named;
}

function byLargestFile(named: ReadonlyMap<Gate, readonly Named[]>): readonly Gate[] {
  const weighed = [...named].map(([gate, files]) => ({ gate, ...largestOf(files) }));
  weighed.sort((one, other) => other.size - one.size || (one.path < other.path ? -1 : Number(one.path > other.path)));
  return weighed.map(({ gate }) => gate);
}

function largestOf(files: readonly Named[]): { readonly path: string; readonly size: number } {
  let largest = { path: '', size: 0 };
  for (const { reader, path } of files) {
    const size = reader.snapshot.entries.get(path)?.size ?? 0;
    if (size > largest.size) largest = { path, size };
  }
  return largest;
}
