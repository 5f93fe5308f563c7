import { SnapshotReader } from '../../src/audit/read/reader.ts';
import { untilRead } from '../../src/audit/read/until-all-read.ts';
import { viewOf } from '../../src/audit/read/view.ts';
import { type RegisteredGate, readGovernance } from '../../src/audit/registry/governance.ts';
import { createClock } from '../../src/core/clock.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { createTrace } from '../../src/core/trace.ts';

/** Every gate that a repo registers, in its order. Throws `CouldNotAudit` where the governance files are missing or malformed. */
export async function registeredGates(target: Snapshot, now: number): Promise<readonly RegisteredGate[]> {
  const world = { target: new SnapshotReader('target', target), siblings: new Map(), now, gates: new Map() };
  const governance = await untilRead(world, (here) =>
    readGovernance(viewOf(here.target, createTrace()), createClock(now)),
  );
  return [...governance.gates.values()];
}
