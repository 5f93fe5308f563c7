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

/** Where an app is installed, as a caller may remember it: no secret, and true until somebody uninstalls it. */
export const Installation = z.object({ id: z.number(), slug: z.string() });
export type Installation = z.infer<typeof Installation>;

/** Keeps the installation on one repository from one audit to the next. */
export interface InstallationMemory {
  recall(): Promise<Installation | undefined>;
  note(installation: Installation): Promise<void>;
}

interface SignInOptions extends Omit<GitHubClientOptions, 'auth'> {
  readonly installations?: InstallationMemory;
}

/** The same, for somebody who asks for the login along with something else: of a personal token it is null here. Throws `GitHubError`. */
export async function signIn(
  credentials: Credentials,
  place: GitHubRepo,
  { installations, ...options }: SignInOptions,
): Promise<{ readonly client: GitHubClient; readonly login: string | null }> {
  if (credentials.kind === 'token') {
    return { client: createGitHubClient({ ...options, auth: { token: credentials.token } }), login: null };
  }
  const authenticate = createAppAuth({ appId: credentials.appId, privateKey: readKey(credentials.privateKey) });
  const { token: jwt } = await authenticate({ type: 'app' });
  const asApp = createGitHubClient({ ...options, auth: { token: jwt } }).for('token');
  const known = await installations?.recall();
  const { token, slug } = (known && (await mintAgain(asApp, known))) ?? (await mintAnew(asApp, place, installations));
  const client = createGitHubClient({ ...options, auth: { token } });
  client.counts.token += asApp.counts.token;
  return { client, login: `${slug}[bot]` };
}

interface Minted {
  readonly token: string;
  readonly slug: string;
}

/** A token of an installation that is remembered; undefined where that one is gone. */
async function mintAgain(asApp: GitHubClient, { id, slug }: Installation): Promise<Minted | undefined> {
  try {
    return { slug, token: await mint(asApp, id) };
  } catch (error) {
    if (error instanceof GitHubError && error.failure === 'not-found') return undefined;
    throw error;
  }
}

async function mintAnew(
  asApp: GitHubClient,
  { owner, repo }: GitHubRepo,
  installations: InstallationMemory | undefined,
): Promise<Minted> {
  const { data: app } = await asApp.rest('GET /app', {}, z.object({ slug: z.string() }));
  const route = 'GET /repos/{owner}/{repo}/installation';
  const { data: installation } = await asApp.rest(route, { owner, repo }, z.object({ id: z.number() }));
  const token = await mint(asApp, installation.id);
  await installations?.note({ id: installation.id, slug: app.slug });
  return { token, slug: app.slug };
}

/** A token for an hour. It is kept nowhere: a stored one would be a secret, and a night is longer than its life. */
async function mint(asApp: GitHubClient, installation: number): Promise<string> {
  const route = 'POST /app/installations/{installation_id}/access_tokens';
  const { data } = await asApp.rest(route, { installation_id: installation }, z.object({ token: z.string() }));
  return data.token;
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
