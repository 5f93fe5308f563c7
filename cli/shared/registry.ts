import { settle } from '../../src/audit/evaluate.ts';
import { SnapshotReader } from '../../src/audit/reader.ts';
import { type RegisteredGate, readGovernance } from '../../src/audit/registry/governance.ts';
import { createClock } from '../../src/core/clock.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { createTrace } from '../../src/core/trace.ts';

/** Every gate that a repo registers, in its order. Throws `CouldNotAudit` where the governance files are missing or malformed. */
export async function registeredGates(target: Snapshot, now: number): Promise<readonly RegisteredGate[]> {
  const world = { target: new SnapshotReader('target', target), siblings: new Map(), now, gates: new Map() };
  const [governance] = await settle(world, [
    (here) => readGovernance(here.target.viewFor(createTrace()), createClock(now)),
  ]);
  if (governance === undefined || governance instanceof Error) throw governance ?? new Error('no result');
  return [...governance.gates.values()];
}
