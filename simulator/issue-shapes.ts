/** Issues, comments, labels and Apps as GitHub shows them. */
import type { World } from './call.ts';
import type { AppIdentity, Author, CommentRecord, IssueRecord, LabelRecord } from './issue-store.ts';
import { nodeId, presentPerson } from './people.ts';
import { fullName, roleOf, type SimulatedRepository } from './repositories.ts';

export function presentLabel(
  world: World,
  repository: SimulatedRepository,
  label: LabelRecord,
): Record<string, unknown> {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${world.url}/repos/${fullName(repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** The `integration` shape. */
export function presentApp(api: string, app: AppIdentity): Record<string, unknown> {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: presentPerson(api, app.owner),
    name: app.slug,
    description: '',
    external_url: `https://example.com/${app.slug}`,
    html_url: `https://github.com/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: ['push'],
  };
}

function association(repository: SimulatedRepository, { person, app }: Author): string {
  if (app !== null) return 'NONE';
  const role = roleOf(repository, person);
  if (repository.owner.type === 'Organization') return role === 'none' || role === 'read' ? 'NONE' : 'MEMBER';
  if (person.login.toLowerCase() === repository.owner.login.toLowerCase()) return 'OWNER';
  return repository.roles.has(person.login.toLowerCase()) ? 'COLLABORATOR' : 'NONE';
}

function noReactions(url: string): Record<string, unknown> {
  const kinds = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  return { url: `${url}/reactions`, total_count: 0, ...counts };
}

function presentAuthor(world: World, repository: SimulatedRepository, author: Author): Record<string, unknown> {
  return {
    user: presentPerson(world.url, author.person),
    author_association: association(repository, author),
    performed_via_github_app: author.app === null ? null : presentApp(world.url, author.app),
  };
}

/** The `issue` shape. */
export function presentIssue(
  world: World,
  repository: SimulatedRepository,
  issue: IssueRecord,
): Record<string, unknown> {
  const api = `${world.url}/repos/${fullName(repository)}`;
  const url = `${api}/issues/${issue.number}`;
  const kind = issue.isPullRequest ? 'pull' : 'issues';
  const html = `https://github.com/${fullName(repository)}/${kind}/${issue.number}`;
  const labels = issue.labels.flatMap((id) => {
    const label = repository.issues.labels.get(id);
    return label === undefined ? [] : [presentLabel(world, repository, label)];
  });
  const pull = { url: `${api}/pulls/${issue.number}`, html_url: html };
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: issue.id,
    node_id: nodeId(issue.isPullRequest ? 'PR' : 'I', repository.id, issue.number),
    number: issue.number,
    title: issue.title,
    ...presentAuthor(world, repository, issue.author),
    labels,
    state: issue.state,
    locked: issue.locked,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: repository.issues.comments.filter((comment) => comment.issue === issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    active_lock_reason: issue.lockReason,
    body: issue.body,
    closed_by: issue.closedBy === null ? null : presentPerson(world.url, issue.closedBy),
    reactions: noReactions(url),
    timeline_url: `${url}/timeline`,
    state_reason: issue.stateReason,
    ...(issue.isPullRequest
      ? {
          draft: false,
          pull_request: { ...pull, diff_url: `${html}.diff`, patch_url: `${html}.patch`, merged_at: null },
        }
      : {}),
  };
}

/** The `issue-comment` shape. */
export function presentComment(
  world: World,
  repository: SimulatedRepository,
  comment: CommentRecord,
): Record<string, unknown> {
  const api = `${world.url}/repos/${fullName(repository)}/issues`;
  const url = `${api}/comments/${comment.id}`;
  return {
    url,
    html_url: `https://github.com/${fullName(repository)}/issues/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${api}/${comment.issue}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    ...presentAuthor(world, repository, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    reactions: noReactions(url),
  };
}
