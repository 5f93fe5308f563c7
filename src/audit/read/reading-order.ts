import type { Gate } from '../../core/gate.ts';
import type { World } from '../world.ts';
import type { SnapshotReader } from './reader.ts';

/** Files by the reader that has them. */
type Files = ReadonlyMap<SnapshotReader, ReadonlySet<string>>;

/**
 * Gates in an order in which few parsed files are held at once: those that name the same large file come one after another, the largest first.
 * The order changes no verdict.
 */
export function inReadingOrder(world: World, gates: readonly Gate[]): readonly Gate[] {
  const weighed = gates.map((gate) => ({ gate, ...largestOf(filesOf(gate, world)) }));
  weighed.sort((one, other) => other.size - one.size || (one.path < other.path ? -1 : Number(one.path > other.path)));
  return weighed.map(({ gate }) => gate);
}

/**
 * Lets go of parsed files while gates are judged: it is told of each gate that is done, and what no other gate names is no longer held.
 * A gate that reads what it does not name has it parsed for itself.
 */
export function partingWith(world: World, gates: readonly Gate[]): (done: Gate) => void {
  const users = new Map<SnapshotReader, Map<string, number>>();
  const count = (gate: Gate, by: 1 | -1) => {
    for (const [reader, paths] of filesOf(gate, world)) {
      const counts = users.get(reader) ?? new Map<string, number>();
      users.set(reader, counts);
      for (const path of paths) counts.set(path, (counts.get(path) ?? 0) + by);
    }
  };
  for (const gate of gates) count(gate, 1);
  return (done) => {
    count(done, -1);
    for (const reader of [world.target, ...world.siblings.values()])
      reader.letGo((path) => (users.get(reader)?.get(path) ?? 0) > 0);
  };
}

function filesOf({ reads, siblingReads = {} }: Gate, { target, siblings }: World): Files {
  const files = new Map([[target, new Set(target.named(reads))]]);
  for (const [name, paths] of Object.entries(siblingReads)) {
    const sibling = siblings.get(name);
    if (sibling) files.set(sibling, new Set(sibling.named(paths)));
  }
  return files;
}

function largestOf(files: Files): { readonly path: string; readonly size: number } {
  let largest = { path: '', size: 0 };
  for (const [{ snapshot }, paths] of files) {
    for (const path of paths) {
      const size = snapshot.entries.get(path)?.size ?? 0;
      if (size > largest.size) largest = { path, size };
    }
  }
  return largest;
}
