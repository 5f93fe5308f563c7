import { z } from 'zod';
import { githubCheckRuns } from './checks/github.ts';
import type { Settings } from './config/settings.ts';
import type { Target } from './config/targets.ts';
import type { OpenTarget } from './coordinator/coordinator.ts';
import type { Branch, Sibling } from './coordinator/siblings.ts';
import type { BlobCache } from './core/blob-cache.ts';
import { HOUR } from './core/durations.ts';
import { readDeclaredGates } from './declared/declare.ts';
import type { GitHubClient } from './github/client.ts';
import { type Credentials, openSession } from './github/credentials.ts';
import { dryRunInbox } from './inbox/github/dry-run.ts';
import { githubInbox } from './inbox/github/inbox.ts';
import { scriptEngine } from './scripts/engine.ts';
import { orSnapshotError } from './snapshot/github/errors.ts';
import { githubHead, githubSnapshot } from './snapshot/github/snapshot.ts';
import { githubStatus } from './status/github.ts';

/** Wires GitHub's adapters for one audit of one target. Throws `SnapshotError` when our credentials are of no use there. */
export async function openTarget(
  target: Target,
  settings: Settings,
  blobs: BlobCache,
  now: () => number,
): Promise<OpenTarget> {
  const { client, login, repositoryId, name, ...found } = await identify(target, settings, now);
  const isPrivate = found.isPrivate && target.public !== 'all';
  const { owner, repo } = splitName(name);
  const branch = branchOf(client.for('target'), { name, isPrivate }, target.branch, blobs);
  const siblingPages: Record<string, { readonly repo: string; readonly sha: string }> = {};
  const siblings = Object.entries(target.siblings).map(([sibling, place]) => {
    const { head, ...rest } = siblingOf(client.for('sibling'), place, blobs);
    const note = (found: string) => {
      siblingPages[sibling] = { repo: rest.found()?.name ?? place.repo, sha: found };
      return found;
    };
    return [sibling, { ...rest, head: async () => note(await head()) }] as const;
  });
  const dashboard = settings.DASHBOARD_URL?.replace(/\/$/, '');
  const pageUrl = dashboard ? `${dashboard}/${target.repo}` : null;
  const isBadgePublic = target.public !== 'none';
  let sha = '';
  const inbox = githubInbox({
    client: client.for('inbox'),
    owner,
    name: repo,
    repo: name,
    authors: [login, ...target.formerAuthors],
    repositoryId,
    webUrl: settings.GITHUB_WEB_URL,
    siblings: siblingPages,
    dashboardUrl: pageUrl,
    badgeUrl: dashboard && isBadgePublic ? `${dashboard}/badge/${target.repo}/all.svg` : null,
    get sha() {
      return sha;
    },
  });
  return {
    async head() {
      sha = await branch.head();
      return sha;
    },
    open: branch.open,
    siblings: Object.fromEntries(siblings),
    login,
    repositoryId,
    name,
    isPrivate,
    governance: target.governance,
    ...(target.scripts === 'on' ? { scripts: scriptsOf(target) } : {}),
    declare: (tree, taken) => readDeclaredGates(tree, { files: [target.gates].flat(), taken }),
    resultsMaxAge: target.resultsMaxAge * HOUR,
    ...(target.checks.length > 0
      ? { checks: { names: target.checks, runs: githubCheckRuns(client.for('target'), { owner, repo }) } }
      : {}),
    inbox: target.inbox === 'on' ? inbox : dryRunInbox(inbox),
    ...(target.status ? { status: githubStatus(client.for('status'), { owner, repo, pageUrl }) } : {}),
    maxWrites: settings.WRITES_PER_MINUTE,
    requests: () => ({ ...client.counts }),
  };
}

/** What GitHub says of a repository, whatever it was asked for by. */
interface Found {
  readonly id: number;
  readonly name: string;
  readonly isPrivate: boolean;
}

function branchOf(
  client: GitHubClient,
  { name, isPrivate }: Omit<Found, 'id'>,
  branch: string,
  blobs: BlobCache,
): Branch {
  const repo = splitName(name);
  return {
    head: () => githubHead(client, repo, branch),
    open: async (sha) => ({ ...(await githubSnapshot(client, repo, sha, blobs)), isPrivate }),
  };
}

/** A sibling, read under the name that it has by now. */
function siblingOf(
  client: GitHubClient,
  { repo: configured, branch }: Target['siblings'][string],
  blobs: BlobCache,
): Sibling {
  let found: Found | undefined;
  // One that nobody has found out about is shown to nobody.
  const here = () => branchOf(client, found ?? { name: configured, isPrivate: true }, branch, blobs);
  return {
    configured,
    found: () => found,
    async head() {
      found = await orSnapshotError(() => findRepository(client, configured), splitName(configured));
      return here().head();
    },
    open: (sha) => here().open(sha),
  };
}

/** GitHub leads from an old name to the repository that had it, unless another one has it by now. */
async function findRepository(client: GitHubClient, name: string): Promise<Found> {
  const Repository = z.object({ id: z.number(), full_name: z.string(), private: z.boolean() });
  const { data } = await client.rest('GET /repos/{owner}/{repo}', splitName(name), Repository);
  return { id: data.id, name: data.full_name, isPrivate: data.private };
}

/** Scripts are run where they expect to be: without a word about that, in a place that no machine has. */
function scriptsOf({ repo, branch, siblings, trust_scripts: areTrusted, checkout_root: root, environment }: Target) {
  const places = Object.entries(siblings).map(([name, { checkout_root: place }]) => [name, place] as const);
  const engine = scriptEngine({
    root: root ?? `/srv/${splitName(repo).repo}`,
    siblings: Object.fromEntries(places),
    environment,
    branch,
  });
  return { engine, areTrusted };
}

/** Who we are there, and what the repository is called by now: GitHub leads from an old name to the new one. */
async function identify(target: Target, settings: Settings, now: () => number) {
  const place = splitName(target.repo);
  return orSnapshotError(async () => {
    const { client, login } = await openSession(credentialsOf(settings), place, {
      baseUrl: settings.GITHUB_API_URL,
      now,
    });
    const { id, ...found } = await findRepository(client.for('token'), target.repo);
    return { client, login, repositoryId: id, ...found };
  }, place);
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
