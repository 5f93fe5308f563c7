import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSampleOpsRepo } from '../../cli/demo/sample-ops-repo.ts';
import { parseDefaultRegistry } from '../../src/audit/registry/defaults.ts';
import { type AuditRequest, runAudit } from '../../src/audit/run.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { gates } from '../../src/gates/index.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';

const ROUNDS = 5;

/** Milliseconds of CPU that `work` takes, the median of some rounds after one to warm up. */
async function cpu(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    if (round > 0) times.push((user + system) / 1000);
  }
  return times.sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
}

/** The same snapshot, with contents already in memory: what is left is the audit itself. */
async function inMemory(snapshot: Snapshot): Promise<Snapshot> {
  const contents = await snapshot.read(
    [...snapshot.entries].filter(([, { mode }]) => mode !== '160000').map(([path]) => path),
  );
  return {
    ...snapshot,
    read: async (paths) => new Map(paths.map((path) => [path, contents.get(path) ?? { unavailable: 'not read' }])),
  };
}

const scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-bench-'));
try {
  const [clone, revision] = process.argv.slice(2);
  const sample = clone ? undefined : await buildSampleOpsRepo(join(scratch, 'homelab'), { now: new Date() });
  const target = await inMemory(await directorySnapshot(clone ?? sample?.dir ?? '', revision ?? 'HEAD'));
  const siblings: Record<string, Snapshot> = sample ? { workbench: await directorySnapshot(sample.workbenchDir) } : {};
  const registry = parseDefaultRegistry(
    await readFile(join(import.meta.dirname, '../../bindings/default-registry.yaml'), 'utf8'),
  );
  const base: AuditRequest = { target, siblings, now: Date.now(), gates, defaultRegistry: registry };
  const { report } = await runAudit(base);
  const ran = report.gates.filter(({ verdict }) => verdict !== 'skip').map(({ number }) => number);

  const together = await cpu(() => runAudit(base));
  const apart = await cpu(async () => {
    for (const number of ran) await runAudit({ ...base, only: [number] });
  });
  const half = await cpu(() => runAudit({ ...base, lanes: ['core'] }));
  const lines = [
    `${report.repo} at ${report.sha?.slice(0, 10)}: ${target.entries.size} files, ${ran.length} gates run`,
    `every gate by itself / all in one audit   ${(apart / together).toFixed(1)} ×   (each file is read and parsed once)`,
    `all lanes / the core lane alone           ${(together / half).toFixed(1)} ×`,
    `one audit: ${together.toFixed(0)} ms of CPU on this machine, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`,
  ];
  console.log(lines.join('\n'));
} finally {
  await rm(scratch, { recursive: true, force: true });
}
