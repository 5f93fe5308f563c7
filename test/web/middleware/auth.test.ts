import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../../src/web/app.ts';
import { createAccessVerifier } from '../../../src/web/middleware/cloudflare-access.ts';
import { NOW, REPO, stage, TOKEN } from '../fixture.ts';

/** Routes that say nothing of anybody, or check a signature of their own. */
const OPEN = ['/healthz', '/style.css', '/icon.svg', '/favicon.ico', '/robots.txt', '/webhooks/github'];

function fill(path: string): string {
  const values: Record<string, string> = {
    owner: 'you',
    repo: 'homelab',
    gate: 'D138',
    audit: 'latest',
    'file{.+\\.svg}': 'infra.svg',
  };
  return path.replace(/:(\w+(?:\{[^}]*\})?)/g, (_, name: string) => values[name] ?? 'x').replace('/*', '/anything');
}

async function everyRoute() {
  const { app } = await stage();
  const routes = app.routes.filter(({ path }) => path !== '/*');
  const known = routes.flatMap(({ method, path }) =>
    (method === 'ALL' ? ['GET', 'POST'] : [method]).map((verb) => [verb, fill(path)] as const),
  );
  return [...new Map(known.map((route) => [route.join(' '), route])).values()].filter(
    ([, path]) => !OPEN.includes(path),
  );
}

describe('without a token', async () => {
  test.each(await everyRoute())('%s %s is refused', async (method, path) => {
    const { app } = await stage();
    const wrong = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: `Basic ${btoa('me:wrong')}` },
      { authorization: 'Basic %' },
      { 'cf-access-jwt-assertion': 'a.b.c' },
    ];
    for (const headers of wrong as Record<string, string>[]) {
      const answer = await app.request(path, { method, headers });
      expect(answer.status).toBe(401);
      // Reporting asks for another proof than the dashboard's token, so it asks for no password.
      const asksForPassword = !path.endsWith('/results') || method !== 'POST';
      if (asksForPassword) expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(await answer.text()).not.toContain('homelab');
    }
  });

  test('nothing is open while no token is set', async () => {
    const { app } = await stage({ dashboardToken: undefined });
    const answer = await app.request('/', { headers: { authorization: 'Bearer ' } });
    expect(answer.status).toBe(503);
    expect((await app.request(`/${REPO}`, { headers: { authorization: 'Bearer undefined' } })).status).toBe(503);
  });

  test('what exists and what does not look the same', async () => {
    const { app } = await stage();
    const [one, other] = await Promise.all([app.request(`/${REPO}`), app.request('/you/unknown')]);
    expect(await one.text()).toBe(await other.text());
  });
});

describe('what a target makes public', () => {
  test('badge: its badges alone', async () => {
    const { app } = await stage({ public: 'badge' });
    expect((await app.request(`/badge/${REPO}/infra.svg`)).status).toBe(200);
    for (const path of [`/${REPO}`, `/${REPO}/gates/D86`, `/api/repos/${REPO}/latest`, '/', '/badge/you/empty/all.svg'])
      expect((await app.request(path)).status).toBe(401);
  });

  test('all: its pages and its part of the API, to read; nothing of others', async () => {
    const { app, asked } = await stage({ public: 'all' });
    for (const path of [`/${REPO}`, `/${REPO}/gates/D86`, `/api/repos/${REPO}/latest`, `/badge/${REPO}/infra.svg`])
      expect((await app.request(path)).status).toBe(200);
    expect(await (await app.request(`/${REPO}`)).text()).not.toContain('Audit now');
    for (const path of ['/', '/api/targets', '/you/empty', '/openapi.json'])
      expect((await app.request(path)).status).toBe(401);
    for (const path of [`/${REPO}/audits`, '/api/audits', `/api/repos/${REPO}/baseline`]) {
      const body = JSON.stringify({ repo: REPO, by: 'me', reason: 'why' });
      expect((await app.request(path, { method: 'POST', body })).status).toBe(401);
    }
    expect(asked).toEqual([]);
  });
});

describe('the token', () => {
  test('as a bearer, or as a Basic password with any name', async () => {
    const { app } = await stage({ dashboardToken: 'a tökén with ünicode' });
    const bytes = new TextEncoder().encode('any:a tökén with ünicode');
    const basic = `Basic ${btoa(String.fromCharCode(...bytes))}`;
    expect((await app.request('/', { headers: { authorization: basic } })).status).toBe(200);
    const plain = await stage();
    expect((await plain.app.request('/', { headers: { authorization: `bearer ${TOKEN}` } })).status).toBe(200);
  });

  test('does not help another site: writes come from our own pages or from no browser', async () => {
    const { app, asked } = await stage();
    const headers = { authorization: `Bearer ${TOKEN}` };
    const body = JSON.stringify({ repo: REPO });
    const foreign = [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
    ];
    for (const more of foreign as Record<string, string>[]) {
      for (const path of ['/api/audits', `/${REPO}/audits`])
        expect((await app.request(path, { method: 'POST', headers: { ...headers, ...more }, body })).status).toBe(403);
    }
    expect(asked).toEqual([]);
  });
});

describe('Cloudflare Access', async () => {
  const domain = 'team.cloudflareaccess.com';
  const audience = 'the audience tag';
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const stranger = await generateKeyPair('RS256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }] };
  const asked: string[] = [];
  const verifyAccess = createAccessVerifier({
    domain,
    audience,
    fetch: async (url) => {
      asked.push(String(url));
      return Response.json(keys);
    },
  });
  const sign = (claims: { iss?: string; aud?: string; exp?: string }, key = privateKey) =>
    new SignJWT({ email: 'me@example.org' })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(claims.iss ?? `https://${domain}`)
      .setAudience(claims.aud ?? audience)
      .setIssuedAt()
      .setExpirationTime(claims.exp ?? '5 minutes')
      .sign(key);
  const statusOf = async (token: string) => {
    const { app } = await stage({ verifyAccess, dashboardToken: undefined });
    return (await app.request('/', { headers: { 'cf-access-jwt-assertion': token } })).status;
  };

  test("a token of the team's for our application lets in; the keys are fetched once", async () => {
    expect(await statusOf(await sign({}))).toBe(200);
    expect(await statusOf(await sign({}))).toBe(200);
    expect(asked).toEqual([`https://${domain}/cdn-cgi/access/certs`]);
  });

  test('another audience, issuer, key or time, and what is no token, do not', async () => {
    const none = `${btoa('{"alg":"none"}')}.${btoa(`{"iss":"https://${domain}","aud":"${audience}","exp":9999999999}`)}.`;
    const tokens = [
      await sign({ aud: 'another application' }),
      await sign({ iss: 'https://other.cloudflareaccess.com' }),
      await sign({ exp: '-1 minute' }),
      await sign({}, stranger.privateKey),
      none,
      'no token',
    ];
    for (const token of tokens) expect(await statusOf(token)).toBe(401);
  });
});

describe('headers', () => {
  test.each([
    '/',
    `/${REPO}`,
    '/api/targets',
    '/style.css',
    '/healthz',
    '/nothing/at/all/here',
    `/badge/${REPO}/all.svg`,
  ])('%s', async (path) => {
    const { get } = await stage();
    const { headers } = await get(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src|unsafe|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  test('an error of ours names nothing', async () => {
    const app = createApp(() => {
      throw new Error('a secret detail');
    });
    const answer = await app.request('/');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(NOW).toBeGreaterThan(0);
  });
});
