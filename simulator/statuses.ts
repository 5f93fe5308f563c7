/** Commit statuses: the coloured marks beside a commit. */
import { authorOf } from './auth.ts';
import { type Answer, type Call, type Handler, nowOf, param, repositoryOf, text } from './call.ts';
import { GitHubError, validationFailed } from './errors.ts';
import { commitAt } from './git-objects.ts';
import type { StatusRecord } from './issue-store.ts';
import { pageAnswer, pageOf } from './pages.ts';
import { nodeId, presentPerson } from './people.ts';
import { fullName, presentMinimalRepository } from './repositories.ts';

const maximumDescription = 140;
const maximumPerContext = 1000;

function presentSimple(call: Call, status: StatusRecord): Record<string, unknown> {
  return {
    url: `${call.world.url}/repos/${fullName(repositoryOf(call))}/statuses/${status.sha}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${status.creator.id}?v=4`,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

function present(call: Call, status: StatusRecord): Record<string, unknown> {
  return { ...presentSimple(call, status), creator: presentPerson(call.world.url, status.creator) };
}

async function createStatus(call: Call): Promise<Answer> {
  const { issues, git } = repositoryOf(call);
  const sha = param(call, 'sha');
  if ((await git.resolveCommit(sha)) !== sha) throw new GitHubError(422, `No commit found for SHA: ${sha}`);
  const context = text(call.body.context) ?? 'default';
  const description = text(call.body.description) ?? null;
  const problem = { resource: 'Status', code: 'custom' };
  if (description !== null && [...description].length > maximumDescription) {
    const message = `description is too long (maximum is ${maximumDescription} characters)`;
    throw validationFailed({ ...problem, field: 'description', message });
  }
  const same = issues.statuses.filter((status) => status.sha === sha && status.context === context);
  if (same.length >= maximumPerContext) {
    const message = `This SHA and context has reached the maximum number of statuses.`;
    throw validationFailed({ ...problem, field: 'base', message });
  }
  const status: StatusRecord = {
    id: issues.nextId(),
    sha,
    state: text(call.body.state) ?? '',
    context,
    description,
    targetUrl: text(call.body.target_url) ?? null,
    creator: authorOf(call.caller).person,
    createdAt: nowOf(call),
  };
  issues.statuses.push(status);
  const body = present(call, status);
  return { status: 201, body, headers: { location: String(body.url) } };
}

async function statusesOf(call: Call): Promise<{ sha: string; newestFirst: StatusRecord[] }> {
  const ref = param(call, 'ref');
  const sha = await commitAt(call, ref);
  if (sha === null) throw new GitHubError(422, `No commit found for SHA: ${ref}`);
  const all = repositoryOf(call).issues.statuses.filter((status) => status.sha === sha);
  return { sha, newestFirst: all.toReversed() };
}

function combined(states: string[]): string {
  if (states.some((state) => state === 'failure' || state === 'error')) return 'failure';
  return states.length === 0 || states.includes('pending') ? 'pending' : 'success';
}

async function getCombined(call: Call): Promise<Answer> {
  const { sha, newestFirst } = await statusesOf(call);
  const latest = new Map<string, StatusRecord>();
  for (const status of newestFirst) {
    if (!latest.has(status.context)) latest.set(status.context, status);
  }
  const statuses = [...latest.values()];
  const { page, perPage } = pageOf(call.query);
  const repository = repositoryOf(call);
  const url = `${call.world.url}/repos/${fullName(repository)}/commits/${sha}`;
  return {
    status: 200,
    body: {
      state: combined(statuses.map((status) => status.state)),
      statuses: statuses.slice((page - 1) * perPage, page * perPage).map((status) => presentSimple(call, status)),
      sha,
      total_count: statuses.length,
      repository: presentMinimalRepository(call.world.url, repository),
      commit_url: url,
      url: `${url}/status`,
    },
  };
}

export const statusHandlers: Record<string, Handler> = {
  'repos/create-commit-status': createStatus,
  'repos/get-combined-status-for-ref': getCombined,
  'repos/list-commit-statuses-for-ref': async (call) =>
    pageAnswer(call, (await statusesOf(call)).newestFirst, (status) => present(call, status)),
};
