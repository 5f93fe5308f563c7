import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface TestIssuer {
  /** Answers for the issuer's published keys. */
  readonly fetch: typeof fetch;
  /** A token as GitHub Actions would issue it, with these claims instead. */
  token(
    claims?: Readonly<Record<string, unknown>>,
    header?: { readonly alg?: string; readonly kid?: string },
  ): Promise<string>;
}

export const AUDIENCE = 'https://lanekeeper.example.workers.dev';
export const ISSUER = 'https://token.actions.githubusercontent.com';

/** An issuer of Actions tokens with a key of its own; its clock gives ms since the epoch. */
export async function createTestIssuer(now: () => number, kid = 'test-key'): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  return {
    fetch: async () => Response.json({ keys: [jwk] }),
    token(claims = {}, header = {}) {
      const seconds = Math.floor(now() / 1000);
      const usual = {
        iss: ISSUER,
        aud: AUDIENCE,
        iat: seconds,
        nbf: seconds,
        exp: seconds + 300,
        jti: 'token-1',
        sub: 'repo:you/homelab:ref:refs/heads/main',
        repository: 'you/homelab',
        repository_id: '7001',
        ref: 'refs/heads/main',
        sha: 'a'.repeat(40),
        job_workflow_ref: 'you/homelab/.github/workflows/nightly.yml@refs/heads/main',
      };
      const payload = Object.fromEntries(
        Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined),
      );
      return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid, ...header }).sign(privateKey);
    },
  };
}
