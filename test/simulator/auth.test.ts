/** Tokens, Apps, limits, conditional requests and webhooks. */
import { createPrivateKey, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, connect } from '../../simulator/client.ts';
import { createScratchRepository, type ScratchRepository } from '../../simulator/scratch-repository.ts';
import { type GitHubSimulator, type InstalledApp, startGitHubSimulator } from '../../simulator/server.ts';
import { signWebhook } from '../../simulator/webhooks.ts';

const repo = '/repos/ronny/ops';
let scratch: ScratchRepository;
let simulator: GitHubSimulator;
let call: Client;

beforeAll(() => {
  scratch = createScratchRepository();
  scratch.commit({ 'a.yaml': 'x: 1\n', 'old.md': 'a\nb\nc\n' });
  scratch.commit({ 'a.yaml': 'x: 2\n' });
  scratch.commit({ 'old.md': null, 'new.md': 'a\nb\nc\n' });
});
afterAll(() => scratch.remove());

beforeEach(async () => {
  simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'ronny', name: 'ops', gitDir: scratch.gitDir, private: true },
      { owner: 'ronny', name: 'workbench', gitDir: scratch.gitDir, private: true, sibling: true },
    ],
    now: '2026-02-18T03:00:00Z',
  });
  call = connect(simulator);
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.violations).toEqual([]);
});

describe('a personal token', () => {
  test('knows its user; an unknown or revoked one is refused', async () => {
    expect((await call('GET', '/user')).json.login).toBe('lanekeeper-bot');
    expect((await call('GET', '/user', { token: 'wrong' })).status).toBe(401);
    simulator.revokeToken(simulator.token);
    expect((await call('GET', repo)).json.message).toBe('Bad credentials');
  });

  test('may do what its permissions say, in the repositories it was given', async () => {
    const permissions = { contents: 'read', issues: 'read' } as const;
    simulator.addToken({ token: 'narrow', login: 'ronny', permissions, repositories: [1001] });
    expect((await call('GET', `${repo}/issues`, { token: 'narrow' })).status).toBe(200);
    const refused = await call('POST', `${repo}/issues`, { token: 'narrow', body: { title: 'x' } });
    expect([refused.status, refused.json.message]).toEqual([403, 'Resource not accessible by personal access token']);
    expect((await call('GET', '/repos/ronny/workbench', { token: 'narrow' })).status).toBe(404);
  });
});

describe('a GitHub App', () => {
  let app: InstalledApp;

  function jwt(claims: Record<string, unknown> = {}, key = app.privateKey): string {
    const seconds = simulator.clock.now().getTime() / 1000;
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = { iat: seconds - 60, exp: seconds + 540, iss: app.app.clientId, ...claims };
    const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(payload)}`;
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), createPrivateKey(key)).toString('base64url')}`;
  }

  function mint(body?: unknown) {
    const path = `/app/installations/${app.installation.id}/access_tokens`;
    return call('POST', path, { token: jwt(), ...(body === undefined ? {} : { body }) });
  }

  beforeEach(() => {
    app = simulator.installApp('lanekeeper', undefined, ['ronny/ops']);
  });

  test('finds its installation and mints a token that lives an hour', async () => {
    expect(app.privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    const installation = await call('GET', `${repo}/installation`, { token: jwt() });
    expect(installation.json).toMatchObject({ id: app.installation.id, repository_selection: 'selected' });
    const { json } = await mint();
    expect(json.expires_at).toBe('2026-02-18T04:00:00Z');
    const token = String(json.token);
    expect(token.length).toBeGreaterThan(255);
    expect((await call('GET', repo, { token })).status).toBe(200);
    expect((await call('GET', '/repos/ronny/workbench', { token })).status).toBe(404);
    simulator.clock.advance(3_600_000);
    expect((await call('GET', repo, { token })).status).toBe(401);
    expect(simulator.requests.map(({ category }) => category)).toEqual([
      'token',
      'token',
      'content',
      'sibling',
      'content',
    ]);
  });

  test('may not ask who its user is, over REST; over GraphQL it may', async () => {
    const { token } = simulator.mintToken(app);
    expect((await call('GET', '/user', { token })).json.message).toBe('Resource not accessible by integration');
    const viewer = await call('POST', '/graphql', { token, body: { query: '{ viewer { login } }' } });
    expect(viewer.json.data?.viewer?.login).toBe('lanekeeper[bot]');
    expect((await call('GET', '/app', { token: jwt() })).json.slug).toBe('lanekeeper');
  });

  test('narrows a token, never widens it', async () => {
    expect((await mint({ permissions: { contents: 'read' } })).json.permissions).toEqual({
      metadata: 'read',
      contents: 'read',
    });
    expect((await mint({ permissions: { contents: 'write' } })).status).toBe(422);
    expect((await mint({ repositories: ['workbench'] })).status).toBe(422);
    app.installation.suspended = true;
    expect((await mint()).status).toBe(403);
  });

  test.each<[string, () => string, number]>([
    ['expired', () => jwt({ exp: 1 }), 401],
    ['living too long', () => jwt({ exp: simulator.clock.now().getTime() / 1000 + 3600 }), 401],
    ['from the future', () => jwt({ iat: simulator.clock.now().getTime() / 1000 + 300 }), 401],
    ['of another key', () => jwt({}, simulator.installApp('other').privateKey), 401],
    ['of nobody', () => jwt({ iss: 'nobody' }), 404],
  ])('is refused with a JWT %s', async (_what, make, status) => {
    expect((await call('GET', '/app', { token: make() })).status).toBe(status);
  });

  test('is born from a manifest, once', async () => {
    const code = simulator.confirmManifest({ name: 'My Lanekeeper', owner: 'ronny' });
    const { status, json } = await call('POST', `/app-manifests/${code}/conversions`, { token: null });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      slug: 'my-lanekeeper',
      webhook_secret: expect.any(String),
      pem: expect.stringMatching(/BEGIN RSA/),
    });
    expect((await call('POST', `/app-manifests/${code}/conversions`, { token: null })).status).toBe(404);
  });
});

describe('conditional requests', () => {
  test('a 304 costs nothing, but only to the token that got the ETag', async () => {
    simulator.addToken({ token: 'other', login: 'ronny' });
    const { headers } = await call('GET', `${repo}/git/trees/main`);
    const conditional = { 'if-none-match': headers.get('etag') ?? '' };
    const same = await call('GET', `${repo}/git/trees/main`, { headers: conditional });
    expect([same.status, same.text, same.headers.get('x-ratelimit-used')]).toEqual([304, '', '1']);
    expect((await call('GET', `${repo}/git/trees/main`, { headers: conditional, token: 'other' })).status).toBe(200);
  });

  test('the head sha is its own ETag, for every token', async () => {
    const accept = 'application/vnd.github.sha';
    const { headers } = await call('GET', `${repo}/commits/main`, { headers: { accept } });
    simulator.addToken({ token: 'other', login: 'ronny' });
    const conditional = { accept, 'if-none-match': headers.get('etag') ?? '' };
    expect((await call('GET', `${repo}/commits/main`, { headers: conditional, token: 'other' })).status).toBe(304);
  });
});

describe('limits', () => {
  test('the primary limit ends with its hour', async () => {
    simulator.limits.settings.primary = 2;
    await call('GET', repo);
    await call('GET', repo);
    const refused = await call('GET', repo);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(refused.headers.get('x-ratelimit-reset')).toBe(String(Date.parse('2026-02-18T04:00:00Z') / 1000));
    expect((await call('GET', '/rate_limit')).json.resources?.core).toMatchObject({ remaining: 0, used: 2 });
    simulator.clock.advance(3_600_000);
    expect((await call('GET', repo)).status).toBe(200);
  });

  test('over the primary limit GraphQL still answers 200', async () => {
    simulator.limits.settings.primary = 1;
    const ask = () => call('POST', '/graphql', { body: { query: '{ viewer { login } }' } });
    await ask();
    const { status, json, headers } = await ask();
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
    expect(json.errors).toMatchObject([{ type: 'RATE_LIMITED' }]);
  });

  test('no more than 80 issues and comments a minute', async () => {
    const post = () => call('POST', `${repo}/issues`, { body: { title: 'x' } });
    for (let i = 0; i < 80; i += 1) expect((await post()).status).toBe(201);
    const refused = await post();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([403, '60']);
    expect((await call('GET', `${repo}/issues`)).status).toBe(200);
    simulator.clock.advance(60_000);
    expect((await post()).status).toBe(201);
  });
});

describe('webhooks', () => {
  const zeros = '0'.repeat(40);
  const shas = () => scratch.git('rev-list', '--reverse', 'main').split('\n');

  test('are signed as in the documentation', () => {
    expect(signWebhook("It's a Secret to Everybody", 'Hello, World!')).toBe(
      'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    );
  });

  test('a push is told from the real commits', async () => {
    const [first = '', , third = ''] = shas();
    const push = await simulator.pushPayload(first, third);
    expect(push).toMatchObject({
      ref: 'refs/heads/main',
      before: first,
      after: third,
      forced: false,
      commits: [{ modified: ['a.yaml'] }, { id: third, added: ['new.md'], removed: ['old.md'] }],
      head_commit: { id: third },
      repository: { id: 1001, full_name: 'ronny/ops' },
    });
    expect(await simulator.pushPayload(third, first)).toMatchObject({ forced: true, commits: [] });
    expect(await simulator.pushPayload(null, first)).toMatchObject({ created: true, before: zeros });
    expect(await simulator.pushPayload(first, null)).toMatchObject({ deleted: true, after: zeros, head_commit: null });
    simulator.pingPayload('https://worker.example/webhooks/github');
    const number = simulator.actAs('ronny').openIssue({ title: 'x' });
    simulator.actAs('ronny').close(number);
    expect(simulator.issuesPayload('closed', number, 'ronny')).toMatchObject({
      action: 'closed',
      sender: { login: 'ronny' },
    });
  });

  test('arrive with their headers; a redelivery keeps its id', async () => {
    const received: Record<string, unknown>[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push({ ...request.headers, body });
        response.writeHead(202).end('accepted');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/github`;
    const delivery = await simulator.sendWebhook(target, 'ping', { zen: 'x' }, 'secret');
    expect(delivery).toMatchObject({ status: 202, body: 'accepted', event: 'ping' });
    await simulator.sendWebhook(target, 'ping', { zen: 'x' }, 'secret', {
      redeliver: true,
      deliveryId: delivery.deliveryId,
    });
    await simulator.sendWebhook(target, 'ping', { zen: 'x' }, 'secret', { signature: null });
    server.close();
    expect(received[0]).toMatchObject({
      'x-github-event': 'ping',
      'x-github-delivery': delivery.deliveryId,
      'x-hub-signature-256': signWebhook('secret', '{"zen":"x"}'),
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
    });
    expect(received[1]?.['x-github-delivery']).toBe(delivery.deliveryId);
    expect(received[2]).not.toHaveProperty('x-hub-signature-256');
  });
});
