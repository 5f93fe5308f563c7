import {
  createExecutionContext,
  createScheduledController,
  runDurableObjectAlarm,
  runInDurableObject,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { describe, expect, inject, test, vi } from 'vitest';
import type { StoredAudit } from '../../src/core/store.ts';
import worker from '../../src/worker.ts';

const REPO = 'you/homelab';
const SECRET = 'a webhook secret for tests';
const TOKEN = 'dashboard-token-for-tests';
const authorized = { authorization: `Bearer ${TOKEN}` };

function get(path: string, headers: Record<string, string> = authorized): Promise<Response> {
  return exports.default.fetch(`http://lanekeeper.test${path}`, { headers });
}

function coordinator() {
  return env.COORDINATORS.get(env.COORDINATORS.idFromName(REPO));
}

async function latest(): Promise<StoredAudit | undefined> {
  const answer = await get(`/api/repos/${REPO}/latest`);
  return answer.ok ? ((await answer.json()) as StoredAudit) : undefined;
}

/** Rings the coordinator's alarm until nothing is pending. */
async function finish(before: string | undefined): Promise<StoredAudit> {
  return vi.waitFor(
    async () => {
      await runDurableObjectAlarm(coordinator());
      const audit = await latest();
      if (!audit || audit.id === before) throw new Error('not yet');
      return audit;
    },
    { timeout: 30_000, interval: 100 },
  );
}

async function cron(time = Date.now()): Promise<void> {
  const context = createExecutionContext();
  const controller = createScheduledController({ scheduledTime: new Date(time), cron: '17 4 * * *' });
  await worker.scheduled(controller, env);
  await waitOnExecutionContext(context);
}

async function issues(): Promise<{ number: number; title: string; updated_at: string }[]> {
  const headers = { 'user-agent': 'test', authorization: `Bearer ${inject('githubToken')}` };
  const answer = await fetch(`${inject('githubUrl')}/repos/${REPO}/issues?state=all`, { headers });
  return answer.json();
}

async function signed(body: string, secret = SECRET): Promise<string> {
  const key = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body)));
  return `sha256=${Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

async function webhook(
  event: string,
  payload: unknown,
  {
    delivery = crypto.randomUUID(),
    secret = SECRET,
    body = JSON.stringify(payload),
    contentType = 'application/json',
  } = {},
) {
  const headers = {
    'content-type': contentType,
    'x-github-event': event,
    'x-github-delivery': delivery,
    'x-hub-signature-256': await signed(body, secret),
  };
  return exports.default.fetch('http://lanekeeper.test/webhooks/github', { method: 'POST', headers, body });
}

const push = {
  ref: 'refs/heads/main',
  repository: { full_name: REPO },
  sender: { login: 'someone' },
  commits: [{ modified: ['ops/bindings/startup.sequencing.yaml'] }],
};

describe('a night in workerd', () => {
  test('the cron audits the sample to the certified table, silently', async () => {
    await cron();
    const { report, delivery, requests } = await finish(undefined);
    const totals = Object.fromEntries(report.lanes.map(({ id, pass, total }) => [id, `${pass}/${total}`]));
    expect(totals).toMatchObject({ core: '8/8', aof: '19/19', infra: '24/25', 'proxmox-network': '24/25' });
    expect(report).toMatchObject({ repo: REPO, sha: inject('head'), complete: true });
    expect(
      report.gates
        .filter(({ verdict, ours }) => verdict === 'fail' && !ours)
        .map(({ number, findings }) => [number, findings.length]),
    ).toEqual([['D86', 13]]);
    expect(delivery.actions[0]).toBe('open an issue: the Gap inbox (#1)');
    expect(await issues()).toHaveLength(1);
    expect(requests.target).toBeLessThanOrEqual(16);
  });

  test('twenty more nights without a change ask GitHub for one thing and write nothing', async () => {
    const before = await issues();
    for (let night = 1; night <= 20; night++) {
      const known = (await latest())?.id;
      await cron(Date.now() + night * 60_000);
      const { delivery, requests } = await finish(known);
      expect([delivery.planned, requests.target]).toEqual([0, 1]);
    }
    expect(await issues()).toEqual(before);
  });

  test('a night without a change evaluates nothing, although a sibling is configured', async () => {
    const ledger = <T>(query: string) =>
      runInDurableObject(coordinator(), (_, { storage }) => storage.sql.exec(query).toArray() as T[]);
    // Every evaluation begins with this row.
    expect(await ledger("SELECT key FROM ledger WHERE key = 'work'")).toHaveLength(1);
    await ledger("DELETE FROM ledger WHERE key = 'work'");
    const known = await latest();
    expect(known?.report.siblings.workbench).toMatch(/^[0-9a-f]{40}$/);
    await cron(Date.now() + 30 * 60_000);
    await finish(known?.id);
    expect(await ledger("SELECT key FROM ledger WHERE key = 'work'")).toEqual([]);
  });

  test('what fails can be made baseline, although a sibling is configured', async () => {
    const known = (await latest())?.id;
    const answer = await exports.default.fetch(`http://lanekeeper.test/api/repos/${REPO}/baseline`, {
      method: 'POST',
      headers: authorized,
      body: JSON.stringify({ gate: 'D86', by: 'ronny', reason: 'It is known.' }),
    });
    expect([answer.ok, await answer.json()]).toEqual([true, expect.objectContaining({ status: 'queued' })]);
    await finish(known);
    expect(await issues()).toHaveLength(1);
  });
});

describe('the webhook', () => {
  test('a push to the audited branch audits, once a delivery', async () => {
    const known = (await latest())?.id;
    const delivery = crypto.randomUUID();
    expect(await (await webhook('push', push, { delivery })).json()).toEqual({ status: 'accepted' });
    expect((await finish(known)).trigger).toBe('push');
    expect(await (await webhook('push', push, { delivery })).json()).toEqual({ status: 'ignored' });
  });

  test('another branch, another repository and unknown events are ignored', async () => {
    const answers = [
      await webhook('push', { ...push, ref: 'refs/heads/feature' }),
      await webhook('push', { ...push, repository: { full_name: 'you/other' } }),
      await webhook('star', { repository: { full_name: REPO } }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(202);
      expect(await answer.json()).toEqual({ status: 'ignored' });
    }
  });

  test('ping answers', async () => {
    expect(await (await webhook('ping', { zen: 'Design for failure.' })).json()).toEqual({ status: 'pong' });
  });

  test('a wrong signature is refused before anything is parsed', async () => {
    expect((await webhook('push', push, { secret: 'another secret' })).status).toBe(401);
    expect((await webhook('push', push, { secret: 'another secret', body: 'no JSON at all' })).status).toBe(401);
  });

  test('what is no JSON is refused', async () => {
    expect((await webhook('push', push, { body: 'no JSON at all' })).status).toBe(400);
    expect((await webhook('push', push, { body: '{"ref": 1, "repository": {"full_name": "a/b"}}' })).status).toBe(400);
  });

  test('without a signature, or with one of another form, is refused before the body is read', async () => {
    for (const signature of [undefined, 'sha1=abc', 'sha256=xyz', `sha256=${'0'.repeat(63)}`]) {
      // Whoever reads this finds it too large.
      const body = ' '.repeat(25 * 1024 * 1024 + 1);
      const headers = { 'x-github-event': 'push', 'x-github-delivery': crypto.randomUUID() };
      const answer = await exports.default.fetch('http://lanekeeper.test/webhooks/github', {
        method: 'POST',
        headers: signature === undefined ? headers : { ...headers, 'x-hub-signature-256': signature },
        body,
      });
      expect(answer.status).toBe(401);
    }
  });

  test('takes forms, which are what GitHub sends where nobody chose JSON', async () => {
    const form = (payload: unknown) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const contentType = 'application/x-www-form-urlencoded';
    const ping = await webhook('ping', {}, { body: form({ zen: 'Design for failure.' }), contentType });
    expect(await ping.json()).toEqual({ status: 'pong' });
    const known = (await latest())?.id;
    expect(await (await webhook('push', push, { body: form(push), contentType })).json()).toEqual({
      status: 'accepted',
    });
    expect((await finish(known)).trigger).toBe('push');
  });

  test.each([
    ['a force push', { forced: true }],
    ['a new branch', { created: true }],
    ['no list', { commits: null }],
    ['an empty list', { commits: [] }],
    ['a list that was cut', { commits: Array.from({ length: 2048 }, () => ({ modified: ['README.md'] })) }],
    [
      'a list that ends elsewhere',
      { after: inject('head'), commits: [{ id: 'a'.repeat(40), modified: ['README.md'] }] },
    ],
    ['nulls', { sender: null, commits: [{ added: null, modified: null, removed: null }], forced: true }],
  ])('what a push with %s touched is unknown', async (_, change) => {
    const known = (await latest())?.id;
    // A push to the commit that was audited last would wait for a minute after the last audit.
    await runInDurableObject(coordinator(), (__, { storage }) => {
      storage.sql.exec("DELETE FROM ledger WHERE key = 'endedAt'");
    });
    expect((await webhook('push', { ...push, ...change })).status).toBe(202);
    expect((await finish(known)).touched).toEqual(['unknown']);
  });

  test('a body over 25 MB is refused', async () => {
    const answer = await webhook('push', push, { body: ' '.repeat(25 * 1024 * 1024 + 1) });
    expect(answer.status).toBe(413);
  });
});

describe('the API', () => {
  test('asks for the token, as a bearer or as a Basic password', async () => {
    expect((await get(`/api/repos/${REPO}/latest`, {})).status).toBe(401);
    expect((await get(`/api/repos/${REPO}/latest`, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await get(`/api/repos/${REPO}/latest`, { authorization: `Basic ${btoa(`me:${TOKEN}`)}` })).status).toBe(
      200,
    );
  });

  test('an audit can be asked for', async () => {
    const known = (await latest())?.id;
    const body = JSON.stringify({ repo: REPO, force: true });
    const answer = await exports.default.fetch('http://lanekeeper.test/api/audits', {
      method: 'POST',
      headers: authorized,
      body,
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([202, `/api/repos/${REPO}/progress`]);
    expect((await finish(known)).trigger).toBe('api');
  });

  test('only configured targets are known', async () => {
    const body = JSON.stringify({ repo: 'somebody/else' });
    const answer = await exports.default.fetch('http://lanekeeper.test/api/audits', {
      method: 'POST',
      headers: authorized,
      body,
    });
    expect(answer.status).toBe(404);
    expect((await get('/api/repos/somebody/else/latest')).status).toBe(404);
  });

  test('health says the status and no names', async () => {
    const answer = await get('/healthz', {});
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'pending', targets: 4 }]);
  });

  test('health tells whoever has the token of a row that was dropped, and where', async () => {
    await runInDurableObject(coordinator(), (_, { storage }) => {
      storage.sql.exec(`UPDATE ledger SET value = '{"report":"gone"}' WHERE key = 'last'`);
    });
    const known = (await latest())?.id;
    await cron();
    await finish(known);
    const bare = await get('/healthz', {});
    expect([bare.status, await bare.json()]).toEqual([503, { status: 'error', targets: 4 }]);
    const told = await (await get('/healthz')).json();
    expect(told).toMatchObject({
      status: 'error',
      problems: expect.arrayContaining([
        { repo: REPO, state: 'error', errors: [expect.stringMatching(/^The ledger's row `last`/)] },
      ]),
    });
  });
});
