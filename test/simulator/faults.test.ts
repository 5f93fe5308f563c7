/** Every kind of fault, seen from the client. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, connect } from '../../simulator/client.ts';
import { type FaultKind, faultKinds } from '../../simulator/faults.ts';
import { createScratchRepository, type ScratchRepository } from '../../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';

const repo = '/repos/ronny/ops';
let scratch: ScratchRepository;
let simulator: GitHubSimulator;
let call: Client;
const tested = new Set<FaultKind>();

beforeAll(() => {
  scratch = createScratchRepository();
  scratch.commit({ 'a.yaml': 'x: 1\n' });
  scratch.commit({ 'b.yaml': 'x: 1\n' });
});
afterAll(() => {
  scratch.remove();
  expect([...tested].sort()).toEqual([...faultKinds].sort());
});

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

function strike(kind: FaultKind, more: Partial<Parameters<GitHubSimulator['faults']['add']>[0]> = {}) {
  tested.add(kind);
  return simulator.faults.add({ match: { operation: 'issues/create' }, kind, ...more });
}

function create() {
  return call('POST', `${repo}/issues`, { body: { title: 'x' } });
}

test.each<[FaultKind, number]>([
  ['error-401', 401],
  ['error-403', 403],
  ['error-404', 404],
  ['error-410', 410],
  ['error-422', 422],
  ['error-429', 429],
  ['error-500', 500],
  ['error-503', 503],
])('%s: an answer, and no effect', async (kind, status) => {
  strike(kind);
  expect((await create()).status).toBe(status);
  expect(simulator.issues()).toEqual([]);
  expect(simulator.requests[0]).toMatchObject({ status, fault: kind });
  expect((await create()).status).toBe(201);
});

test('error-502-after-effect: the answer is lost, the issue is there', async () => {
  strike('error-502-after-effect');
  const { status, headers } = await create();
  expect([status, headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
  expect(simulator.issues()).toHaveLength(1);
});

test('limits come with and without Retry-After', async () => {
  strike('secondary-limit');
  expect((await create()).headers.get('retry-after')).toBe('60');
  strike('secondary-limit', { retryAfter: null });
  expect((await create()).headers.get('retry-after')).toBeNull();
  strike('primary-limit');
  const { status, headers } = await create();
  expect([status, headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
});

describe('the connection', () => {
  test.each<[FaultKind, number]>([
    ['reset', 0],
    ['hang', 0],
    ['hang-after-effect', 1],
    ['cut-body', 1],
    ['kill-after-call', 1],
  ])('%s: no answer, %i issues', async (kind, issues) => {
    strike(kind, { hangMs: 20 });
    await expect(create()).rejects.toThrow();
    expect(simulator.issues()).toHaveLength(issues);
  });

  test('truncated-json: half a document that ends like a whole one', async () => {
    strike('truncated-json');
    await expect(create()).rejects.toThrow(SyntaxError);
    strike('truncated-json', { match: { operation: 'issues/list-for-repo' }, delivered: 0 });
    await expect(call('GET', `${repo}/issues`)).rejects.toThrow(SyntaxError);
    strike('cut-body', { match: { operation: 'git/get-tree' } });
    const headers = { 'accept-encoding': 'gzip' };
    await expect(call('GET', `${repo}/git/trees/main`, { headers })).rejects.toThrow();
  });

  test('a hanging call is released when faults are cleared', async () => {
    strike('hang');
    const pending = expect(create()).rejects.toThrow();
    while (simulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    simulator.faults.clear();
    await pending;
  });

  test('kill-after-call: the world can be stopped between effect and answer', async () => {
    const seen: unknown[] = [];
    strike('kill-after-call', {
      onCall({ number, operation }) {
        seen.push(number, operation, simulator.issues().length);
      },
    });
    await expect(create()).rejects.toThrow();
    expect(seen).toEqual([1, 'issues/create', 1]);
  });
});

describe('answers that are not true', () => {
  test('empty-list and stale-list', async () => {
    await create();
    await create();
    const match = { operation: 'issues/list-for-repo' };
    strike('empty-list', { match });
    expect((await call('GET', `${repo}/issues`)).json).toEqual([]);
    strike('stale-list', { match, writesBehind: 1 });
    expect((await call('GET', `${repo}/issues`)).json).toHaveLength(1);
    expect((await call('GET', `${repo}/issues`)).json).toHaveLength(2);
  });

  test('stale-head: the branch lags behind the push', async () => {
    strike('stale-head', { match: { operation: 'repos/get-commit' } });
    const headers = { accept: 'application/vnd.github.sha' };
    const { text } = await call('GET', `${repo}/commits/main`, { headers });
    expect(text).toBe(scratch.git('rev-parse', 'main~1'));
  });

  test('graphql-partial: 200, with objects missing', async () => {
    strike('graphql-partial', { match: { operation: 'graphql' } });
    const query = `{ repository(owner: "ronny", name: "ops") { a: object(expression: "main:a.yaml") { oid } b: object(expression: "main:b.yaml") { oid } } }`;
    const { status, json } = await call('POST', '/graphql', { body: { query } });
    expect(status).toBe(200);
    expect(json.data?.repository).toMatchObject({ a: { oid: expect.any(String) }, b: null });
    expect(json.errors).toMatchObject([{ type: 'RESOURCE_LIMITS_EXCEEDED', path: ['repository', 'b'] }]);
  });
});

test('a fault strikes the nth call, as often as told, or whatever a function picks', async () => {
  const third = strike('error-500', { match: { operation: 'issues/create', nth: 3 } });
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await create()).status);
  expect(statuses).toEqual([201, 201, 500, 201]);
  expect(third.hits()).toBe(1);
  const always = strike('error-503', { match: ({ body }) => JSON.stringify(body).includes('x'), times: Infinity });
  expect([(await create()).status, (await create()).status]).toEqual([503, 503]);
  always.remove();
  expect((await create()).status).toBe(201);
});

test('html-page: a page with status 200, and no effect', async () => {
  strike('html-page');
  const answer = await create();
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(simulator.issues()).toEqual([]);
});

test('bent-answer: the effect, and another answer', async () => {
  const bend = (body: unknown) => ({ ...(body as object), truncated: true });
  const list = () => call('GET', `${repo}/git/trees/main`);
  strike('bent-answer', { match: { operation: 'git/get-tree' }, bend });
  expect((await list()).json).toMatchObject({ truncated: true });
  expect((await list()).json).toMatchObject({ truncated: false });
});
