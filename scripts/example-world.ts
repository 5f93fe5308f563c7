import { SnapshotReader } from '../src/audit/read/reader.ts';
import type { World } from '../src/audit/world.ts';
import { NO_REPORTED_FACTS, type ReportedFacts } from '../src/core/facts.ts';
import type { Example, Gate } from '../src/core/gate.ts';
import { memorySnapshot } from '../src/snapshot/memory.ts';

/** The time of an example that names none: the certification's. */
const NOW = '2026-02-17T20:00:00Z';

/** The small world of a gate's example, for tests and for the catalogue. */
export function exampleWorld(example: Example, gates: ReadonlyMap<string, Gate>): World {
  const { files, executable = [], siblings = {}, uncommitted = [], history, now = NOW, reported, resultsAt } = example;
  const modes = Object.fromEntries(executable.map((path) => [path, '100755' as const]));
  const readers = Object.entries(siblings).map(
    ([name, siblingFiles]) => [name, new SnapshotReader(name, memorySnapshot({ files: siblingFiles }))] as const,
  );
  const target = new SnapshotReader('target', memorySnapshot({ files, modes, uncommitted, history }));
  return { target, siblings: new Map(readers), now: Date.parse(now), gates, reported: reportedOf(reported, resultsAt) };
}

function reportedOf(tables: Example['reported'] = {}, resultsAt?: number): ReportedFacts {
  const newest = new Map<string, number>();
  for (const { runner, at } of Object.values(tables).flat()) newest.set(runner, Math.max(at, newest.get(runner) ?? 0));
  const facts = [...newest].map(([runner, at]) => ({ kind: 'facts' as const, runner, at }));
  const results = resultsAt === undefined ? [] : [{ kind: 'results' as const, runner: 'ci', at: resultsAt }];
  return {
    ...NO_REPORTED_FACTS,
    tables: (name) => (Object.hasOwn(tables, name) ? (tables[name] ?? []) : []),
    arrivals: [...results, ...facts],
  };
}
