import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createScratchRepository, type ScratchRepository } from '../../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';
import { githubCheckRuns } from '../../src/checks/github.ts';
import { createGitHubClient } from '../../src/github/client.ts';
import { checkResult } from '../../src/reported/check-results.ts';

let scratch: ScratchRepository;
let simulator: GitHubSimulator;
let sha: string;

beforeEach(async () => {
  scratch = createScratchRepository();
  sha = scratch.commit({ 'README.md': 'hello\n' });
  simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'you', name: 'homelab', gitDir: scratch.gitDir, private: true, roles: { 'lanekeeper-bot': 'write' } },
    ],
  });
});
afterEach(async () => {
  expect(simulator.violations).toEqual([]);
  await simulator.close();
  scratch.remove();
});

function read(token = simulator.token) {
  const client = createGitHubClient({ baseUrl: simulator.url, auth: { token }, now: Date.now, retryDelays: [] });
  return githubCheckRuns(client, { owner: 'you', repo: 'homelab' }).read(sha);
}

describe('the checks of a commit', () => {
  test('none is an empty list, and one request', async () => {
    expect(await read()).toEqual([]);
    expect(simulator.requests).toHaveLength(1);
  });

  test('are read with their annotations, in one request', async () => {
    simulator.reportCheckRun({
      sha,
      name: 'nix flake check',
      workflow: 'CI',
      conclusion: 'failure',
      title: 'Flake',
      summary: '1 error',
      annotations: [{ level: 'failure', path: 'flake.nix', line: 12, title: null, message: 'infinite recursion' }],
    });
    simulator.reportCheckRun({ sha, name: 'pytest', conclusion: null });
    expect(await read()).toMatchObject([
      {
        name: 'nix flake check',
        workflow: 'CI',
        state: 'failure',
        summary: 'Flake\n1 error',
        annotations: [{ level: 'failure', path: 'flake.nix', line: 12, title: '', message: 'infinite recursion' }],
      },
      { name: 'pytest', workflow: null, state: 'pending', completedAt: null },
    ]);
    expect(simulator.requests).toHaveLength(1);
  });

  test('a re-run takes the place of the run before', async () => {
    simulator.reportCheckRun({ sha, name: 'pytest', conclusion: 'failure' });
    simulator.reportCheckRun({ sha, name: 'pytest', conclusion: 'success' });
    expect(checkResult('pytest', await read())).toEqual({ verdict: 'pass', findings: [] });
  });

  test('more than a hundred are read page by page', async () => {
    for (let index = 0; index < 130; index++)
      simulator.reportCheckRun({ sha, name: `job ${index}`, conclusion: 'success' });
    expect(await read()).toHaveLength(130);
    expect(simulator.requests).toHaveLength(2);
  });

  test.each([
    ['success', 'pass', undefined],
    ['failure', 'fail', undefined],
    ['neutral', 'blind', 'The check ci ended as neutral, which is neither pass nor fail.'],
    ['cancelled', 'blind', 'The check ci was cancelled.'],
    ['skipped', 'blind', 'The check ci was skipped.'],
    ['timed_out', 'blind', 'The check ci ran out of time.'],
    ['action_required', 'blind', 'The check ci waits for somebody to approve it.'],
    ['startup_failure', 'blind', 'The check ci could not start.'],
    ['stale', 'blind', 'The check ci was given up by GitHub.'],
    [null, 'blind', 'The check ci has not ended yet.'],
  ])('%s is %s', async (conclusion, verdict, reason) => {
    simulator.reportCheckRun({ sha, name: 'ci', conclusion });
    expect(checkResult('ci', await read())).toMatchObject({ verdict, ...(reason ? { reason } : {}) });
  });

  test('without the permission it says which one to grant', async () => {
    simulator.addToken({
      token: 'narrow',
      login: 'lanekeeper-bot',
      permissions: { contents: 'read', issues: 'write' },
    });
    await expect(read('narrow')).rejects.toThrow('grant checks: read and commit statuses: read');
  });
});
