import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildSampleOpsRepo } from '../../cli/demo/sample-ops-repo.ts';
import { startGitHubSimulator } from '../../simulator/server.ts';
import { parseDefaultRegistry } from '../../src/audit/registry/defaults.ts';
import { runAudit } from '../../src/audit/run.ts';
import { memoryBlobCache } from '../../src/core/blob-cache.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { gates } from '../../src/gates/index.ts';
import { createGitHubClient } from '../../src/github/client.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { githubSnapshot } from '../../src/snapshot/github/snapshot.ts';

/** A clone to compare on besides the sample, such as the reference, and the commit to audit. */
const { LANEKEEPER_REFERENCE: reference, LANEKEEPER_COMMIT: commit = 'HEAD' } = process.env;

async function audit(target: Snapshot, siblings: Record<string, Snapshot>, now: number) {
  const registry = await readFile(join(import.meta.dirname, '../../bindings/default-registry.yaml'), 'utf8');
  const request = { target, siblings, now, gates, defaultRegistry: parseDefaultRegistry(registry) };
  const { report } = await runAudit(request);
  return { lanes: report.lanes, gates: report.gates, complete: report.complete };
}

/** The same commit once from the clone and once through GitHub's API, and the requests that took. */
async function compare(gitDir: string, revision: string, siblings: Record<string, Snapshot>, now: number) {
  const simulator = await startGitHubSimulator({ repositories: [{ owner: 'you', name: 'repo', gitDir }] });
  try {
    const local = await directorySnapshot(gitDir, revision);
    const client = createGitHubClient({ baseUrl: simulator.url, auth: { token: simulator.token }, now: Date.now });
    const place = { owner: 'you', repo: 'repo' };
    const remote = await githubSnapshot(client, place, local.sha ?? '', memoryBlobCache());
    const results = [await audit(remote, siblings, now), await audit(local, siblings, now)] as const;
    expect(simulator.violations).toEqual([]);
    return { results, requests: client.counts.target };
  } finally {
    await simulator.close();
  }
}

test('an audit through the GitHub API says what an audit of the clone says', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-same-'));
  try {
    const now = new Date();
    const sample = await buildSampleOpsRepo(join(scratch, 'homelab'), { now, state: 'messy' });
    const siblings = { workbench: await directorySnapshot(sample.workbenchDir) };
    const { results, requests } = await compare(sample.gitDir, 'HEAD', siblings, now.getTime());
    expect(results[0]).toEqual(results[1]);
    expect(requests).toBeLessThanOrEqual(16);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});

test.runIf(reference)('and so it does on the reference', async () => {
  const { results, requests } = await compare(reference ?? '', commit, {}, Date.parse('2026-02-17T20:00:00Z'));
  expect(results[0]).toEqual(results[1]);
  expect(requests).toBeLessThanOrEqual(15);
  console.log(`${requests} requests`);
});
