import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { faultKinds } from '../../simulator/faults.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';
import { createGitHubClient, type GitHubClient } from '../../src/github/client.ts';
import { classifyAnswer } from '../../src/github/error.ts';
import { createGitFixture, type GitFixture } from '../conformance/git-fixture.ts';

const NOW = Date.parse('2026-02-18T03:00:00Z');
const PLACE = { owner: 'ronny', repo: 'ops' };
const Issue = z.object({ number: z.number() });

let fixture: GitFixture;
let simulator: GitHubSimulator;
let client: GitHubClient;

beforeAll(async () => {
  fixture = createGitFixture([{ name: 'only', files: { 'a.yaml': 'a: 1\n' } }]);
  simulator = await startGitHubSimulator({
    repositories: [{ owner: 'ronny', name: 'ops', gitDir: fixture.gitDir }],
    now: new Date(NOW),
  });
});
beforeEach(() => {
  Object.assign(simulator.requests, { length: 0 });
  client = createGitHubClient({
    baseUrl: simulator.url,
    auth: { token: simulator.token },
    now: () => NOW,
    timeout: 2000,
    retryDelays: [1, 1],
  });
});
afterEach(() => {
  simulator.faults.clear();
  simulator.limits.reset();
  simulator.limits.settings.primary = 5000;
  expect(simulator.violations.splice(0)).toEqual([]);
});
afterAll(async () => {
  await simulator.close();
  fixture.remove();
});

const list = () => client.rest('GET /repos/{owner}/{repo}/issues', PLACE, z.array(Issue));
const create = () => client.rest('POST /repos/{owner}/{repo}/issues', { ...PLACE, title: 'A gap' }, Issue);
const blob = (isIntact = async (_bytes: Uint8Array) => true) => {
  const file_sha = fixture.git('rev-parse', 'main:a.yaml');
  return client.bytes('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...PLACE, file_sha }, isIntact);
};
const login = z.object({ viewer: z.object({ login: z.string() }) });

/** Faults after which we do not know what happened. */
const transport = [
  'error-500',
  'error-503',
  'error-502-after-effect',
  'hang',
  'hang-after-effect',
  'reset',
  'cut-body',
  'truncated-json',
  'html-page',
  'kill-after-call',
] as const;
const refusals = {
  'error-401': 'unauthorized',
  'error-403': 'forbidden',
  'error-404': 'not-found',
  'error-410': 'gone',
  'error-422': 'invalid',
  'error-429': 'rate-limited',
  'primary-limit': 'rate-limited',
  'secondary-limit': 'rate-limited',
} as const;

test('every fault that the simulator knows is either repeated, thrown, or an answer', () => {
  const answers = ['bent-answer', 'empty-list', 'stale-list', 'stale-head', 'graphql-partial'];
  expect([...transport, ...Object.keys(refusals), ...answers].sort()).toEqual([...faultKinds].sort());
});

describe.each(transport)('after %s', (kind) => {
  const times = Number.POSITIVE_INFINITY;

  test('a read is repeated, and only so often', async () => {
    simulator.faults.add({ match: { method: 'GET' }, kind, hangMs: 5 });
    expect((await list()).data).toEqual(expect.any(Array));
    simulator.faults.add({ match: { method: 'GET' }, kind, times, hangMs: 5 });
    await expect(list()).rejects.toMatchObject({ name: 'GitHubError', failure: 'transport', retryAt: null });
    expect(simulator.requests).toHaveLength(5);
    expect(client.counts.target).toBe(5);
  });

  test('a query is repeated, a mutation is not', async () => {
    simulator.faults.add({ match: { operation: 'graphql' }, kind, hangMs: 5 });
    await client.graphql('query { viewer { login } }', {}, login);
    expect(simulator.requests).toHaveLength(2);
    simulator.faults.add({ match: { operation: 'graphql' }, kind, hangMs: 5 });
    const pin = 'mutation { pinIssue(input: { issueId: "none" }) { clientMutationId } }';
    await expect(client.graphql(pin, {}, z.unknown())).rejects.toMatchObject({ failure: 'transport' });
    expect(simulator.requests).toHaveLength(3);
  });

  test('a write is not repeated', async () => {
    const before = simulator.issues().length;
    simulator.faults.add({ match: { operation: 'issues/create' }, kind, hangMs: 5 });
    await expect(create()).rejects.toMatchObject({ failure: 'transport' });
    expect(simulator.requests).toHaveLength(1);
    expect(simulator.issues().length - before).toBeLessThanOrEqual(1);
  });
});

test('an answer that does not come is given up', async () => {
  simulator.faults.add({ match: { method: 'GET' }, kind: 'hang', times: Number.POSITIVE_INFINITY });
  const impatient = createGitHubClient({
    baseUrl: simulator.url,
    auth: { token: simulator.token },
    now: () => NOW,
    timeout: 50,
    retryDelays: [1],
  });
  await expect(impatient.rest('GET /user', {}, z.unknown())).rejects.toMatchObject({ failure: 'transport', status: 0 });
  expect(impatient.counts.target).toBe(2);
});

describe.each(Object.entries(refusals))('%s', (kind, failure) => {
  test(`is thrown at once as ${failure}`, async () => {
    for (const call of [list, create, blob, () => client.graphql('query { viewer { login } }', {}, login)]) {
      simulator.faults.add({ match: () => true, kind: kind as keyof typeof refusals });
      const error = await call().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'GitHubError', failure });
    }
    expect(simulator.requests).toHaveLength(4);
  });
});

describe('limits say when to come back', () => {
  test('after Retry-After, whatever else is said', async () => {
    simulator.faults.add({ match: () => true, kind: 'secondary-limit', retryAfter: 17 });
    await expect(list()).rejects.toMatchObject({ retryAt: NOW + 17_000, status: 403 });
    simulator.faults.add({ match: () => true, kind: 'error-429', retryAfter: 18 });
    await expect(list()).rejects.toMatchObject({ retryAt: NOW + 18_000, status: 429 });
  });

  test('after a minute where nothing is said', async () => {
    for (const kind of ['secondary-limit', 'error-429'] as const) {
      simulator.faults.add({ match: () => true, kind, retryAfter: null });
      await expect(list()).rejects.toMatchObject({ failure: 'rate-limited', retryAt: NOW + 60_000 });
    }
  });

  test('when the budget is renewed, for REST and for GraphQL with its HTTP 200', async () => {
    simulator.limits.settings.primary = 1;
    await list();
    await expect(list()).rejects.toMatchObject({ status: 403, retryAt: NOW + 3_600_000 });
    const query = () => client.graphql('query { viewer { login } }', {}, login);
    await query();
    await expect(query()).rejects.toMatchObject({ status: 200, failure: 'rate-limited', retryAt: NOW + 3_600_000 });
  });

  test.each([
    [451, {}, 'Repository access blocked', 'forbidden'],
    [409, {}, 'Git Repository is empty.', 'empty'],
    [409, {}, 'Conflict', 'invalid'],
    [403, { 'x-ratelimit-remaining': '4999' }, 'Resource not accessible by integration', 'forbidden'],
    [403, {}, 'You have triggered an abuse detection mechanism', 'rate-limited'],
    [418, {}, 'teapot', 'invalid'],
    [504, {}, 'Gateway timeout', 'transport'],
  ])('%i %j %s is %s', (status, headers, message, failure) => {
    expect(classifyAnswer({ status, headers, message }, NOW)).toMatchObject({ failure });
  });
});

describe('answers', () => {
  test('that do not have the documented form are transport failures that say where', async () => {
    const wrong = client.rest('GET /repos/{owner}/{repo}', PLACE, z.object({ owner: z.object({ id: z.string() }) }));
    await expect(wrong).rejects.toMatchObject({
      failure: 'transport',
      message: expect.stringMatching(/owner\.id: .*string/),
    });
    expect(simulator.requests).toHaveLength(3);
  });

  test('that are files come as bytes, and are asked for again where they are not intact', async () => {
    expect(Buffer.from(await blob()).toString()).toBe('a: 1\n');
    let checks = 0;
    await blob(async () => ++checks > 1);
    expect(checks).toBe(2);
    await expect(blob(async () => false)).rejects.toMatchObject({ failure: 'transport' });
  });

  test('of gateways are not repeated in full', async () => {
    simulator.faults.add({ match: () => true, kind: 'error-503', times: 3 });
    await expect(list()).rejects.toThrow(/^GET .*: GitHub answered 503 \(a web page instead of an answer\)$/);
  });

  test('of a list lead to its next page', async () => {
    await create();
    await create();
    const first = await client.rest('GET /repos/{owner}/{repo}/issues', { ...PLACE, per_page: 1 }, z.array(Issue));
    expect(first.next).toMatch(/\/repositories\/\d+\/issues\?.*page=2/);
    expect(first.data).toHaveLength(1);
    expect((await list()).next).toBeUndefined();
  });

  test('never quote our token', async () => {
    for (const kind of ['error-401', 'error-500', 'reset'] as const) {
      simulator.faults.add({ match: () => true, kind, times: 3 });
      const error = await create().catch((reason: unknown) => reason);
      simulator.faults.clear();
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(simulator.token);
      expect(String((error as Error).cause)).not.toContain(simulator.token);
    }
  });
});

test('every request says who asks, in which version, and is counted for its purpose', async () => {
  await list();
  await client.for('inbox').for('status').rest('GET /user', {}, z.unknown());
  await client.for('inbox').rest('GET /user', {}, z.unknown());
  await client.for('sibling').graphql('query { viewer { login } }', {}, login);
  expect(client.counts).toEqual({ target: 1, sibling: 1, token: 0, status: 1, inbox: 1 });
});

describe('a renamed repository', () => {
  beforeAll(() => simulator.renameRepository('homelab'));
  afterAll(() => simulator.renameRepository('ops'));
  const read = (purpose: 'target' | 'sibling' | 'token' | 'inbox') =>
    client.for(purpose).rest('GET /repos/{owner}/{repo}', PLACE, z.object({ full_name: z.string() }));

  test.each(['target', 'sibling', 'token'] as const)('is followed when it is read as %s', async (purpose) => {
    expect((await read(purpose)).data.full_name).toBe('ronny/homelab');
    expect(client.counts[purpose]).toBe(2);
  });

  test('is not followed by the inbox, nor by any write', async () => {
    await expect(read('inbox')).rejects.toMatchObject({ failure: 'moved', status: 301 });
    await expect(create()).rejects.toMatchObject({ failure: 'moved', status: 307 });
    expect(simulator.requests).toHaveLength(2);
  });

  test('is not followed to another server', async () => {
    const real = globalThis.fetch;
    const asked: string[] = [];
    globalThis.fetch = async (input) => {
      asked.push(String(input));
      return new Response(null, { status: 301, headers: { location: 'https://elsewhere.example/repositories/1' } });
    };
    await expect(read('target')).rejects.toMatchObject({ failure: 'moved' });
    globalThis.fetch = async (input) => {
      asked.push(String(input));
      return new Response(null, { status: 301, headers: { location: `${simulator.url}/repositories/1` } });
    };
    await expect(read('target')).rejects.toMatchObject({ failure: 'moved' });
    globalThis.fetch = real;
    expect(asked).toHaveLength(3);
  });
});
