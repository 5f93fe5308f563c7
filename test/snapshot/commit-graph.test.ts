import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';
import { createGitHubClient } from '../../src/github/client.ts';
import { cloneCommitGraph, firstCommit } from '../../src/snapshot/clone/commit-graph.ts';
import { githubCommitGraph } from '../../src/snapshot/github/commit-graph.ts';
import { testCommitGraph } from '../conformance/commit-graph.ts';
import { createGitFixture, type GitFixture, runGit } from '../conformance/git-fixture.ts';

describe('the log of a clone', () => {
  testCommitGraph(async (fixture) => cloneCommitGraph(fixture.gitDir));

  test('a shallow clone says that it is one', async () => {
    const fixture = createGitFixture(
      Array.from({ length: 5 }, (_, index) => ({ name: `${index}`, files: { a: `${index}` } })),
    );
    const clone = mkdtempSync(join(tmpdir(), 'shallow-'));
    try {
      runGit(clone, 'clone', '--quiet', '--depth=2', `file://${fixture.gitDir}`, '.');
      expect(await cloneCommitGraph(clone).between(fixture.sha('0'), fixture.sha('4'), 10)).toEqual({
        unavailable: 'the clone is shallow and does not reach back so far (git fetch --unshallow)',
      });
      expect(await firstCommit(fixture.gitDir, 'main')).toBe(fixture.sha('0'));
    } finally {
      fixture.remove();
      rmSync(clone, { recursive: true, force: true });
    }
  });
});

describe('the log of a repository at GitHub', () => {
  let simulator: GitHubSimulator | undefined;
  afterAll(async () => {
    expect(simulator?.violations).toEqual([]);
    await simulator?.close();
  });

  let fixture: GitFixture | undefined;
  testCommitGraph(async (made) => {
    fixture = made;
    const { gitDir } = made;
    simulator = await startGitHubSimulator({ repositories: [{ owner: 'ronny', name: 'ops', gitDir }] });
    const client = createGitHubClient({
      baseUrl: simulator.url,
      auth: { token: simulator.token },
      now: Date.now,
      timeout: 20_000,
    });
    return githubCommitGraph(client, { owner: 'ronny', repo: 'ops' });
  });

  test('one request lists the commits, one finds those that touch many paths', async () => {
    const client = createGitHubClient({
      baseUrl: simulator?.url ?? '',
      auth: { token: simulator?.token ?? '' },
      now: Date.now,
    });
    const log = githubCommitGraph(client, { owner: 'ronny', repo: 'ops' });
    const head = fixture?.sha('noise 150') ?? '';
    const answer = await log.between(fixture?.sha('a2') ?? '', head, 200);
    expect(client.counts.target).toBe(1);
    const commits = 'commits' in answer ? answer.commits : [];
    expect(commits).toHaveLength(158);
    await log.touching(
      head,
      commits,
      [...Array(20).keys()].map((each) => `${each}.md`),
    );
    expect(client.counts.target).toBe(2);
  });
});
