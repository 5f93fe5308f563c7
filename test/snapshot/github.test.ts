import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../simulator/faults.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';
import { type BlobCache, memoryBlobCache } from '../../src/core/blob-cache.ts';
import { SnapshotError } from '../../src/core/snapshot.ts';
import { createGitHubClient, type GitHubClient } from '../../src/github/client.ts';
import { githubHead, githubSnapshot } from '../../src/snapshot/github/snapshot.ts';
import { createGitFixture, type FixtureCommit, type GitFixture } from '../conformance/git-fixture.ts';
import { testSnapshotPort } from '../conformance/snapshot.ts';

const PLACE = { owner: 'ronny', repo: 'ops' };
const NOW = '2026-02-18T03:00:00Z';

function start(gitDir: string, more: Partial<Parameters<typeof startGitHubSimulator>[0]> = {}) {
  return startGitHubSimulator({ repositories: [{ owner: 'ronny', name: 'ops', gitDir }], now: NOW, ...more });
}

function connect(simulator: GitHubSimulator, token = simulator.token): GitHubClient {
  return createGitHubClient({
    baseUrl: simulator.url,
    auth: { token },
    now: () => simulator.clock.now().getTime(),
    timeout: 2000,
    retryDelays: [1, 1],
  });
}

describe('a commit at GitHub', () => {
  let simulator: GitHubSimulator | undefined;
  afterAll(async () => {
    expect(simulator?.violations).toEqual([]);
    await simulator?.close();
  });

  testSnapshotPort({
    hasIds: true,
    hasBranches: true,
    async open(fixture, commit) {
      simulator ??= await start(fixture.gitDir);
      return githubSnapshot(connect(simulator), PLACE, fixture.sha(commit), memoryBlobCache());
    },
  });
});

const text = (bytes: number, seed: number) => `${seed}: ${'x'.repeat(bytes - `${seed}: `.length)}`;
const many = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`many/${index}.yaml`, `n: ${index}\n`]));
const COMMITS: readonly FixtureCommit[] = [
  {
    name: 'first',
    files: {
      ...many,
      'medium/a.yaml': text(400_000, 1),
      'medium/b.yaml': text(400_000, 2),
      'medium/c.yaml': text(400_000, 3),
      'medium/d.yaml': text(400_000, 4),
      'below.yaml': text(499_999, 5),
      'above.yaml': text(500_000, 6),
      'huge.yaml': text(1_200_000, 7),
      'archive.zip': { mode: '100644', content: Buffer.from([0x50, 0x4b, 0, 0xff]) },
      'latin-1.txt': { mode: '100644', content: Buffer.from('caf\xe9\n', 'latin1') },
    },
  },
  ...Array.from(
    { length: 230 },
    (_, index): FixtureCommit => ({
      name: `n${index}`,
      files: { [index % 2 ? 'odd.yaml' : 'even.yaml']: `n: ${index}\n` },
    }),
  ),
  { name: 'feature', branch: 'feature/ünï#1', from: 'n229', files: { 'feature.yaml': 'on: yes\n' } },
];

describe('reading GitHub', () => {
  let fixture: GitFixture;
  let simulator: GitHubSimulator;
  let client: GitHubClient;
  let head: string;
  beforeAll(async () => {
    fixture = createGitFixture(COMMITS);
    head = fixture.sha('n229');
    simulator = await start(fixture.gitDir);
  });
  beforeEach(() => {
    client = connect(simulator);
    Object.assign(simulator.requests, { length: 0 });
  });
  afterEach(() => {
    simulator.faults.clear();
    simulator.limits.reset();
    expect(simulator.violations.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await simulator.close();
    fixture.remove();
  });

  const open = (cache: BlobCache = memoryBlobCache()) => githubSnapshot(client, PLACE, head, cache);
  const asked = () => simulator.requests.map(({ operation }) => operation);
  const graphqlBatches = () =>
    simulator.requests
      .filter(({ operation }) => operation === 'graphql')
      .map(({ requestBody }) => [...JSON.stringify(requestBody).matchAll(/oid: ..([0-9a-f]{40})/g)].length);
  const paths = Object.keys(many);
  const available = (contents: Awaited<ReturnType<Awaited<ReturnType<typeof open>>['read']>>) =>
    [...contents].filter(([, content]) => 'bytes' in content).map(([path]) => path);

  describe('the head', () => {
    test('is one small request', async () => {
      expect(await githubHead(client, PLACE, 'main')).toBe(head);
      expect(await githubHead(client, PLACE, 'feature/ünï#1')).toBe(fixture.sha('feature'));
      expect(simulator.requests.map(({ bytes }) => bytes)).toEqual([40, 40]);
    });

    test('of a branch is not the tag of the same name', async () => {
      fixture.git('tag', 'twin', fixture.sha('first'));
      fixture.git('branch', 'twin', head);
      expect(await githubHead(client, PLACE, 'twin')).toBe(head);
    });

    test('of an unknown branch names the branch and where it is configured', async () => {
      await expect(githubHead(client, PLACE, 'trunk')).rejects.toMatchObject({
        failure: 'not-found',
        message: expect.stringMatching(/ronny\/ops has no branch `trunk`.*targets\.yaml/),
      });
    });

    test('of an unknown repository names the repository', async () => {
      await expect(githubHead(client, { owner: 'ronny', repo: 'oops' }, 'main')).rejects.toMatchObject({
        failure: 'not-found',
        message: expect.stringMatching(/ronny\/oops is not there.*targets\.yaml/),
      });
    });

    test('cannot be asked for with a wrong token', async () => {
      await expect(githubHead(connect(simulator, 'github_pat_wrong'), PLACE, 'main')).rejects.toMatchObject({
        failure: 'unauthorized',
        message: expect.stringContaining('renew the token'),
      });
    });
  });

  describe('blobs', () => {
    test('come a hundred at a time', async () => {
      const snapshot = await open();
      expect(available(await snapshot.read(paths))).toHaveLength(250);
      expect(asked()).toEqual(['git/get-tree', 'graphql', 'graphql', 'graphql']);
      expect(graphqlBatches().sort()).toEqual([100, 100, 50].sort());
      expect(client.counts).toEqual({ target: 4, sibling: 0, token: 0, status: 0, inbox: 0 });
    });

    test('come in batches of a megabyte and a half at most', async () => {
      const snapshot = await open();
      const medium = ['medium/a.yaml', 'medium/b.yaml', 'medium/c.yaml', 'medium/d.yaml'];
      const contents = await snapshot.read([...medium, 'many/1.yaml', 'below.yaml']);
      expect(available(contents)).toHaveLength(6);
      expect(graphqlBatches().sort()).toEqual([2, 4]);
    });

    test('come raw where they are large, binary or not UTF-8', async () => {
      const snapshot = await open();
      const contents = await snapshot.read(['above.yaml', 'huge.yaml', 'archive.zip', 'latin-1.txt']);
      expect(available(contents)).toHaveLength(4);
      expect(asked()).toEqual(['git/get-tree', 'graphql', ...Array(4).fill('git/get-blob')]);
    });

    test('come at most four requests at once', async () => {
      simulator.caps.blobTextBytes = 0;
      const snapshot = await open();
      expect(available(await snapshot.read(paths.slice(0, 30)))).toHaveLength(30);
      simulator.caps.blobTextBytes = 512_000;
      expect(simulator.maxConcurrency()).toBeLessThanOrEqual(4);
      expect(asked().filter((operation) => operation === 'git/get-blob')).toHaveLength(30);
    });

    test('that the cache holds cost nothing', async () => {
      const cache = memoryBlobCache();
      await (await open(cache)).read([...paths, 'huge.yaml']);
      Object.assign(simulator.requests, { length: 0 });
      const contents = await (await open(cache)).read([...paths, 'huge.yaml']);
      expect(available(contents)).toHaveLength(251);
      expect(asked()).toEqual([]);
    });

    test('that came before a limit are kept for the next try', async () => {
      const cache = memoryBlobCache();
      const snapshot = await open(cache);
      simulator.faults.add({ match: { operation: 'git/get-blob' }, kind: 'secondary-limit' });
      await expect(snapshot.read([...paths, 'huge.yaml'])).rejects.toMatchObject({ failure: 'rate-limited' });
      Object.assign(simulator.requests, { length: 0 });
      expect(available(await snapshot.read([...paths, 'huge.yaml']))).toHaveLength(251);
      expect(asked()).toEqual(['git/get-blob']);
    });
  });

  describe('an answer that is not what it should be', () => {
    /** Answers that reach us changed, as by a proxy. */
    const lying = (change: (body: string, url: string) => string): GitHubClient => {
      const real = globalThis.fetch;
      globalThis.fetch = async (input, init) => {
        const response = await real(input, init);
        const { status, headers } = response;
        return new Response(change(await response.text(), String(input)), { status, headers });
      };
      restore = () => {
        globalThis.fetch = real;
      };
      return client;
    };
    let restore = () => {};
    afterEach(() => restore());

    test('is refused in a batch, and the file is asked for again by itself', async () => {
      lying((body) => body.replace('"text":"n: 7', '"text":"n: 8'));
      const snapshot = await open();
      const contents = await snapshot.read(paths);
      expect(contents.get('many/7.yaml')).toEqual({ bytes: new TextEncoder().encode('n: 7\n') });
      expect(asked().filter((operation) => operation === 'git/get-blob')).toHaveLength(1);
    });

    test('is refused altogether where it is wrong again', async () => {
      lying((body, url) => (url.includes('/blobs/') ? 'n: 9\n' : body.replace('"text":"n: 7', '"text":"n: 8')));
      const cache = memoryBlobCache();
      const snapshot = await open(cache);
      const contents = await snapshot.read(paths);
      expect(contents.get('many/7.yaml')).toEqual({ unavailable: expect.stringContaining('something else') });
      expect(available(contents)).toHaveLength(249);
      expect(await cache.get([snapshot.entries.get('many/7.yaml')?.sha ?? ''])).toEqual(new Map());
    });
  });

  describe('a partial answer', () => {
    test('is completed with smaller batches', async () => {
      const snapshot = await open();
      simulator.faults.add({ match: { operation: 'graphql' }, kind: 'graphql-partial' });
      expect(available(await snapshot.read(paths.slice(0, 100)))).toHaveLength(100);
      expect(graphqlBatches().sort()).toEqual([100, 49, 50].sort());
    });

    test('that stays partial leaves the rest unavailable, after a few requests', async () => {
      const snapshot = await open();
      simulator.faults.add({
        match: { operation: 'graphql' },
        kind: 'graphql-partial',
        times: Number.POSITIVE_INFINITY,
      });
      const contents = await snapshot.read(paths.slice(0, 100));
      expect(available(contents)).toHaveLength(7);
      expect(contents.get('many/99.yaml')).toEqual({ unavailable: 'GitHub left it out of its answers' });
      expect(asked()).toHaveLength(8);
    });
  });

  describe('a fault', () => {
    const passing: FaultKind[] = ['reset', 'hang', 'cut-body', 'truncated-json', 'error-500', 'error-503'];
    test.each(passing)('%s at any read is outlived', async (kind) => {
      for (const operation of ['repos/get-commit', 'git/get-tree', 'graphql', 'git/get-blob'])
        simulator.faults.add({ match: { operation }, kind, hangMs: 20 });
      expect(await githubHead(client, PLACE, 'main')).toBe(head);
      const contents = await (await open()).read(['many/1.yaml', 'huge.yaml', 'archive.zip']);
      expect(available(contents)).toHaveLength(3);
      expect(client.counts.target).toBe(simulator.requests.length);
    });

    test('that lasts at one batch or file makes only those files unavailable', async () => {
      const snapshot = await open();
      const isFirstBatch = ({ body }: { body: unknown }) => JSON.stringify(body ?? '').includes('b99: object');
      let struck = '';
      simulator.faults.add({
        match: (request) => {
          if (!isFirstBatch(request)) return false;
          struck ||= JSON.stringify(request.body);
          return struck === JSON.stringify(request.body);
        },
        kind: 'error-503',
        times: Number.POSITIVE_INFINITY,
      });
      const contents = await snapshot.read([...paths, 'huge.yaml']);
      expect(available(contents)).toHaveLength(151);
      const lost = [...contents.values()].find((content) => 'unavailable' in content);
      expect(lost).toEqual({ unavailable: expect.stringContaining('503 (a web page instead of an answer)') });
    });

    test('of a single missing file is that file’s own', async () => {
      const snapshot = await open();
      simulator.faults.add({ match: { operation: 'git/get-blob' }, kind: 'error-404' });
      expect(available(await snapshot.read(['huge.yaml', 'many/1.yaml']))).toEqual(['many/1.yaml']);
    });

    test.each(['error-401', 'error-403'] as const)('%s means that nothing can be read', async (kind) => {
      const snapshot = await open();
      for (const operation of ['graphql', 'git/get-blob']) {
        const fault = simulator.faults.add({ match: { operation }, kind, times: Number.POSITIVE_INFINITY });
        const failure = kind === 'error-401' ? 'unauthorized' : 'forbidden';
        await expect(snapshot.read(['huge.yaml', ...paths])).rejects.toMatchObject({ failure, name: 'SnapshotError' });
        fault.remove();
      }
    });

    test('that lasts at the tree is a transport failure', async () => {
      simulator.faults.add({ match: { operation: 'git/get-tree' }, kind: 'reset', times: Number.POSITIVE_INFINITY });
      await expect(open()).rejects.toMatchObject({ failure: 'transport', retryAt: null });
      expect(asked()).toHaveLength(3);
    });

    test.each(['primary-limit', 'secondary-limit', 'error-429'] as const)('%s stops the read at once', async (kind) => {
      for (const operation of ['repos/get-commit', 'git/get-tree', 'graphql', 'git/get-blob']) {
        const fault = simulator.faults.add({ match: { operation }, kind, retryAfter: 90 });
        const before = simulator.requests.length;
        const read = async () => {
          await githubHead(client, PLACE, 'main');
          await (await open()).read(['huge.yaml', 'many/1.yaml']);
        };
        const error = await read().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(SnapshotError);
        const expected = kind === 'primary-limit' ? 3_600_000 : 90_000;
        expect(error).toMatchObject({ failure: 'rate-limited', retryAt: Date.parse(NOW) + expected });
        expect(
          asked()
            .slice(before)
            .filter((each) => each === operation),
        ).toHaveLength(1);
        fault.remove();
      }
    });
  });

  describe('a truncated tree', () => {
    afterEach(() => Object.assign(simulator.caps, { treeEntries: 100_000 }));

    test('is walked folder by folder', async () => {
      const whole = await open();
      simulator.caps.treeEntries = 252;
      const walked = await open();
      expect(new Map([...walked.entries].sort())).toEqual(new Map([...whole.entries].sort()));
      expect(asked()).toEqual(Array(5).fill('git/get-tree'));
    });

    test('that has a folder beyond all bounds is refused', async () => {
      simulator.caps.treeEntries = 100;
      await expect(open()).rejects.toMatchObject({
        failure: 'too-large',
        message: expect.stringMatching(/the folder many\/ has more entries than GitHub lists; audit a clone/),
      });
    });
  });

  describe('history', () => {
    const search = async (after: string, paths: readonly string[], limit: number | null) => {
      const snapshot = await open();
      Object.assign(simulator.requests, { length: 0 });
      const answer = await snapshot.history({ after, paths, limit });
      return 'unavailable' in answer ? answer : answer.commits.map(({ sha }) => sha);
    };
    const shas = (from: number, to: number, step: number) =>
      Array.from({ length: (from - to) / step + 1 }, (_, index) => fixture.sha(`n${from - index * step}`));

    test('since a recent commit is one request', async () => {
      expect(await search(fixture.sha('n200'), ['odd.yaml', 'even.yaml'], 80)).toEqual(shas(229, 201, 1));
      expect(asked()).toEqual(['graphql']);
    });

    test('since an old commit that touched the path is one request', async () => {
      expect(await search(fixture.sha('n101'), ['odd.yaml'], null)).toEqual(shas(229, 103, 2));
      expect(asked()).toEqual(['graphql']);
    });

    test('since an old commit that did not touch it costs one more, without the list of files', async () => {
      expect(await search(fixture.sha('n0'), ['odd.yaml'], 80)).toEqual(shas(229, 71, 2));
      expect(asked()).toEqual(['graphql', 'repos/compare-commits-with-basehead']);
      expect(simulator.requests[1]?.path).toContain('page=2');
    });

    test('since a commit that an earlier audit found to be an ancestor is one request', async () => {
      const cache = memoryBlobCache();
      const query = { after: fixture.sha('n0'), paths: ['odd.yaml'], limit: 2 };
      const ask = async (commit: string) => {
        const snapshot = await githubSnapshot(client, PLACE, fixture.sha(commit), cache);
        Object.assign(simulator.requests, { length: 0 });
        return snapshot.history(query);
      };
      await ask('n150');
      expect(asked()).toEqual(['graphql', 'repos/compare-commits-with-basehead']);
      expect(await ask('n229')).toMatchObject({
        isAncestor: true,
        commits: [{ message: 'n229' }, { message: 'n227' }],
      });
      expect(asked()).toEqual(['graphql']);
      expect(await ask('first')).toEqual({ isAncestor: false, commits: [] });
    });

    test('of more than a hundred commits is turned page by page', async () => {
      expect(await search(fixture.sha('n1'), ['odd.yaml', 'even.yaml'], null)).toEqual(shas(229, 2, 1));
      expect(asked()).toEqual(['graphql', 'repos/compare-commits-with-basehead', 'graphql']);
    });

    test('from head to head, or for no commit at all, costs nothing or little', async () => {
      expect(await search('HEAD', ['odd.yaml'], null)).toEqual([]);
      expect(asked()).toEqual([]);
      expect(await search(fixture.sha('n220'), ['odd.yaml'], 0)).toEqual([]);
      expect(asked()).toEqual(['graphql']);
    });

    test('that cannot be had is unavailable; limits and lost access end the read', async () => {
      const fault = { match: { operation: 'graphql' }, times: Number.POSITIVE_INFINITY };
      const lost = simulator.faults.add({ ...fault, kind: 'error-503' });
      expect(await search('HEAD~5', ['odd.yaml'], null)).toEqual({ unavailable: expect.stringContaining('503') });
      lost.remove();
      const partial = simulator.faults.add({ ...fault, kind: 'graphql-partial' });
      const unavailable = expect.stringContaining('Resource limits');
      expect(await search('HEAD~5', ['odd.yaml'], null)).toEqual({ unavailable });
      partial.remove();
      simulator.faults.add({ ...fault, kind: 'secondary-limit' });
      await expect(search('HEAD~5', ['odd.yaml'], null)).rejects.toMatchObject({ failure: 'rate-limited' });
    });
  });
});

describe('access', () => {
  let fixture: GitFixture;
  let simulator: GitHubSimulator;
  const bot = 'github_pat_bot';
  beforeEach(async () => {
    fixture = createGitFixture([{ name: 'only', files: { 'a.yaml': 'a: 1\n', 'big.txt': text(600_000, 1) } }]);
    const repository = { owner: 'ronny', name: 'ops', gitDir: fixture.gitDir, private: true };
    simulator = await start(fixture.gitDir, {
      repositories: [{ ...repository, roles: { bot: 'write' } }],
      tokens: [{ token: bot, login: 'bot' }],
    });
  });
  afterEach(async () => {
    expect(simulator.violations).toEqual([]);
    await simulator.close();
    fixture.remove();
  });
  const read = async (token = bot) => {
    const client = connect(simulator, token);
    const snapshot = await githubSnapshot(client, PLACE, await githubHead(client, PLACE, 'main'), memoryBlobCache());
    const contents = await snapshot.read(['a.yaml', 'big.txt']);
    return [...contents.values()].map((content) => ('bytes' in content ? content.bytes.length : content.unavailable));
  };

  test('to a private repository is granted to those who have it', async () => {
    expect(await read()).toEqual([5, 600_000]);
  });

  test('is denied to others as if there were no repository', async () => {
    simulator.addToken({ token: 'github_pat_stranger', login: 'stranger' });
    await expect(read('github_pat_stranger')).rejects.toMatchObject({ failure: 'not-found' });
  });

  test('without the permission to read contents names it', async () => {
    simulator.addToken({
      token: 'github_pat_issues',
      login: 'bot',
      permissions: { metadata: 'read', issues: 'write' },
    });
    await expect(read('github_pat_issues')).rejects.toMatchObject({
      failure: 'forbidden',
      message: expect.stringContaining('contents: read'),
    });
  });

  test.each(['graphql', 'git/get-blob'])('that is revoked before %s ends the read', async (operation) => {
    simulator.faults.add({
      match: (request) => {
        if (request.operation === operation) simulator.revokeToken(bot);
        return false;
      },
      kind: 'reset',
    });
    await expect(read()).rejects.toMatchObject({ failure: 'unauthorized' });
  });

  test('survives a new name, at one request more for each read by REST', async () => {
    simulator.renameRepository('homelab');
    expect(await read()).toEqual([5, 600_000]);
    expect(simulator.requests.map(({ status, operation }) => `${status} ${operation}`)).toEqual([
      '301 repos/get-commit',
      '200 repos/get-commit',
      '301 git/get-tree',
      '200 git/get-tree',
      '200 graphql',
      '301 git/get-blob',
      '200 git/get-blob',
    ]);
  });
});

test('a repository without commits says so', async () => {
  const fixture = createGitFixture([]);
  const simulator = await start(fixture.gitDir);
  await expect(githubHead(connect(simulator), PLACE, 'main')).rejects.toMatchObject({
    failure: 'empty',
    message: 'ronny/ops has no commit yet',
  });
  expect(simulator.violations).toEqual([]);
  await simulator.close();
  fixture.remove();
});
