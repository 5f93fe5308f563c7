/** What GitHub, and whoever pretends to be it, may send. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseTargets } from '../../src/config/targets.ts';
import type { AuditRequest } from '../../src/coordinator/coordinator.ts';
import { stage } from './fixture.ts';

const SECRET = 'a webhook secret for tests';
const TARGETS = parseTargets(
  'targets: [{ repo: you/homelab, siblings: { workbench: { repo: you/workbench } } }, { repo: you/other, branch: trunk }]',
);
const HEAD = 'c'.repeat(40);
const PUSH = {
  ref: 'refs/heads/main',
  after: HEAD,
  repository: { full_name: 'you/homelab', id: 1001 },
  sender: { login: 'someone' },
  commits: [{ id: HEAD, added: [], modified: ['README.md'], removed: [] }],
};

interface Delivery {
  readonly event?: string | null;
  readonly payload?: unknown;
  readonly body?: string;
  readonly signature?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to one delivery, and the audits that it asked for. */
async function deliver({ event = 'push', payload = PUSH, body, signature, headers = {} }: Delivery) {
  const asked: (readonly [string, AuditRequest | null])[] = [];
  const { app } = await stage({
    targets: TARGETS,
    coordinator: (repo) => ({
      request: async () => {},
      receiveWebhook: async (_, request) => asked.push([repo, request]) > 0,
      accept: async () => false,
      receiveResults: async () => 'taken',
      forgetResults: async () => {},
      progress: async () => ({ stage: 'idle', auditId: null }),
    }),
  });
  const text = body ?? JSON.stringify(payload);
  const signed = signature === undefined ? sign(text) : signature;
  const given = {
    'content-type': 'application/json',
    'x-github-delivery': 'a-b-c',
    ...(event === null ? {} : { 'x-github-event': event }),
    ...(signed === null ? {} : { 'x-hub-signature-256': signed }),
    ...headers,
  };
  const answer = await app.request('/webhooks/github', { method: 'POST', headers: given, body: text });
  return { status: answer.status, text: await answer.text(), asked };
}

function sign(body: string, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

const good = sign(JSON.stringify(PUSH));

test.each<[string, string | null]>([
  ['none', null],
  ['empty', ''],
  ['of another secret', sign(JSON.stringify(PUSH), 'another')],
  ['of an empty secret', sign(JSON.stringify(PUSH), '')],
  ['twice', `${good}, ${good}`],
  ['with another one first', `sha256=${'0'.repeat(64)}, ${good}`],
  ['in capitals', good.toUpperCase()],
  ['with blanks within', good.replace('sha256=', 'sha256= ')],
  ['one digit short', good.slice(0, -1)],
  ['one digit long', `${good}0`],
  ['SHA-1', `sha1=${createHmac('sha1', SECRET).update(JSON.stringify(PUSH)).digest('hex')}`],
  ['without its kind', good.slice('sha256='.length)],
  ['of something longer', sign(`${JSON.stringify(PUSH)} `)],
])('a signature: %s', async (_, signature) => {
  const { status, asked } = await deliver({ signature });
  expect([status, asked]).toEqual([401, []]);
});

test.each<[string, Delivery]>([
  ['JSON', {}],
  ['JSON with a character set', { headers: { 'content-type': 'application/json; charset=utf-8' } }],
  ['JSON under no content type', { headers: { 'content-type': '' } }],
  ['JSON under a wrong content type', { headers: { 'content-type': 'text/plain' } }],
  ['a form', form({})],
  ['a form in capitals', form({ 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' })],
  [
    'nulls',
    { payload: { ...PUSH, sender: null, commits: [{ id: HEAD, added: null, modified: null, removed: null }] } },
  ],
  ['another spelling of the name', { payload: { ...PUSH, repository: { full_name: 'You/HomeLab', id: 1001 } } }],
  ['what we do not know', { payload: { ...PUSH, installation: { id: 1 }, enterprise: null, head_commit: null } }],
])('a push as %s is taken', async (_, delivery) => {
  const { status, asked } = await deliver(delivery);
  expect(status).toBe(202);
  expect(asked).toMatchObject([['you/homelab', { trigger: 'push', after: HEAD }]]);
});

function form(headers: Readonly<Record<string, string>>): Delivery {
  const body = new URLSearchParams({ payload: JSON.stringify(PUSH) }).toString();
  return { body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } };
}

test.each<[string, Delivery]>([
  ['no JSON', { body: 'payload' }],
  ['nothing', { body: '' }],
  ['a form without payload', { ...form({}), body: 'a=b' }],
  ['JSON that is called a form', { ...form({}), body: JSON.stringify(PUSH) }],
  ['XML', { body: '<push/>' }],
  ['brackets without end', { body: '['.repeat(2_000_000) }],
])('a body that is %s is refused with the content type to choose', async (_, delivery) => {
  const { status, text, asked } = await deliver(delivery);
  expect([status, asked]).toEqual([400, []]);
  expect(text).toMatch(/application\/json/);
});

test.each<[string, Delivery]>([
  ['of no kind', { event: null }],
  ['a list', { payload: [PUSH] }],
  ['null', { payload: null }],
  ['a number', { payload: 1 }],
  ['of a repository without a name', { payload: { ...PUSH, repository: { id: 1001 } } }],
  ['of a branch that is no text', { payload: { ...PUSH, ref: 1 } }],
  ['of paths that are no texts', { payload: { ...PUSH, commits: [{ id: HEAD, added: [1] }] } }],
  ['of commits that are no list', { payload: { ...PUSH, commits: {} } }],
  ['of an account as a text', { payload: { ...PUSH, sender: 'someone' } }],
])('a push %s is refused', async (_, delivery) => {
  const { status, asked } = await deliver(delivery);
  expect([status, asked]).toEqual([400, []]);
});

test.each([
  'star',
  'repository',
  'installation',
  'installation_repositories',
  'delete',
  'create',
  'issue_comment',
  'constructor',
  '__proto__',
])('an event %s is ignored, whatever it holds', async (event) => {
  for (const payload of [PUSH, {}, null, { repository: null, sender: null }, { repository: 1 }]) {
    const { status, text, asked } = await deliver({ event, payload });
    expect([status, text, asked]).toEqual([202, '{"status":"ignored"}', []]);
  }
});

test('a ping answers in every form', async () => {
  for (const payload of [{}, { zen: 'x', hook: { type: 'App' } }, { repository: null, sender: null }])
    expect(await deliver({ event: 'ping', payload })).toMatchObject({ status: 200, text: '{"status":"pong"}' });
});

test.each<[string, object]>([
  ['another branch', { ref: 'refs/heads/feature' }],
  ['a tag with the name of the branch', { ref: 'refs/tags/main' }],
  ['a branch that only begins so', { ref: 'refs/heads/main/x' }],
  ['a branch that was deleted', { deleted: true, after: '0'.repeat(40), commits: [] }],
  ['a branch that was deleted, without the word', { deleted: null, after: '0'.repeat(40) }],
  ['another repository', { repository: { full_name: 'you/homelab2', id: 5 } }],
  ['another owner', { repository: { full_name: 'me/homelab', id: 5 } }],
  ['the branch of another target', { repository: { full_name: 'you/other', id: 6 } }],
  ['no repository', { repository: null }],
])('a push to %s asks for nothing', async (_, change) => {
  const { status, asked } = await deliver({ payload: { ...PUSH, ...change } });
  if (status === 202) expect(asked).toEqual([]);
  else expect([status, asked]).toEqual([400, []]);
});

const paths = (count: number) => Array.from({ length: count }, (_, index) => `ops/${index}/${'x'.repeat(60)}.yaml`);

test.each<[string, object]>([
  ['a force push', { forced: true }],
  ['a new branch', { created: true }],
  ['no commits', { commits: [] }],
  ['no list', { commits: null }],
  ['as many commits as GitHub lists', { commits: Array.from({ length: 2048 }, () => ({ id: HEAD, added: ['a'] })) }],
  ['as many files of a commit as GitHub lists', { commits: [{ id: HEAD, modified: paths(3000) }] }],
  [
    'more paths than anybody reads',
    {
      commits: paths(8)
        .map(() => ({ id: HEAD, modified: paths(2_900) }))
        .map((commit, index) => ({ ...commit, modified: commit.modified.map((path) => `${index}/${path}`) })),
    },
  ],
  ['a list that ends elsewhere', { commits: [{ id: 'd'.repeat(40), modified: ['a'] }] }],
])('what %s touched is unknown', async (_, change) => {
  const { asked } = await deliver({ payload: { ...PUSH, ...change } });
  expect(asked).toMatchObject([['you/homelab', { changedPaths: null }]]);
});

test('a commit id that is none is not waited for', async () => {
  for (const after of [null, '', 'HEAD', 'c'.repeat(39), `${'c'.repeat(40)}\n`, 'C'.repeat(40)]) {
    const { asked } = await deliver({ payload: { ...PUSH, after } });
    expect(asked[0]?.[1]).not.toHaveProperty('after');
  }
});
