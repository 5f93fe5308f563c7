/** Reading a repository through the simulator, and how it keeps itself honest. */
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, connect, expectViolations, linkTo } from '../../simulator/client.ts';
import { operations, responseProblems } from '../../simulator/openapi.ts';
import { handlers } from '../../simulator/perform.ts';
import { createScratchRepository, type ScratchRepository } from '../../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';

const repo = '/repos/ronny/ops';
const manyCommits = Array.from({ length: 260 }, (_each, index) => ({
  files: { [`gaps/${index}.yaml`]: `id: ${index}\n`, [`logs/${index}.txt`]: `${index}\n` },
  branch: 'busy',
}));

let scratch: ScratchRepository;
let simulator: GitHubSimulator;
let call: Client;
let first: string;
let second: string;
let head: string;

beforeAll(() => {
  scratch = createScratchRepository();
  first = scratch.commit(
    { 'bindings/vms.yaml': 'vms: []\n', 'bin/verify.sh': '#!/bin/sh\n', 'old-name.md': 'a\nb\nc\nd\n' },
    { message: 'The first binding\n\nWith a body.', executable: ['bin/verify.sh'] },
  );
  second = scratch.commit({ 'bindings/vms.yaml': 'vms: [200]\n' });
  head = scratch.commit({ 'new-name.md': 'a\nb\nc\nd\n', 'old-name.md': null, 'über/ä b.yaml': 'x: 1\n' });
  scratch.commits([{ files: {}, branch: 'busy', parent: head }, ...manyCommits]);
  scratch.commit({ 'other.md': 'x' }, { branch: 'unrelated', parent: null });
  scratch.commit({ 'side.md': 'x' }, { branch: 'feature/side', parent: first });
});
afterAll(() => scratch.remove());

beforeEach(async () => {
  simulator = await startGitHubSimulator({
    repositories: [{ owner: 'ronny', name: 'ops', gitDir: scratch.gitDir }],
    now: '2026-02-18T03:00:00Z',
  });
  call = connect(simulator);
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.violations).toEqual([]);
});

async function query(text: string, variables?: unknown) {
  return (await call('POST', '/graphql', { body: { query: text, variables } })).json;
}

describe('refs and commits', () => {
  test('the head sha costs forty bytes, and its ETag is the sha', async () => {
    const reply = await call('GET', `${repo}/commits/main`, { headers: { accept: 'application/vnd.github.sha' } });
    expect(reply.text).toBe(head);
    expect(reply.headers.get('etag')).toBe(`"${head}"`);
    expect(simulator.requests[0]).toMatchObject({ operation: 'repos/get-commit', category: 'content', bytes: 40 });
  });

  test('a ref may hold slashes', async () => {
    const ref = await call('GET', `${repo}/git/ref/heads/feature/side`);
    expect(ref.json.object?.type).toBe('commit');
    expect((await call('GET', `${repo}/branches/feature/side`)).json.name).toBe('feature/side');
    expect((await call('GET', `${repo}/commits/feature/side/status`)).json.state).toBe('pending');
  });

  test('what is not there is told apart: no branch, no commit, no operation', async () => {
    expect((await call('GET', `${repo}/git/ref/heads/gone`)).status).toBe(404);
    expect((await call('GET', `${repo}/branches/gone`)).json.message).toBe('Branch not found');
    expect((await call('GET', `${repo}/commits/main~1`)).status).toBe(422);
    expect((await call('GET', '/repos/ronny/nothing')).status).toBe(404);
    expect((await call('GET', `${repo}/pulls`)).status).toBe(404);
    expectViolations(simulator, /GET .*\/pulls is not modelled/);
  });

  test('a commit names its files, with renames', async () => {
    const { json } = await call('GET', `${repo}/commits/${head}`);
    expect(json.files).toMatchObject([
      { filename: 'new-name.md', previous_filename: 'old-name.md', status: 'renamed', changes: 0 },
      { filename: 'über/ä b.yaml', status: 'added', additions: 1 },
    ]);
    expect(json.stats).toEqual({ additions: 1, deletions: 0, total: 1 });
  });

  test('commits are listed by path, and linked by numeric id', async () => {
    const byPath = await call('GET', `${repo}/commits?path=bindings/vms.yaml`);
    expect(byPath.json).toMatchObject([{ sha: second }, { sha: first }]);
    const page = await call('GET', `${repo}/commits?per_page=2`);
    const next = linkTo(page, 'next') ?? '';
    expect(new URL(next).pathname).toBe('/repositories/1001/commits');
    expect((await call('GET', next)).json).toMatchObject([{ sha: first }]);
  });

  test('a new commit is visible at once', async () => {
    const before = await call('GET', `${repo}/commits/live`);
    const sha = scratch.commit({ 'live.md': 'x' }, { branch: 'live', parent: null });
    expect(before.status).toBe(422);
    expect((await call('GET', `${repo}/commits/live`)).json.sha).toBe(sha);
  });
});

describe('comparisons', () => {
  test.each([
    ['main...main', 'identical', 0, 0],
    ['gone...main', undefined, 0, 0],
    ['main...feature/side', 'diverged', 1, 2],
    ['main...busy', 'ahead', 261, 0],
    ['busy...main', 'behind', 0, 261],
  ])('%s', async (basehead, status, ahead, behind) => {
    const { json, status: code } = await call('GET', `${repo}/compare/${basehead}`);
    expect(code).toBe(status === undefined ? 404 : 200);
    if (status !== undefined) expect(json).toMatchObject({ status, ahead_by: ahead, behind_by: behind });
  });

  test('stop at 250 commits and 300 files', async () => {
    const { json } = await call('GET', `${repo}/compare/main...busy`);
    expect(json.commits).toHaveLength(250);
    expect(json.files).toHaveLength(300);
    expect(json.total_commits).toBe(261);
    const paged = await call('GET', `${repo}/compare/main...busy?per_page=100&page=3`);
    expect(paged.json.commits).toHaveLength(61);
    expect(paged.json.files).toHaveLength(0);
  });

  test('need a common ancestor', async () => {
    const { status, json } = await call('GET', `${repo}/compare/main...unrelated`);
    expect(status).toBe(404);
    expect(json.message).toMatch(/No common ancestor/);
  });
});

describe('trees and blobs', () => {
  test('a recursive tree lists directories, modes and sizes', async () => {
    const { json } = await call('GET', `${repo}/git/trees/${head}?recursive=1`);
    expect(json.truncated).toBe(false);
    expect(json.tree).toMatchObject([
      { path: 'bin', mode: '040000', type: 'tree' },
      { path: 'bin/verify.sh', mode: '100755', type: 'blob', size: 10 },
      { path: 'bindings', type: 'tree' },
      { path: 'bindings/vms.yaml', mode: '100644', size: 11 },
      { path: 'new-name.md' },
      { path: 'über' },
      { path: 'über/ä b.yaml' },
    ]);
  });

  test('a big tree is truncated, and can be walked instead', async () => {
    simulator.caps.treeEntries = 3;
    const all = await call('GET', `${repo}/git/trees/${head}?recursive=false`);
    expect(all.json).toMatchObject({ truncated: true, tree: { length: 3 } });
    simulator.caps.treeEntries = 100_000;
    simulator.caps.treeBytes = 300;
    expect((await call('GET', `${repo}/git/trees/${head}?recursive=1`)).json.truncated).toBe(true);
    const bindings = await call('GET', `${repo}/git/trees/${String(all.json.tree?.[2]?.sha)}`);
    expect(bindings.json).toMatchObject({ truncated: false, tree: [{ path: 'vms.yaml' }] });
  });

  test('a blob comes as base64 in lines, or raw', async () => {
    const oid = scratch.git('rev-parse', `${head}:bindings/vms.yaml`);
    const { json } = await call('GET', `${repo}/git/blobs/${oid}`);
    expect(Buffer.from(String(json.content), 'base64').toString()).toBe('vms: [200]\n');
    const raw = await call('GET', `${repo}/git/blobs/${oid}`, {
      headers: { accept: 'application/vnd.github.raw+json' },
    });
    expect(raw.text).toBe('vms: [200]\n');
    expect((await call('GET', `${repo}/git/blobs/${head}`)).status).toBe(404);
  });
});

describe('GraphQL', () => {
  const blob = '... on Blob { oid byteSize isBinary isTruncated text }';

  test('reads blobs by oid, tells binary from text, and cuts text at 512,000 bytes', async () => {
    scratch.commit({ 'big.yaml': `${'x'.repeat(512_000)}rest`, 'logo.png': Buffer.from([1, 0, 2]) }, { branch: 'big' });
    const oid = scratch.git('rev-parse', 'big:big.yaml');
    const { data } = await query(
      `query ($oid: GitObjectID!) { repository(owner: "ronny", name: "ops") {
        a: object(oid: $oid) { ${blob} } b: object(expression: "big:logo.png") { ${blob} } c: object(expression: "big:no") { ${blob} } } }`,
      { oid },
    );
    expect(data?.repository).toMatchObject({
      a: { oid, byteSize: 512_004, isTruncated: true, isBinary: false },
      b: { byteSize: 3, isBinary: true, text: null },
      c: null,
    });
    expect(data?.repository?.a?.text).toHaveLength(512_000);
    expect(simulator.requests[0]).toMatchObject({ operation: 'graphql', category: 'content', repository: 'ronny/ops' });
  });

  test('walks history by cursor', async () => {
    const page = (after: string | null) =>
      query(
        `query ($after: String) { rateLimit { cost remaining } repository(owner: "ronny", name: "ops") { defaultBranchRef { target { ... on Commit {
          history(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor }
            nodes { oid messageHeadline message committedDate changedFilesIfAvailable parents(first: 2) { nodes { oid } } } } } } } } }`,
        { after },
      );
    const one = (await page(null)).data;
    const history = one?.repository?.defaultBranchRef?.target?.history;
    expect(history).toMatchObject({
      totalCount: 3,
      pageInfo: { hasNextPage: true },
      nodes: [
        { oid: head, changedFilesIfAvailable: 2 },
        { oid: second, changedFilesIfAvailable: 1, parents: { nodes: [{ oid: first }] } },
      ],
    });
    expect(one?.rateLimit).toEqual({ cost: 1, remaining: 4999 });
    const two = (await page(String(history?.pageInfo?.endCursor))).data;
    expect(two?.repository?.defaultBranchRef?.target?.history).toMatchObject({
      pageInfo: { hasNextPage: false },
      nodes: [{ messageHeadline: 'The first binding', committedDate: '2026-02-17T00:01:00Z' }],
    });
  });

  test('answers 200 with errors: hidden repositories, unbounded connections', async () => {
    const hidden = await query('{ repository(owner: "ronny", name: "secret") { id } }');
    expect(hidden).toMatchObject({ data: { repository: null }, errors: [{ type: 'NOT_FOUND', path: ['repository'] }] });
    const unbounded = await query(
      '{ repository(owner: "ronny", name: "ops") { object(oid: "0") { ... on Commit { history { totalCount } } } } }',
    );
    expect(unbounded.errors).toMatchObject([{ type: 'MISSING_PAGINATION_BOUNDARIES' }]);
  });

  test('knows the official schema: a typo is an error, an unmodelled field is not null', async () => {
    expect(
      (await query('{ repository(owner: "ronny", name: "ops") { object(oid: "0") { ... on Blob { txt } } } }')).errors,
    ).toHaveLength(1);
    expectViolations(simulator, /Cannot query field "txt"/);
    expect((await query('{ repository(owner: "ronny", name: "ops") { stargazerCount } }')).errors).toHaveLength(1);
    expectViolations(simulator, /Repository.stargazerCount is not modelled/);
  });
});

describe('its own honesty', () => {
  test('a request that GitHub would not understand is refused and recorded', async () => {
    expect((await call('GET', `${repo}/issues?stat=all`)).status).toBe(422);
    expectViolations(simulator, /request issues\/list-for-repo query .*additional properties stat/);
    expect((await call('POST', `${repo}/issues`, { body: { title: {} } })).status).toBe(422);
    expect(simulator.violations.splice(0).length).toBeGreaterThan(0);
    expect((await call('POST', `${repo}/issues`)).status).toBe(422);
    expectViolations(simulator, /body is missing/);
  });

  test('every operation of the description has a handler', () => {
    expect(Object.keys(handlers).sort()).toEqual(operations.map(({ id }) => id).sort());
  });

  test('a wrong type or an invented field in an answer is caught', async () => {
    const { number } = (await call('POST', `${repo}/issues`, { body: { title: 'x', labels: ['audit'] } })).json;
    const paths = [
      '',
      '/commits/main',
      '/branches/main',
      `/git/trees/main`,
      `/issues/${String(number)}`,
      '/labels/audit',
      '/commits/main/status',
    ];
    let mutations = 0;
    for (const path of paths) {
      const { json } = await call('GET', `${repo}${path}`);
      const operation = operations.find(({ id }) => id === simulator.requests.at(-1)?.operation);
      if (operation === undefined) throw new Error(`${path} has no operation`);
      expect(responseProblems(operation, 200, json)).toEqual([]);
      expect(responseProblems(operation, 200, { ...json, invented: 1 })).not.toEqual([]);
      for (const key of Object.keys(json)) {
        mutations += 1;
        expect([key, responseProblems(operation, 200, { ...json, [key]: { not: 'this' } })]).not.toEqual([key, []]);
      }
    }
    expect(mutations).toBeGreaterThan(140);
  });

  test('needs a User-Agent, which workerd does not send by itself', async () => {
    const status = await new Promise((resolve, reject) => {
      request(`${simulator.url}${repo}`, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  test('compresses when asked, and counts the bytes that went over the wire', async () => {
    await call('GET', `${repo}/compare/main...busy`, { headers: { 'accept-encoding': 'gzip' } });
    await call('GET', `${repo}/compare/main...busy`, { headers: { 'accept-encoding': 'identity' } });
    const [packed, plain] = simulator.requests.map(({ bytes }) => bytes);
    expect(Number(packed) * 5).toBeLessThan(Number(plain));
  });
});
