import { SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { createWorkflowVerifier, type VerifyWorkflow } from '../../src/reported/oidc.ts';
import { AUDIENCE, createTestIssuer, ISSUER, type TestIssuer } from './issuer.ts';

const NOW = Date.parse('2026-02-18T04:17:00Z');
const SECONDS = NOW / 1000;
const BINDING = { repo: 'you/homelab', repositoryId: 7001, branch: 'main' };

let issuer: TestIssuer;
let stranger: TestIssuer;
let verify: VerifyWorkflow;

beforeAll(async () => {
  issuer = await createTestIssuer(() => NOW);
  stranger = await createTestIssuer(() => NOW);
  verify = createWorkflowVerifier({ audience: AUDIENCE, fetch: issuer.fetch });
});

describe('a workflow’s token', () => {
  test('of the repository and branch is taken, whatever the case of the name', async () => {
    const accepted = { id: 'token-1', expiresAt: NOW + 300_000, sha: 'a'.repeat(40) };
    expect(await verify(await issuer.token(), BINDING, NOW)).toEqual(accepted);
    expect(await verify(await issuer.token({ repository: 'You/Homelab' }), BINDING, NOW)).toEqual(accepted);
  });

  test('of a repository whose number is not known yet is taken by its name', async () => {
    expect(await verify(await issuer.token(), { ...BINDING, repositoryId: null }, NOW)).toMatchObject({
      id: 'token-1',
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['another repository', { repository: 'you/other' }, 'The token is for you/other'],
    ['a repository that took over the name', { repository_id: '7002' }, 'another repository that is now called'],
    ['a branch that is not audited', { ref: 'refs/heads/feature' }, 'only runs on the branch main count'],
    ['a pull request', { ref: 'refs/pull/7/merge' }, 'only runs on the branch main count'],
    ['a tag of the same name', { ref: 'refs/tags/main' }, 'only runs on the branch main count'],
    ['another audience', { aud: 'https://elsewhere.example' }, 'its aud is not the one expected'],
    ['no audience', { aud: undefined }, 'its aud is not the one expected'],
    ['another issuer', { iss: 'https://evil.example' }, 'its iss is not the one expected'],
    ['an issuer that only begins alike', { iss: `${ISSUER}.evil.example` }, 'its iss is not the one expected'],
    ['a past life', { exp: SECONDS - 61 }, 'it has expired'],
    ['a future life', { nbf: SECONDS + 120 }, 'its nbf is not the one expected'],
    ['an issue that is yet to come', { iat: SECONDS + 120 }, 'its iat is not the one expected'],
    ['an issue of long ago', { iat: SECONDS - 7200, exp: SECONDS + 86_400 }, 'it has expired'],
    ['no time of issue', { iat: undefined }, 'its iat is not the one expected'],
    ['an endless life', { exp: undefined }, 'its exp is not the one expected'],
    ['no id, so that it could be sent twice', { jti: undefined }, 'its jti is not the one expected'],
    ['no repository', { repository: undefined }, 'it lacks claims'],
    ['a run about a pull request', { event_name: 'pull_request_target' }, 'about a pull request'],
    ['a number instead of an id', { repository_id: 7001 }, 'it lacks claims'],
  ])('for %s is refused', async (_, claims, message) => {
    await expect(verify(await issuer.token(claims), BINDING, NOW)).rejects.toThrow(message);
  });

  test('that nobody, or somebody else, signed is refused', async () => {
    const claims = {
      iss: ISSUER,
      aud: AUDIENCE,
      exp: SECONDS + 300,
      iat: SECONDS,
      jti: 'x',
      repository: 'you/homelab',
    };
    const forgeries = [
      await stranger.token(),
      await stranger.token({}, { kid: 'other-key' }),
      new UnsecuredJWT(claims).encode(),
      // The published key as if it were a secret that both sides share.
      await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'test-key' })
        .sign(new TextEncoder().encode(await (await issuer.fetch('https://x')).text())),
      withOtherClaims(await issuer.token(), { repository: 'you/other' }),
      `${await issuer.token()}x`,
      'not.a.token',
      '',
    ];
    for (const forgery of forgeries)
      await expect(verify(forgery, BINDING, NOW)).rejects.toThrow('not signed by GitHub');
  });
  test.each<[string, typeof fetch]>([
    ['fail', async () => new Response('try later', { status: 503 })],
    ['are none', async () => Response.json({ hello: 'world' })],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
  ])('is neither taken nor called forged while the published keys %s', async (_, fetch) => {
    const alone = createWorkflowVerifier({ audience: AUDIENCE, fetch });
    await expect(alone(await issuer.token(), BINDING, NOW)).rejects.toMatchObject({ status: 503 });
  });
});

/** The same signature under other claims. */
function withOtherClaims(token: string, change: Readonly<Record<string, string>>): string {
  const [header, payload = '', signature] = token.split('.');
  const claims: object = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const changed = Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url');
  return [header, changed, signature].join('.');
}
