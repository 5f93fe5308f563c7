import { createAppAuth } from '@octokit/auth-app';
import { z } from 'zod';
import { toPkcs8 } from './app-key.ts';
import { createGitHubClient, type GitHubClient } from './client.ts';

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
  { owner, repo }: { readonly owner: string; readonly repo: string },
  { baseUrl, now }: { readonly baseUrl: string; readonly now: () => number },
): Promise<Session> {
  if (credentials.kind === 'token') {
    const client = createGitHubClient({ baseUrl, now, auth: { token: credentials.token } });
    const { data } = await client.for('token').rest('GET /user', {}, z.object({ login: z.string() }));
    return { client, login: data.login };
  }
  const options = { appId: credentials.appId, privateKey: toPkcs8(credentials.privateKey) };
  const asApp = createGitHubClient({ baseUrl, now, auth: { strategy: createAppAuth, options } }).for('token');
  const { data: app } = await asApp.rest('GET /app', {}, z.object({ slug: z.string() }));
  const route = 'GET /repos/{owner}/{repo}/installation';
  const { data: installation } = await asApp.rest(route, { owner, repo }, z.object({ id: z.number() }));
  const mintRoute = 'POST /app/installations/{installation_id}/access_tokens';
  const { data: minted } = await asApp.rest(
    mintRoute,
    { installation_id: installation.id },
    z.object({ token: z.string() }),
  );
  const client = createGitHubClient({ baseUrl, now, auth: { token: minted.token } });
  client.counts.token += asApp.counts.token;
  return { client, login: `${app.slug}[bot]` };
}
