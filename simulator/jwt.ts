/** The RS256 token with which a GitHub App proves who it is. */
import { type KeyObject, verify } from 'node:crypto';
import { GitHubError } from './errors.ts';
import { isRecord } from './openapi-schemas.ts';

const maximumLifetime = 600;
const tolerance = 60;

function decoded(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    if (isRecord(value)) return value;
  } catch {
    // Answered below like any other unreadable token.
  }
  throw new GitHubError(401, 'A JSON web token could not be decoded');
}

/** Checks signature and times as GitHub does, and returns the App that `find` knows for the issuer. */
export function verifyAppJwt<App extends { publicKey: KeyObject }>(
  jwt: string,
  now: Date,
  find: (issuer: string) => App | undefined,
): App {
  const [head = '', payload = '', signature = ''] = jwt.split('.');
  const claims = decoded(payload);
  const app = find(String(claims.iss));
  if (app === undefined) throw new GitHubError(404, 'Integration not found');
  const signed = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${payload}`),
    app.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  if (decoded(head).alg !== 'RS256' || !signed) {
    throw new GitHubError(401, 'A JSON web token could not be decoded');
  }
  const seconds = Math.floor(now.getTime() / 1000);
  const { iat, exp } = claims;
  if (typeof iat !== 'number' || iat > seconds + tolerance) {
    throw new GitHubError(401, "'Issued at' claim ('iat') must be an Integer in the past");
  }
  if (typeof exp !== 'number' || exp <= seconds) {
    throw new GitHubError(401, "'Expiration time' claim ('exp') must be a numeric value in the future");
  }
  if (exp - Math.max(iat, seconds - tolerance) > maximumLifetime + tolerance) {
    throw new GitHubError(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  return app;
}
