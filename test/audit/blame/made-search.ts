/** The made history in real repositories, and the search for what broke each gate there: in a clone, or at GitHub. */
import { type GitHubSimulator, startGitHubSimulator } from '../../../simulator/server.ts';
import { type Archive, type Blame, blame } from '../../../src/audit/blame/blame.ts';
import { memoryBlobCache } from '../../../src/core/blob-cache.ts';
import { createGitHubClient } from '../../../src/github/client.ts';
import { cloneCommitGraph } from '../../../src/snapshot/clone/commit-graph.ts';
import { directorySnapshot } from '../../../src/snapshot/clone/directory.ts';
import { githubCommitGraph } from '../../../src/snapshot/github/commit-graph.ts';
import { githubSnapshot } from '../../../src/snapshot/github/snapshot.ts';
import { createGitFixture, type GitFixture } from '../../conformance/git-fixture.ts';
import { ASKED, type Breakage, type Expected, madeHistory, NOW, THEN } from './made-history.ts';

const LIMITS = { commits: 1000, states: 40 };

/** What a search came to, in the names of the made history. */
export interface Searched {
  readonly found: Expected | Blame['brokenBy'];
  /** States that were judged. */
  readonly judged: number;
  /** What GitHub was asked; 0 in a clone. */
  readonly requests: number;
}

export interface MadeRepositories {
  readonly commits: number;
  readonly breakages: readonly Breakage[];
  searchClone(breakage: Breakage): Promise<Searched>;
  /** With a client that knows nothing yet. */
  searchGitHub(breakage: Breakage): Promise<Searched>;
  violations(): readonly unknown[];
  close(): Promise<void>;
}

/** Makes both repositories, and puts them behind the GitHub simulator. */
export async function makeRepositories(): Promise<MadeRepositories> {
  const { commits, sibling, first, breakages } = madeHistory();
  const target = createGitFixture(commits);
  const app = createGitFixture(sibling);
  const simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'ronny', name: 'ops', gitDir: target.gitDir },
      { owner: 'ronny', name: 'app', gitDir: app.gitDir, sibling: true },
    ],
  });
  const names = new Map([
    ...commits.map(({ name }) => [target.sha(name), name] as const),
    ...sibling.map(({ name }) => [app.sha(name), name] as const),
  ]);
  const nameOf = (sha: string | undefined) => names.get(sha ?? '') ?? '';

  async function search({ gate }: Breakage, archives: { readonly ops: Archive; readonly app: Archive }) {
    const head = target.git('rev-parse', 'main');
    return blame({
      gate: gate.name,
      findings: null,
      circumstances: {
        gates: [...breakages.map((each) => each.gate), ASKED],
        defaultRegistry: { gates: [], lanes: [] },
      },
      target: { ...(await archives.ops.open(head)), sha: head },
      siblings: { app: await archives.app.open(app.git('rev-parse', 'main')) },
      now: NOW,
      lastGood: { sha: target.sha(first), at: THEN, siblings: { app: app.sha('sibling first') } },
      archive: archives.ops,
      siblingArchives: { app: archives.app },
      limits: LIMITS,
    });
  }

  return {
    commits: commits.length,
    breakages,
    async searchClone(breakage) {
      const { brokenBy, judged } = await search(breakage, { ops: inClone(target), app: inClone(app) });
      return { found: inNames(brokenBy, nameOf), judged, requests: 0 };
    },
    async searchGitHub(breakage) {
      const { archive, asked } = atGitHub(simulator);
      const { brokenBy, judged } = await search(breakage, { ops: archive('ops'), app: archive('app') });
      return { found: inNames(brokenBy, nameOf), judged, requests: asked() };
    },
    violations: () => simulator.violations,
    async close() {
      await simulator.close();
      target.remove();
      app.remove();
    },
  };
}

function inClone({ gitDir }: GitFixture): Archive {
  return { graph: cloneCommitGraph(gitDir), open: (sha) => directorySnapshot(gitDir, sha) };
}

function atGitHub({ url, token }: GitHubSimulator) {
  const client = createGitHubClient({ baseUrl: url, auth: { token }, now: Date.now });
  return {
    asked: () => client.counts.target,
    archive(repo: string): Archive {
      const place = { owner: 'ronny', repo };
      const cache = memoryBlobCache();
      return { graph: githubCommitGraph(client, place), open: (sha) => githubSnapshot(client, place, sha, cache) };
    },
  };
}

function inNames(brokenBy: Blame['brokenBy'], nameOf: (sha: string | undefined) => string): Searched['found'] {
  switch (brokenBy?.kind) {
    case 'commit': {
      const { commit, mergedBy } = brokenBy;
      return {
        kind: 'commit',
        commit: nameOf(commit.sha),
        ...(mergedBy ? { mergedBy: nameOf(mergedBy.sha) } : {}),
      };
    }
    case 'range':
      return { kind: 'range', from: nameOf(brokenBy.from), to: nameOf(brokenBy.to) };
    case 'sibling':
      return { kind: 'sibling', commit: nameOf(brokenBy.commit?.sha) };
    default:
      return brokenBy;
  }
}
