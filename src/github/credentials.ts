import { createAppAuth } from '@octokit/auth-app';
import { z } from 'zod';
import { toPkcs8 } from './app-key.ts';
import { createGitHubClient, type GitHubClient, type GitHubClientOptions } from './client.ts';
import { GitHubError } from './error.ts';
import type { GitHubRepo } from './repo.ts';

export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'app'; readonly appId: string; readonly privateKey: string };

/** Who we are at GitHub, and a client that may reach one repository. */
export interface Session {
  readonly client: GitHubClient;
  /** Our login as it stands on issues that we open. */
  readonly login: string;
}

/** Opens a session for one repository: with an app, as its installation there. Throws `GitHubError`. */
export async function openSession(
  credentials: Credentials,
  place: GitHubRepo,
  options: Omit<GitHubClientOptions, 'auth'>,
): Promise<Session> {
  const { client, login } = await signIn(credentials, place, options);
  if (login !== null) return { client, login };
  const { data } = await client.for('token').rest('GET /user', {}, z.object({ login: z.string() }));
  return { client, login: data.login };
}

/** The same, for somebody who asks for the login along with something else: of a personal token it is null here. Throws `GitHubError`. */
export async function signIn(
  credentials: Credentials,
  { owner, repo }: GitHubRepo,
  options: Omit<GitHubClientOptions, 'auth'>,
): Promise<{ readonly client: GitHubClient; readonly login: string | null }> {
  if (credentials.kind === 'token') {
    return { client: createGitHubClient({ ...options, auth: { token: credentials.token } }), login: null };
  }
  const authenticate = createAppAuth({ appId: credentials.appId, privateKey: readKey(credentials.privateKey) });
  const { token: jwt } = await authenticate({ type: 'app' });
  const asApp = createGitHubClient({ ...options, auth: { token: jwt } }).for('token');
  const { data: app } = await asApp.rest('GET /app', {}, z.object({ slug: z.string() }));
  const route = 'GET /repos/{owner}/{repo}/installation';
  const { data: installation } = await asApp.rest(route, { owner, repo }, z.object({ id: z.number() }));
  const mintRoute = 'POST /app/installations/{installation_id}/access_tokens';
  const { data: minted } = await asApp.rest(
    mintRoute,
    { installation_id: installation.id },
    z.object({ token: z.string() }),
  );
  const client = createGitHubClient({ ...options, auth: { token: minted.token } });
  client.counts.token += asApp.counts.token;
  return { client, login: `${app.slug}[bot]` };
}

function readKey(pem: string): string {
  try {
    return toPkcs8(pem);
  } catch (cause) {
    const message =
      "the app's private key is not a readable PEM file; paste the whole file that GitHub let you download";
    throw new GitHubError('unauthorized', message, { status: 0, cause });
  }
}
