import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildSampleOpsRepo } from '../../cli/demo/sample-ops-repo.ts';
import { startGitHubSimulator } from '../../simulator/server.ts';
import { createReportingRepository, serveReportingStage } from './reporting-stage.ts';
import { createScriptedRepository } from './scripted-repository.ts';

/** The sample ops repo and its workbench behind the GitHub simulator, in Node; the tests run in workerd. */
export default async function setUp({ provide }: TestProject) {
  const directory = await mkdtemp(join(tmpdir(), 'lanekeeper-worker-'));
  const sample = await buildSampleOpsRepo(join(directory, 'homelab'), { now: new Date() });
  const reporting = createReportingRepository();
  const scripted = createScriptedRepository();
  const simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'you', name: 'homelab', gitDir: sample.gitDir },
      { owner: 'you', name: 'workbench', gitDir: join(sample.workbenchDir, '.git') },
      { owner: 'you', name: 'reporting', gitDir: reporting.scratch.gitDir },
      { owner: 'you', name: 'aging', gitDir: reporting.scratch.gitDir },
      { owner: 'you', name: 'scripted', gitDir: scripted.scratch.gitDir },
    ],
  });
  provide('githubUrl', simulator.url);
  provide('githubToken', simulator.token);
  const stage = await serveReportingStage(reporting, simulator, scripted.routes(simulator));
  provide('head', sample.head);
  provide('stageUrl', stage.url);
  provide('reportingHead', reporting.head);
  return async () => {
    stage.close();
    await simulator.close();
    reporting.scratch.remove();
    scripted.scratch.remove();
    await rm(directory, { recursive: true, force: true });
    if (simulator.violations.length > 0) {
      console.error(simulator.violations);
      throw new Error(`${simulator.violations.length} requests or answers broke GitHub's description`);
    }
  };
}
