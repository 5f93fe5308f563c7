import { z } from 'zod';
import type { Settings } from './config/settings.ts';
import type { Target } from './config/targets.ts';
import type { Branch, TargetAccess } from './coordinator.ts';
import type { BlobCache } from './core/blob-cache.ts';
import { SnapshotError } from './core/snapshot.ts';
import type { GitHubClient } from './github/client.ts';
import { type Credentials, openSession } from './github/credentials.ts';
import { GitHubError } from './github/error.ts';
import { dryRunInbox } from './inbox/dry-run.ts';
import { githubInbox } from './inbox/github.ts';
import { githubHead, githubSnapshot } from './snapshot/github.ts';
import { githubStatus } from './status/github.ts';

/** Wires GitHub's adapters for one audit of one target. Throws `SnapshotError` when our credentials are of no use there. */
export async function openTarget(
  target: Target,
  settings: Settings,
  blobs: BlobCache,
  now: () => number,
): Promise<TargetAccess> {
  const place = splitName(target.repo);
  const { client, login, repositoryId } = await identify(target, settings, now);
  let sha = '';
  const branch = branchOf(client.for('target'), target.repo, target.branch, blobs);
  const siblings = Object.entries(target.siblings).map(
    ([name, sibling]) => [name, branchOf(client.for('sibling'), sibling.repo, sibling.branch, blobs)] as const,
  );
  const pageUrl = settings.DASHBOARD_URL ? `${settings.DASHBOARD_URL.replace(/\/$/, '')}/${target.repo}` : null;
  const context = () => ({
    client: client.for('inbox'),
    owner: place.owner,
    name: place.repo,
    repo: target.repo,
    authors: [login, ...target.formerAuthors],
    repositoryId,
    webUrl: settings.GITHUB_WEB_URL,
    dashboardUrl: pageUrl,
    get sha() {
      return sha;
    },
  });
  const inbox = githubInbox(context());
  return {
    async head() {
      sha = await branch.head();
      return sha;
    },
    open: branch.open,
    siblings: Object.fromEntries(siblings),
    login,
    inbox: target.inbox === 'on' ? inbox : dryRunInbox(inbox),
    ...(target.status ? { status: githubStatus(client.for('status'), { ...place, pageUrl }) } : {}),
    maxWrites: settings.WRITES_PER_MINUTE,
    requests: () => ({ ...client.counts }),
  };
}

function branchOf(client: GitHubClient, name: string, branch: string, blobs: BlobCache): Branch {
  const repo = splitName(name);
  return {
    head: () => githubHead(client, repo, branch),
    open: (sha) => githubSnapshot(client, repo, sha, blobs),
  };
}

async function identify(target: Target, settings: Settings, now: () => number) {
  const { owner, repo } = splitName(target.repo);
  try {
    const { client, login } = await openSession(
      credentialsOf(settings),
      { owner, repo },
      { baseUrl: settings.GITHUB_API_URL, now },
    );
    const { data } = await client
      .for('inbox')
      .rest('GET /repos/{owner}/{repo}', { owner, repo }, z.object({ id: z.number() }));
    return { client, login, repositoryId: data.id };
  } catch (cause) {
    if (!(cause instanceof GitHubError)) throw cause;
    const options = { cause, ...(cause.retryAt === null ? {} : { retryAt: cause.retryAt }) };
    const { failure } = cause;
    if (failure === 'rate-limited' || failure === 'transport') throw new SnapshotError(failure, cause.message, options);
    if (failure === 'unauthorized')
      throw new SnapshotError(
        failure,
        `GitHub refuses our credentials; renew the token or the app key (${cause.message})`,
        options,
      );
    const remedy = `check \`repo\` in bindings/targets.yaml, and that the token or the app's installation covers it`;
    throw new SnapshotError(
      'not-found',
      `${target.repo} cannot be reached with our credentials; ${remedy} (${cause.message})`,
      options,
    );
  }
}

/** The credentials among the settings; an App is preferred. `parseSettings` has seen to it that there are some. */
export function credentialsOf({ GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY, GITHUB_TOKEN }: Settings): Credentials {
  if (GITHUB_APP_ID && GITHUB_APP_PRIVATE_KEY)
    return { kind: 'app', appId: GITHUB_APP_ID, privateKey: GITHUB_APP_PRIVATE_KEY };
  return { kind: 'token', token: GITHUB_TOKEN ?? '' };
}

function splitName(name: string): { owner: string; repo: string } {
  const [owner = '', repo = ''] = name.split('/');
  return { owner, repo };
}
