import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';

export interface AccessTeam {
  /** `<team>.cloudflareaccess.com`. */
  readonly domain: string;
  /** The application's audience tag. */
  readonly audience: string;
  readonly fetch?: typeof fetch;
}

/** Tells whether a token was issued by Cloudflare Access for our application and is valid now. */
export type VerifyAccess = (token: string) => Promise<boolean>;

/** Checks tokens against the team's published keys, which are kept until a key is unknown or ten minutes have passed. */
export function createAccessVerifier({ domain, audience, fetch: ask = fetch }: AccessTeam): VerifyAccess {
  const issuer = `https://${domain.replace(/^https:\/\//, '').replace(/\/+$/, '')}`;
  const keys = createRemoteJWKSet(new URL(`${issuer}/cdn-cgi/access/certs`), {
    [customFetch]: (url, options) => ask(url, options),
  });
  return async (token) => {
    try {
      await jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256'], requiredClaims: ['exp'] });
      return true;
    } catch (error) {
      console.warn('Cloudflare Access token refused', { reason: error instanceof Error ? error.message : error });
      return false;
    }
  };
}
