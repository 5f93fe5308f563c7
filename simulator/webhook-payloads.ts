/** Webhook payloads made from the real repository. */
import type { World } from './call.ts';
import { timestamp } from './clock.ts';
import type { GitCommit, GitSignature } from './git.ts';
import { changedFiles } from './git-diff.ts';
import { presentIssue } from './issue-shapes.ts';
import type { IssueRecord } from './issue-store.ts';
import { nodeId, type Person, presentPerson } from './people.ts';
import { fullName, presentRepository, type SimulatedRepository } from './repositories.ts';

const zeros = '0'.repeat(40);
const maximumCommits = 2048;
const maximumFiles = 3000;
/** Fields of a repository that a payload does not have, or has in another form. */
const notInPayloads = ['permissions', 'subscribers_count', 'network_count', 'temp_clone_token'];

export interface PushOptions {
  /** Default: the repository's default branch. */
  branch?: string;
  /** Default: the repository's owner. */
  pusher?: Person;
  /** Present in what a GitHub App receives. */
  installationId?: number;
}

function without(record: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

function payloadRepository(world: World, repository: SimulatedRepository): Record<string, unknown> {
  return without(presentRepository(world.url, repository, 'admin'), notInPayloads);
}

function pushedSignature(world: World, { name, email, date }: GitSignature): Record<string, unknown> {
  const person = world.people.byEmail(email);
  const shown = { name, email, date: timestamp(date) };
  return person === null ? shown : { ...shown, username: person.login };
}

async function pushedCommit(
  world: World,
  repository: SimulatedRepository,
  commit: GitCommit,
): Promise<Record<string, unknown>> {
  const files = await changedFiles(repository.git, commit.parents[0], commit.oid);
  const added = files.filter(({ status }) => status === 'added' || status === 'renamed' || status === 'copied');
  const removed = files.filter(({ status }) => status === 'removed').map(({ path }) => path);
  // A push knows no renames: the old name is removed, the new one added.
  for (const { status, previousPath } of files) {
    if (status === 'renamed' && previousPath !== undefined) removed.push(previousPath);
  }
  const modified = files.filter(({ status }) => status === 'modified' || status === 'changed');
  return {
    id: commit.oid,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: timestamp(commit.committer.date),
    url: `https://github.com/${fullName(repository)}/commit/${commit.oid}`,
    author: pushedSignature(world, commit.author),
    committer: pushedSignature(world, commit.committer),
    added: added.map(({ path }) => path).slice(0, maximumFiles),
    removed: removed.slice(0, maximumFiles),
    modified: modified.map(({ path }) => path).slice(0, maximumFiles),
  };
}

/** The `push` payload for a branch that moved; null for a branch that did not exist, or no longer does. */
export async function pushPayload(
  world: World,
  repository: SimulatedRepository,
  before: string | null,
  after: string | null,
  options: PushOptions = {},
): Promise<Record<string, unknown>> {
  const { git, owner } = repository;
  const branch = options.branch ?? repository.defaultBranch;
  const pusher = options.pusher ?? owner;
  const common = before === null || after === null ? null : await git.mergeBase(before, after);
  const from = before === null ? after : after === null ? null : `${before}..${after}`;
  const log = from === null ? [] : await git.log({ from, limit: maximumCommits });
  // Every commit needs a diff, one process each: one after the other, or a big push floods the machine.
  const commits: Record<string, unknown>[] = [];
  for (const commit of log.reverse()) commits.push(await pushedCommit(world, repository, commit));
  const range =
    before === null || after === null ? (after ?? before) : `${before.slice(0, 12)}...${after.slice(0, 12)}`;
  const head = after === null ? null : await git.commit(after);
  const seconds = Math.floor(world.clock.now().getTime() / 1000);
  const ownerName = { name: owner.login, email: owner.email ?? null };
  return {
    ref: `refs/heads/${branch}`,
    before: before ?? zeros,
    after: after ?? zeros,
    repository: {
      ...payloadRepository(world, repository),
      owner: { ...ownerName, ...presentPerson(world.url, owner) },
      created_at: Math.floor(Date.parse(repository.createdAt) / 1000),
      pushed_at: seconds,
      stargazers: 0,
      master_branch: repository.defaultBranch,
    },
    pusher: { name: pusher.login, email: pusher.email ?? null },
    sender: presentPerson(world.url, pusher),
    created: before === null,
    deleted: after === null,
    forced: before !== null && after !== null && common !== before,
    base_ref: null,
    compare: `https://github.com/${fullName(repository)}/compare/${range}`,
    commits,
    ...(options.installationId === undefined
      ? {}
      : { installation: { id: options.installationId, node_id: nodeId('INST', options.installationId) } }),
    head_commit: head === null ? null : await pushedCommit(world, repository, head),
  };
}

/** The `ping` payload that GitHub sends when a webhook is created. */
export function pingPayload(world: World, repository: SimulatedRepository, targetUrl: string): Record<string, unknown> {
  const url = `${world.url}/repos/${fullName(repository)}/hooks/4242`;
  return {
    zen: 'Keep it logically awesome.',
    hook_id: 4242,
    hook: {
      type: 'Repository',
      id: 4242,
      name: 'web',
      active: true,
      events: ['push'],
      config: { content_type: 'json', insecure_ssl: '0', secret: '********', url: targetUrl },
      created_at: repository.createdAt,
      updated_at: repository.createdAt,
      url,
      test_url: `${url}/test`,
      ping_url: `${url}/pings`,
      deliveries_url: `${url}/deliveries`,
      last_response: { code: null, status: 'unused', message: null },
    },
    repository: payloadRepository(world, repository),
    sender: presentPerson(world.url, repository.owner),
  };
}

/** An `issues` payload: something happened to this issue. */
export function issuesPayload(
  world: World,
  repository: SimulatedRepository,
  action: string,
  issue: IssueRecord,
  sender: Person,
): Record<string, unknown> {
  return {
    action,
    issue: without(presentIssue(world, repository, issue), ['closed_by']),
    repository: payloadRepository(world, repository),
    sender: presentPerson(world.url, sender),
  };
}
