/** Issues, labels, comments and statuses: what the inbox lives on. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, connect, expectViolations, linkTo } from '../../simulator/client.ts';
import { createScratchRepository, type ScratchRepository } from '../../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';

const repo = '/repos/ronny/ops';
let scratch: ScratchRepository;
let simulator: GitHubSimulator;
let call: Client;
let head: string;

beforeAll(() => {
  scratch = createScratchRepository();
  head = scratch.commit({ 'a.yaml': 'x: 1\n' });
});
afterAll(() => scratch.remove());

beforeEach(async () => {
  const { gitDir } = scratch;
  simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'ronny', name: 'ops', gitDir, roles: { drive_by: 'read', helper: 'triage' } },
      { owner: 'ronny', name: 'workbench', gitDir, sibling: true },
    ],
    now: '2026-02-18T03:00:00Z',
  });
  simulator.addToken({ token: 'pat-drive-by', login: 'drive_by' });
  simulator.addToken({ token: 'pat-helper', login: 'helper' });
  call = connect(simulator);
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.violations).toEqual([]);
});

function create(title: string, more: Record<string, unknown> = {}, token?: string) {
  return call('POST', `${repo}/issues`, { body: { title, ...more }, ...(token === undefined ? {} : { token }) });
}

describe('an issue', () => {
  test('is created, closed with a reason, and reopened', async () => {
    const created = await create('D86 is failing', { body: 'why', labels: ['audit'] });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`${simulator.url}${repo}/issues/1`);
    expect(created.json).toMatchObject({
      number: 1,
      user: { login: 'lanekeeper-bot', type: 'User' },
      author_association: 'COLLABORATOR',
      performed_via_github_app: null,
      labels: [{ name: 'audit', color: 'ededed' }],
      created_at: '2026-02-18T03:00:00Z',
    });
    simulator.clock.advance(60_000);
    const closed = await call('PATCH', `${repo}/issues/1`, { body: { state: 'closed', state_reason: 'not_planned' } });
    expect(closed.json).toMatchObject({
      state: 'closed',
      state_reason: 'not_planned',
      closed_at: '2026-02-18T03:01:00Z',
      closed_by: { login: 'lanekeeper-bot' },
    });
    const reopened = await call('PATCH', `${repo}/issues/1`, { body: { state: 'open' } });
    expect(reopened.json).toMatchObject({ state_reason: 'reopened', closed_at: null, closed_by: null });
  });

  test('has a body of at most 262,144 bytes: refused when created, silently kept when changed', async () => {
    const long = 'é'.repeat(131_073);
    const refused = await create('long', { body: long });
    expect(refused.status).toBe(422);
    expect(refused.json.errors).toMatchObject([{ field: 'body', code: 'custom' }]);
    await create('short', { body: 'short' });
    const changed = await call('PATCH', `${repo}/issues/1`, { body: { body: long, title: 'new' } });
    expect(changed.json).toMatchObject({ title: 'new', body: 'short' });
    expect((await call('POST', `${repo}/issues/1/comments`, { body: { body: long } })).status).toBe(422);
  });

  test('has a title of 1 to 256 characters', async () => {
    expect((await create('x'.repeat(257))).status).toBe(422);
    expect((await create(' ')).json.errors).toMatchObject([{ field: 'title', code: 'missing_field' }]);
  });

  test('that a person deleted is gone, one that was transferred has moved', async () => {
    await create('deleted');
    await create('transferred');
    const ronny = simulator.actAs('ronny');
    ronny.deleteIssue(1);
    expect((await call('GET', `${repo}/issues/1`)).status).toBe(410);
    expect(ronny.transfer(2, simulator.repository('ronny/workbench'))).toBe(1);
    const moved = await call('GET', `${repo}/issues/2`);
    expect(moved.status).toBe(301);
    const location = moved.headers.get('location') ?? '';
    expect(location).toBe(`${simulator.url}/repositories/1002/issues/1`);
    expect((await call('GET', location)).json.title).toBe('transferred');
    expect((await call('PATCH', `${repo}/issues/2`, { body: { state: 'closed' } })).status).toBe(307);
    expect((await call('GET', `${repo}/issues?state=all`)).json).toHaveLength(0);
  });

  test('that is locked takes no comment of an App, but can be edited', async () => {
    const app = simulator.installApp('lanekeeper');
    const { token } = simulator.mintToken(app);
    await create('locked', {}, token);
    simulator.actAs('ronny').lock(1, 'resolved');
    expect((await call('POST', `${repo}/issues/1/comments`, { body: { body: 'hi' }, token })).status).toBe(403);
    expect((await call('PATCH', `${repo}/issues/1`, { body: { body: 'edited' }, token })).status).toBe(200);
    expect((await call('POST', `${repo}/issues/1/comments`, { body: { body: 'hi' } })).status).toBe(201);
    expect((await call('DELETE', `${repo}/issues/1/lock`)).status).toBe(204);
    expect((await call('PUT', `${repo}/issues/1/lock`, { body: { lock_reason: 'spam' } })).status).toBe(204);
    expect(simulator.issue(1)).toMatchObject({ locked: true, comments: ['hi'] });
  });

  test('by an App is told by its author', async () => {
    const app = simulator.installApp('lanekeeper');
    const { json } = await create('by an App', {}, simulator.mintToken(app).token);
    expect(json).toMatchObject({
      user: { login: 'lanekeeper[bot]', type: 'Bot' },
      performed_via_github_app: { id: app.app.id, slug: 'lanekeeper' },
      author_association: 'NONE',
    });
  });
});

describe('the list', () => {
  test('filters by label, state, creator and time, newest first', async () => {
    await create('one', { labels: ['audit', 'audit/lane:infra'] });
    simulator.clock.advance(1000);
    await create('two', { labels: ['audit'] });
    await create('three', {}, 'pat-helper');
    await call('PATCH', `${repo}/issues/1`, { body: { state: 'closed' } });
    const titles = async (query: string) => {
      const { json } = await call('GET', `${repo}/issues?${query}`);
      return Object.values(json).map(({ title }) => title);
    };
    expect(await titles('')).toEqual(['three', 'two']);
    expect(await titles('state=all&labels=AUDIT')).toEqual(['two', 'one']);
    expect(await titles('state=all&labels=audit,audit%2Flane%3Ainfra')).toEqual(['one']);
    expect(await titles('creator=helper')).toEqual(['three']);
    expect(await titles('state=all&since=2026-02-18T03:00:01Z&sort=updated&direction=asc')).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(await titles('state=all&creator=nobody')).toEqual([]);
  });

  test('holds pull requests too, which only a key tells apart', async () => {
    const number = simulator.actAs('ronny').openIssue({ title: 'a change', pullRequest: true });
    const { json } = await call('GET', `${repo}/issues`);
    expect(json).toMatchObject([{ number, pull_request: { url: `${simulator.url}${repo}/pulls/1` } }]);
    await create('an issue');
    expect((await call('GET', `${repo}/issues/2`)).json).not.toHaveProperty('pull_request');
  });

  test('comes in pages whose links are followed as they are', async () => {
    for (let i = 1; i <= 5; i += 1) await create(`issue ${i}`);
    const one = await call('GET', `${repo}/issues?per_page=2&labels=`);
    expect(linkTo(one, 'prev')).toBeUndefined();
    expect(linkTo(one, 'last')).toBe(`${simulator.url}/repositories/1001/issues?per_page=2&labels=&page=3`);
    const two = await call('GET', linkTo(one, 'next') ?? '');
    const three = await call('GET', linkTo(two, 'next') ?? '');
    expect(three.json).toMatchObject([{ title: 'issue 1' }]);
    expect(linkTo(three, 'next')).toBeUndefined();
  });

  test('says so when a filter is not modelled', async () => {
    await call('GET', `${repo}/issues?assignee=*`);
    expectViolations(simulator, /assignee is not modelled/);
  });
});

describe('labels', () => {
  test('are created once, and found by encoded name', async () => {
    const body = { name: 'audit/lane:infra', color: '0e8a16', description: 'the infra lane' };
    expect((await call('POST', `${repo}/labels`, { body })).status).toBe(201);
    const again = await call('POST', `${repo}/labels`, { body: { ...body, name: 'AUDIT/lane:infra' } });
    expect(again.json.errors).toMatchObject([{ resource: 'Label', field: 'name', code: 'already_exists' }]);
    expect((await call('GET', `${repo}/labels/${encodeURIComponent(body.name)}`)).json).toMatchObject(body);
    expect((await call('GET', `${repo}/labels`)).json).toHaveLength(1);
    for (const bad of [{ color: '#0e8a16' }, { name: 'x'.repeat(51) }, { description: 'x'.repeat(101) }]) {
      expect((await call('POST', `${repo}/labels`, { body: { ...body, name: 'other', ...bad } })).status).toBe(422);
    }
  });

  test('are added, replaced and removed', async () => {
    await create('x', { labels: ['one'] });
    await call('POST', `${repo}/issues/1/labels`, { body: { labels: ['two'] } });
    expect(simulator.issue(1).labels).toEqual(['one', 'two']);
    await call('DELETE', `${repo}/issues/1/labels/one`);
    expect(simulator.issue(1).labels).toEqual(['two']);
    expect((await call('DELETE', `${repo}/issues/1/labels/one`)).status).toBe(404);
    await call('PATCH', `${repo}/issues/1`, { body: { labels: ['three'] } });
    expect(simulator.issue(1).labels).toEqual(['three']);
  });

  test('are silently dropped for those who may not set them', async () => {
    const { status, json } = await create('x', { labels: ['audit'] }, 'pat-drive-by');
    expect([status, json.labels]).toEqual([201, []]);
    expect(simulator.labels()).toEqual([]);
  });

  test('are made on the fly only for those who may create them', async () => {
    const { status, json } = await create('x', { labels: ['unknown'] }, 'pat-helper');
    expect(status).toBe(403);
    expect(json.errors).toMatchObject([{ field: 'label', code: 'unauthorized' }]);
    expect(simulator.issues()).toEqual([]);
    await create('x', { labels: ['unknown'] });
    expect((await create('y', { labels: ['unknown'] }, 'pat-helper')).json.labels).toMatchObject([{ name: 'unknown' }]);
  });
});

test('comments are listed oldest first and belong to their author', async () => {
  await create('x');
  await call('POST', `${repo}/issues/1/comments`, { body: { body: 'first' } });
  simulator.actAs('ronny').comment(1, 'second');
  const { json } = await call('GET', `${repo}/issues/1/comments`);
  expect(json).toMatchObject([{ body: 'first' }, { body: 'second', author_association: 'OWNER' }]);
  const [mine, theirs] = simulator.comments(1);
  expect((await call('PATCH', `${repo}/issues/comments/${mine?.id}`, { body: { body: 'edited' } })).status).toBe(200);
  const other = await call('PATCH', `${repo}/issues/comments/${theirs?.id}`, {
    body: { body: 'x' },
    token: 'pat-helper',
  });
  expect(other.status).toBe(403);
  expect((await call('GET', `${repo}/issues/1`)).json.comments).toBe(2);
});

test('commit statuses are combined by context', async () => {
  const set = (state: string, context: string) =>
    call('POST', `${repo}/statuses/${head}`, {
      body: { state, context, description: 'x', target_url: 'https://example.com' },
    });
  await set('failure', 'lanekeeper');
  await set('success', 'lanekeeper');
  expect((await call('GET', `${repo}/commits/main/status`)).json).toMatchObject({ state: 'success', total_count: 1 });
  await set('pending', 'other');
  expect((await call('GET', `${repo}/commits/main/status`)).json.state).toBe('pending');
  expect(simulator.statuses(head)).toHaveLength(3);
  expect((await call('POST', `${repo}/statuses/${'0'.repeat(40)}`, { body: { state: 'error' } })).status).toBe(422);
});

test('an issue is pinned over GraphQL, three at most', async () => {
  const ids: string[] = [];
  for (const title of ['1', '2', '3', '4']) ids.push(String((await create(title)).json.node_id));
  const pin = (issueId: string | undefined) =>
    call('POST', '/graphql', {
      body: {
        query: 'mutation ($issueId: ID!) { pinIssue(input: { issueId: $issueId }) { issue { number isPinned } } }',
        variables: { issueId },
      },
    });
  expect((await pin(ids[0])).json.data?.pinIssue?.issue).toEqual({ number: 1, isPinned: true });
  await pin(ids[1]);
  await pin(ids[2]);
  expect((await pin(ids[3])).json.errors).toMatchObject([{ type: 'UNPROCESSABLE' }]);
  expect(simulator.issue(1).pinned).toBe(true);
  expect(simulator.requests.at(-1)?.category).toBe('inbox');
});

describe('a repository', () => {
  test('that was renamed redirects by id', async () => {
    simulator.renameRepository('operations');
    const { status, headers } = await call('GET', `${repo}/issues?state=all`);
    expect([status, headers.get('location')]).toEqual([301, `${simulator.url}/repositories/1001/issues?state=all`]);
    expect((await create('x')).status).toBe(307);
    expect((await call('GET', '/repositories/1001')).json.full_name).toBe('ronny/operations');
  });

  test('with issues disabled, archived, or private answers 410, 403, 404', async () => {
    const state = simulator.repository();
    state.hasIssues = false;
    expect((await create('x')).status).toBe(410);
    state.hasIssues = true;
    state.archived = true;
    expect((await create('x')).json.message).toMatch(/archived/);
    state.archived = false;
    state.private = true;
    expect((await call('GET', repo, { token: 'pat-drive-by' })).status).toBe(200);
    simulator.addToken({ token: 'pat-stranger', login: 'stranger' });
    expect((await call('GET', repo, { token: 'pat-stranger' })).status).toBe(404);
    expect((await call('GET', repo, { token: null })).status).toBe(404);
  });
});
