import { SnapshotReader } from '../src/audit/read/reader.ts';
import type { World } from '../src/audit/world.ts';
import { NO_REPORTED_FACTS, type ReportedFacts } from '../src/core/facts.ts';
import type { Example, Gate } from '../src/core/gate.ts';
import { memorySnapshot } from '../src/snapshot/memory.ts';

/** The time of an example that names none: the certification's. */
const NOW = '2026-02-17T20:00:00Z';

/** The small world of a gate's example, for tests and for the catalogue. */
export function exampleWorld(example: Example, gates: ReadonlyMap<string, Gate>): World {
  const { files, executable = [], siblings = {}, uncommitted = [], history, now = NOW, reported } = example;
  const modes = Object.fromEntries(executable.map((path) => [path, '100755' as const]));
  const readers = Object.entries(siblings).map(
    ([name, siblingFiles]) => [name, new SnapshotReader(name, memorySnapshot({ files: siblingFiles }))] as const,
  );
  const target = new SnapshotReader('target', memorySnapshot({ files, modes, uncommitted, history }));
  return { target, siblings: new Map(readers), now: Date.parse(now), gates, reported: reportedOf(reported) };
}

function reportedOf(tables: Example['reported'] = {}): ReportedFacts {
  const times = Object.values(tables).flatMap((all) => all.map(({ at }) => at));
  return {
    ...NO_REPORTED_FACTS,
    tables: (name) => (Object.hasOwn(tables, name) ? (tables[name] ?? []) : []),
    lastArrival: times.length > 0 ? Math.max(...times) : null,
  };
}
