/** The repositories the simulator hosts, each over a real git directory. */
import type { GitRepository } from './git.ts';
import { createIssueStore, type IssueStore } from './issue-store.ts';
import { nodeId, type Person, presentPerson } from './people.ts';

export type Role = 'none' | 'read' | 'triage' | 'write' | 'admin';

export interface RepositoryOptions {
  owner: string;
  name: string;
  /** A bare repository, or the `.git` directory of a clone. */
  gitDir: string;
  /** Default: `main`. */
  defaultBranch?: string;
  private?: boolean;
  /** Requests for this repository are logged in the category `sibling`. */
  sibling?: boolean;
  /** Roles of people other than the owner, who is admin. Everyone may read a public repository. */
  roles?: Record<string, Role>;
  /** Whether the owner is an organisation rather than a person. */
  organization?: boolean;
}

export interface SimulatedRepository {
  readonly id: number;
  readonly owner: Person;
  readonly git: GitRepository;
  readonly issues: IssueStore;
  readonly roles: Map<string, Role>;
  readonly sibling: boolean;
  readonly createdAt: string;
  name: string;
  /** Names it had before; GitHub redirects from them. */
  formerNames: string[];
  defaultBranch: string;
  private: boolean;
  archived: boolean;
  hasIssues: boolean;
}

export function createRepository(
  options: RepositoryOptions,
  id: number,
  owner: Person,
  createdAt: string,
  git: GitRepository,
): SimulatedRepository {
  return {
    id,
    owner,
    git,
    issues: createIssueStore(id),
    roles: new Map(Object.entries(options.roles ?? {}).map(([login, role]) => [login.toLowerCase(), role])),
    sibling: options.sibling ?? false,
    createdAt,
    name: options.name,
    formerNames: [],
    defaultBranch: options.defaultBranch ?? 'main',
    private: options.private ?? false,
    archived: false,
    hasIssues: true,
  };
}

export function fullName(repository: SimulatedRepository): string {
  return `${repository.owner.login}/${repository.name}`;
}

/** What this person may do here, by membership alone. */
export function roleOf(repository: SimulatedRepository, person: Person | null): Role {
  const fallback: Role = repository.private ? 'none' : 'read';
  if (person === null) return fallback;
  if (person.login.toLowerCase() === repository.owner.login.toLowerCase()) return 'admin';
  return repository.roles.get(person.login.toLowerCase()) ?? fallback;
}

const plainUrls = ['contributors', 'deployments', 'downloads', 'events', 'forks', 'languages', 'merges'];
const moreUrls = ['hooks', 'stargazers', 'subscribers', 'subscription', 'tags', 'teams'];
const templates: Record<string, string> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  statuses_url: '/statuses/{sha}',
  trees_url: '/git/trees{/sha}',
};

/** The fields that GitHub repeats wherever a repository appears: `minimal-repository`. */
export function presentMinimalRepository(api: string, repository: SimulatedRepository): Record<string, unknown> {
  const name = fullName(repository);
  const url = `${api}/repos/${name}`;
  const urls: Record<string, string> = {};
  for (const each of [...plainUrls, ...moreUrls]) urls[`${each}_url`] = `${url}/${each}`;
  for (const [key, template] of Object.entries(templates)) urls[key] = `${url}${template}`;
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: name,
    owner: presentPerson(api, repository.owner),
    private: repository.private,
    html_url: `https://github.com/${name}`,
    description: null,
    fork: false,
    url,
    ...urls,
  };
}

/** The `full-repository` shape. */
export function presentRepository(api: string, repository: SimulatedRepository, role: Role): Record<string, unknown> {
  const name = fullName(repository);
  const open = repository.issues.list().filter((issue) => issue.state === 'open').length;
  const rank = ['none', 'read', 'triage', 'write', 'admin'].indexOf(role);
  return {
    ...presentMinimalRepository(api, repository),
    git_url: `git://github.com/${name}.git`,
    ssh_url: `git@github.com:${name}.git`,
    clone_url: `https://github.com/${name}.git`,
    svn_url: `https://github.com/${name}`,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    forks_count: 0,
    forks: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    size: 0,
    default_branch: repository.defaultBranch,
    open_issues_count: open,
    open_issues: open,
    is_template: false,
    topics: [],
    has_issues: repository.hasIssues,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: repository.archived,
    disabled: false,
    visibility: repository.private ? 'private' : 'public',
    pushed_at: repository.createdAt,
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    permissions: {
      admin: rank >= 4,
      maintain: rank >= 4,
      push: rank >= 3,
      triage: rank >= 2,
      pull: rank >= 1,
    },
    allow_forking: true,
    web_commit_signoff_required: false,
    subscribers_count: 0,
    network_count: 0,
  };
}
