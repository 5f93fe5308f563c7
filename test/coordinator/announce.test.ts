import { afterEach, beforeEach, expect, test } from 'vitest';
import { createScratchRepository, type ScratchRepository } from '../../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';
import { announce } from '../../src/coordinator/announce.ts';
import { rowsOf } from '../../src/coordinator/rows.ts';
import { memoryLedger } from '../../src/core/ledger.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { createGitHubClient } from '../../src/github/client.ts';
import { githubStatus } from '../../src/status/github.ts';
import { audits } from '../web/fixture.ts';

let scratch: ScratchRepository;
let simulator: GitHubSimulator;
let sha: string;

beforeEach(async () => {
  scratch = createScratchRepository();
  sha = scratch.commit({ 'a.yaml': 'x: 1\n' });
  simulator = await startGitHubSimulator({ repositories: [{ owner: 'you', name: 'homelab', gitDir: scratch.gitDir }] });
});
afterEach(async () => {
  await simulator.close();
  scratch.remove();
  expect(simulator.violations).toEqual([]);
});

function board(token = simulator.token) {
  const client = createGitHubClient({ baseUrl: simulator.url, auth: { token }, now: Date.now, retryDelays: [] });
  return {
    client,
    board: githubStatus(client.for('status'), {
      owner: 'you',
      repo: 'homelab',
      pageUrl: 'https://lanes.example/you/homelab',
    }),
  };
}

function audit(night: number): StoredAudit {
  const found = audits()[night];
  if (!found) throw new Error('no such night');
  return { ...found, report: { ...found.report, sha } };
}

test('an audit marks its commit, once, and links to itself', async () => {
  const rows = rowsOf(memoryLedger());
  const { client, board: statuses } = board();
  expect(await announce(audit(0), statuses, rows)).toBeNull();
  expect(await announce(audit(1), statuses, rows)).toBeNull();
  expect(simulator.statuses(sha)).toMatchObject([
    { state: 'success', context: 'lanekeeper', targetUrl: `https://lanes.example/you/homelab?at=${sha}` },
  ]);
  expect(client.counts.status).toBe(1);
  expect(await announce(audit(2), statuses, rows)).toBeNull();
  expect(
    simulator
      .statuses(sha)
      .map(({ state }) => state)
      .sort(),
  ).toEqual(['failure', 'success']);
});

test('a refusal is told with its remedy and tried again', async () => {
  const rows = rowsOf(memoryLedger());
  simulator.addToken({
    token: 'github_pat_11READ',
    login: 'lanekeeper-bot',
    permissions: { contents: 'read', metadata: 'read' },
  });
  const trouble = await announce(audit(0), board('github_pat_11READ').board, rows);
  expect(trouble).toMatch(/commit status could not be written.*write commit statuses/);
  expect(await announce(audit(0), board().board, rows)).toBeNull();
  expect(simulator.statuses(sha)).toHaveLength(1);
});
