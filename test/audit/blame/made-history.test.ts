import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GitHubSimulator, startGitHubSimulator } from '../../../simulator/server.ts';
import { type Archive, type Blame, blame } from '../../../src/audit/blame/blame.ts';
import { memoryBlobCache } from '../../../src/core/blob-cache.ts';
import { createGitHubClient } from '../../../src/github/client.ts';
import { cloneCommitGraph } from '../../../src/snapshot/clone/commit-graph.ts';
import { directorySnapshot } from '../../../src/snapshot/clone/directory.ts';
import { githubCommitGraph } from '../../../src/snapshot/github/commit-graph.ts';
import { githubSnapshot } from '../../../src/snapshot/github/snapshot.ts';
import { createGitFixture, type GitFixture } from '../../conformance/git-fixture.ts';
import { ASKED, type Breakage, madeHistory, NOW, THEN } from './made-history.ts';

const { commits, sibling, first, breakages } = madeHistory();
const LIMITS = { commits: 1000, states: 40 };

let target: GitFixture;
let app: GitFixture;
let simulator: GitHubSimulator;
beforeAll(async () => {
  target = createGitFixture(commits);
  app = createGitFixture(sibling);
  simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'ronny', name: 'ops', gitDir: target.gitDir },
      { owner: 'ronny', name: 'app', gitDir: app.gitDir, sibling: true },
    ],
  });
});
afterAll(async () => {
  expect(simulator.violations).toEqual([]);
  await simulator.close();
  target.remove();
  app.remove();
});

test('it is a history of 500 commits with 30 breakages', () => {
  expect(commits).toHaveLength(500);
  expect(breakages).toHaveLength(30);
});

interface Archives {
  readonly ops: Archive;
  readonly app: Archive;
}

async function blamed({ gate }: Breakage, { ops, app: siblingArchive }: Archives): Promise<Blame> {
  const head = target.git('rev-parse', 'main');
  const siblingHead = app.git('rev-parse', 'main');
  return blame({
    gate: gate.name,
    findings: null,
    circumstances: {
      gates: [...breakages.map((each) => each.gate), ASKED],
      defaultRegistry: { gates: [], lanes: [] },
    },
    target: { ...(await ops.open(head)), sha: head },
    siblings: { app: await siblingArchive.open(siblingHead) },
    now: NOW,
    lastGood: { sha: target.sha(first), at: THEN, siblings: { app: app.sha('sibling first') } },
    archive: ops,
    siblingArchives: { app: siblingArchive },
    limits: LIMITS,
  });
}

/** The answer in the terms of the made history. */
function inNames({ brokenBy }: Blame) {
  const name = (sha: string) =>
    [...commits, ...sibling].find((each) => [target, app].some((fixture) => shaIn(fixture, each.name) === sha))?.name;
  switch (brokenBy?.kind) {
    case 'commit':
      return {
        kind: 'commit',
        commit: name(brokenBy.commit.sha),
        ...(brokenBy.mergedBy ? { mergedBy: name(brokenBy.mergedBy.sha) } : {}),
      };
    case 'range':
      return { kind: 'range', from: name(brokenBy.from), to: name(brokenBy.to) };
    case 'sibling':
      return { kind: 'sibling', commit: name(brokenBy.commit?.sha ?? '') };
    default:
      return brokenBy;
  }
}

function shaIn(fixture: GitFixture, name: string): string | undefined {
  try {
    return fixture.sha(name);
  } catch {
    return undefined;
  }
}

describe('in a clone', () => {
  const judged: number[] = [];

  test.each(breakages.map((each) => [each.gate.name, each] as const))('%s', async (_name, breakage) => {
    const archive = ({ gitDir }: GitFixture): Archive => ({
      graph: cloneCommitGraph(gitDir),
      open: (sha) => directorySnapshot(gitDir, sha),
    });
    const result = await blamed(breakage, { ops: archive(target), app: archive(app) });
    judged.push(result.judged);
    expect(inNames(result)).toEqual(breakage.expected);
  });

  test('few states are judged', () => {
    console.info(`clone: ${sum(judged)} states judged for 30 gates, at most ${Math.max(...judged)} for one`);
    expect(sum(judged)).toBeLessThan(210);
    expect(Math.max(...judged)).toBeLessThan(25);
  });
});

describe('at GitHub', () => {
  const judged: number[] = [];
  const requests: number[] = [];
  test.each(breakages.map((each) => [each.gate.name, each] as const))('%s', async (_name, breakage) => {
    const client = createGitHubClient({ baseUrl: simulator.url, auth: { token: simulator.token }, now: Date.now });
    const archive = (repo: string): Archive => {
      const place = { owner: 'ronny', repo };
      const cache = memoryBlobCache();
      return { graph: githubCommitGraph(client, place), open: (sha) => githubSnapshot(client, place, sha, cache) };
    };
    const result = await blamed(breakage, { ops: archive('ops'), app: archive('app') });
    judged.push(result.judged);
    requests.push(client.counts.target);
    expect(inNames(result)).toEqual(breakage.expected);
  });

  test('few requests are made', () => {
    const [all, most] = [sum(requests), Math.max(...requests)];
    console.info(`GitHub: ${sum(judged)} states judged and ${all} requests for 30 gates, at most ${most} for one`);
    expect(all).toBeLessThan(470);
    expect(most).toBeLessThan(35);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
