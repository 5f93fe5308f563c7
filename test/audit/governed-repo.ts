import { SnapshotReader } from '../../src/audit/read/reader.ts';
import { untilRead } from '../../src/audit/read/until-all-read.ts';
import { viewOf } from '../../src/audit/read/view.ts';
import { GOVERNANCE_FILES, type Governance, readGovernance } from '../../src/audit/registry/governance.ts';
import { createClock } from '../../src/core/clock.ts';
import type { FileMode } from '../../src/core/snapshot.ts';
import { createTrace } from '../../src/core/trace.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';

export const NOW = Date.parse('2026-02-17T20:00:00Z');

/** Texts of the governance files; a file that is left out gets the smallest text that is well-formed. */
export interface GovernanceTexts {
  readonly topology?: string;
  readonly registry?: string;
  readonly domains?: string;
  readonly stabilization?: string;
}

const SMALLEST = {
  topology: 'gate_assignments: []\n',
  registry: 'gates: []\n',
  domains: 'domains: {}\n',
};

/** The governance files of an ops repo, by path. */
export function governanceFiles(texts: GovernanceTexts = {}): Record<string, string> {
  const { stabilization, ...files } = { ...SMALLEST, ...texts };
  const optional = stabilization === undefined ? {} : { [GOVERNANCE_FILES.stabilization]: stabilization };
  return {
    [GOVERNANCE_FILES.topology]: files.topology,
    [GOVERNANCE_FILES.registry]: files.registry,
    [GOVERNANCE_FILES.domains]: files.domains,
    ...optional,
  };
}

/** What Lanekeeper reads out of governance files. Throws what `readGovernance` throws. */
export async function governanceOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  now = NOW,
  modes: Readonly<Record<string, FileMode>> = {},
): Promise<Governance> {
  const target = new SnapshotReader('target', memorySnapshot({ files, modes }));
  const world = { target, siblings: new Map(), now, gates: new Map() };
  return untilRead(world, (here) => {
    const repo = viewOf(here.target, createTrace(), { severalDocuments: 'refused' });
    return readGovernance(repo, createClock(now));
  });
}
