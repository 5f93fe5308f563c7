import { CHECK_FIELDS, githubCheckRuns } from './checks/github.ts';
import type { Settings } from './config/settings.ts';
import type { Target } from './config/targets.ts';
import type { OpenTarget } from './coordinator/coordinator.ts';
import type { Branch, Sibling } from './coordinator/siblings.ts';
import type { BlobCache } from './core/blob-cache.ts';
import { HOUR } from './core/durations.ts';
import { SnapshotError } from './core/snapshot.ts';
import { readDeclaredGates } from './declared/declare.ts';
import type { GitHubClient } from './github/client.ts';
import { type Credentials, Installation, type InstallationMemory, signIn } from './github/credentials.ts';
import { dryRunInbox } from './inbox/github/dry-run.ts';
import { githubInbox } from './inbox/github/inbox.ts';
import { scriptEngine } from './scripts/engine.ts';
import type { PythonParts } from './scripts/python/emscripten.ts';
import { githubCommitGraph } from './snapshot/github/commit-graph.ts';
import { orSnapshotError } from './snapshot/github/errors.ts';
import { lookAt, type Sight } from './snapshot/github/look.ts';
import { askNewest, type Newest, readNewest } from './snapshot/github/newest.ts';
import { note, recall } from './snapshot/github/remembered.ts';
import { githubSnapshot } from './snapshot/github/snapshot.ts';
import { githubStatus } from './status/github.ts';

let python: (() => Promise<PythonParts>) | undefined;

/** Gives Python to the scripts of every target, from now on. Without it, scripts that call Python are blind. */
export function offerPython(load: () => Promise<PythonParts>): void {
  python = load;
}

/** Wires GitHub's adapters for one audit of one target. Throws `SnapshotError` when our credentials are of no use there. */
export async function openTarget(
  target: Target,
  settings: Settings,
  blobs: BlobCache,
  now: () => number,
): Promise<OpenTarget> {
  const { client, login, seen, siblingsSeen, newest, checks } = await lookAround(target, settings, blobs, now);
  const { id: repositoryId, name } = seen;
  const { owner, repo } = splitName(name);
  const isPrivate = seen.isPrivate && target.public !== 'all';
  const branch = branchAt(client.for('target'), { ...seen, isPrivate }, blobs, newest);
  const siblingPages: Record<string, { readonly repo: string; readonly sha: string }> = {};
  const siblings = Object.entries(target.siblings).map(([sibling, { repo: configured }], index) => {
    const sight = siblingsSeen[index] ?? notSeen(configured);
    if (sight instanceof SnapshotError) return [sibling, lostSibling(configured, sight)] as const;
    const { id, head, isPrivate } = sight;
    if (typeof head === 'string') siblingPages[sibling] = { repo: sight.name, sha: head };
    const found = () => ({ id, name: sight.name, isPrivate });
    return [sibling, { configured, found, ...branchAt(client.for('sibling'), sight, blobs) }] as const;
  });
  const dashboard = settings.DASHBOARD_URL?.replace(/\/$/, '');
  const pageUrl = dashboard ? `${dashboard}/${target.repo}` : null;
  const isBadgePublic = target.public !== 'none';
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
    sha: typeof seen.head === 'string' ? seen.head : '',
  });
  return {
    ...branch,
    siblings: Object.fromEntries(siblings),
    login,
    repositoryId,
    name,
    isPrivate,
    governance: target.governance,
    ...(target.scripts === 'on' ? { scripts: scriptsOf(target) } : {}),
    declare: (tree, taken) => readDeclaredGates(tree, { files: [target.gates].flat(), taken }),
    resultsMaxAge: target.resultsMaxAge * HOUR,
    checks: { names: target.checks, runs: githubCheckRuns(client.for('target'), { owner, repo }, checks) },
    inbox: target.inbox === 'on' ? inbox : dryRunInbox(inbox),
    ...(target.status ? { status: githubStatus(client.for('status'), { owner, repo, pageUrl }) } : {}),
    maxWrites: settings.WRITES_PER_MINUTE,
    requests: () => ({ ...client.counts }),
  };
}

/** The names of what is asked of the target's head along with it. */
const CHECKS = 'checks';

/** Scripts are run where they expect to be: without a word about that, in a place that no machine has. */
function scriptsOf(target: Target) {
  const { repo, branch, siblings, trust_scripts: areTrusted, checkout_root: root, absent, environment } = target;
  const places = Object.entries(siblings).map(([name, { checkout_root: place }]) => [name, place] as const);
  const engine = scriptEngine(
    {
      root: root ?? `/srv/${splitName(repo).repo}`,
      siblings: Object.fromEntries(places),
      absent,
      environment,
      branch,
    },
    python,
  );
  return { engine, areTrusted };
}

/** Who we are, which repositories these are by now, and where they stand: one request, after those that an app signs in with. */
async function lookAround(target: Target, settings: Settings, blobs: BlobCache, now: () => number) {
  const place = splitName(target.repo);
  const credentials = credentialsOf(settings);
  const installations = installationMemory(target, credentials, blobs);
  const options = { baseUrl: settings.GITHUB_API_URL, now, installations };
  const { client, login } = await orSnapshotError(() => signIn(credentials, place, options), place);
  const newest = await askNewest(target.repo, blobs);
  const checks = target.checks.length > 0 ? [{ alias: CHECKS, fields: CHECK_FIELDS }] : [];
  const asides = [...(newest ? [newest.aside] : []), ...checks];
  const look = await lookAt(client.for('target'), [target, ...Object.values(target.siblings)], asides, {
    asksLogin: login === null,
  });
  const [seen = notSeen(target.repo), ...siblingsSeen] = look.sights;
  if (seen instanceof SnapshotError) throw seen;
  return {
    client,
    login: login ?? look.login ?? '',
    seen,
    siblingsSeen,
    newest: newest && readNewest(look.aside(newest.aside.alias), newest.paths),
    checks: look.aside(CHECKS),
  };
}

/** Where the app is installed is remembered beside the blobs, by app and repository. */
function installationMemory({ repo }: Target, credentials: Credentials, blobs: BlobCache): InstallationMemory {
  const id = `installation of the app ${credentials.kind === 'app' ? credentials.appId : ''} on ${repo}`;
  return {
    recall: () => recall(blobs, id, Installation),
    note: (installation) => note(blobs, id, installation),
  };
}

/** A repository as it was seen: its head is known, and read under the name that it has by now. */
function branchAt(client: GitHubClient, { name, head, isPrivate }: Sight, blobs: BlobCache, newest?: Newest): Branch {
  return {
    async head() {
      if (head instanceof SnapshotError) throw head;
      return head;
    },
    open: (sha) =>
      githubSnapshot(client, splitName(name), sha, blobs, {
        isPrivate,
        newest: sha === head ? newest : undefined,
      }),
    graph: () => githubCommitGraph(client, splitName(name)),
  };
}

function lostSibling(configured: string, error: SnapshotError): Sibling {
  const fail = () => Promise.reject(error);
  return { configured, found: () => undefined, head: fail, open: fail };
}

function notSeen(repo: string): SnapshotError {
  return new SnapshotError('transport', `GitHub said nothing of ${repo}`);
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
