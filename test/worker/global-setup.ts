import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildSampleOpsRepo } from '../../cli/demo/sample-ops-repo.ts';
import { startGitHubSimulator } from '../../simulator/server.ts';

/** The sample ops repo and its workbench behind the GitHub simulator, in Node; the tests run in workerd. */
export default async function setUp({ provide }: TestProject) {
  const directory = await mkdtemp(join(tmpdir(), 'lanekeeper-worker-'));
  const sample = await buildSampleOpsRepo(join(directory, 'homelab'), { now: new Date() });
  const simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'you', name: 'homelab', gitDir: sample.gitDir },
      { owner: 'you', name: 'workbench', gitDir: join(sample.workbenchDir, '.git') },
    ],
  });
  provide('githubUrl', simulator.url);
  provide('githubToken', simulator.token);
  provide('head', sample.head);
  return async () => {
    await simulator.close();
    await rm(directory, { recursive: true, force: true });
    if (simulator.violations.length > 0) {
      console.error(simulator.violations);
      throw new Error(`${simulator.violations.length} requests or answers broke GitHub's description`);
    }
  };
}
