/** Commits and changed files as GitHub shows them. */
import type { World } from './call.ts';
import { timestamp } from './clock.ts';
import type { GitCommit, GitSignature } from './git.ts';
import type { ChangedFile } from './git-diff.ts';
import { nodeId, presentPerson } from './people.ts';
import { fullName, type SimulatedRepository } from './repositories.ts';

const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

function presentSignature({ name, email, date }: GitSignature): Record<string, unknown> {
  return { name, email, date: timestamp(date) };
}

function presentAccount(world: World, { email }: GitSignature): Record<string, unknown> | null {
  const person = world.people.byEmail(email);
  return person === null ? null : presentPerson(world.url, person);
}

/** The `commit` shape, without files. */
export function presentCommit(
  world: World,
  repository: SimulatedRepository,
  commit: GitCommit,
): Record<string, unknown> {
  const url = `${world.url}/repos/${fullName(repository)}`;
  const html = `https://github.com/${fullName(repository)}/commit`;
  return {
    sha: commit.oid,
    node_id: nodeId('C', repository.id, commit.oid),
    commit: {
      author: presentSignature(commit.author),
      committer: presentSignature(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.oid}`,
      comment_count: 0,
      verification: unsigned,
    },
    url: `${url}/commits/${commit.oid}`,
    html_url: `${html}/${commit.oid}`,
    comments_url: `${url}/commits/${commit.oid}/comments`,
    author: presentAccount(world, commit.author),
    committer: presentAccount(world, commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/commits/${sha}`, html_url: `${html}/${sha}` })),
  };
}

/** The `git-commit` shape. */
export function presentGitCommit(
  world: World,
  repository: SimulatedRepository,
  commit: GitCommit,
): Record<string, unknown> {
  const url = `${world.url}/repos/${fullName(repository)}/git`;
  const html = `https://github.com/${fullName(repository)}/commit`;
  return {
    sha: commit.oid,
    node_id: nodeId('C', repository.id, commit.oid),
    url: `${url}/commits/${commit.oid}`,
    html_url: `${html}/${commit.oid}`,
    author: presentSignature(commit.author),
    committer: presentSignature(commit.committer),
    tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/commits/${sha}`, html_url: `${html}/${sha}` })),
    verification: unsigned,
  };
}

/** The `diff-entry` shape, without `patch`, which GitHub leaves out of big files as well. */
export function presentFile(
  world: World,
  repository: SimulatedRepository,
  commit: string,
  file: ChangedFile,
): Record<string, unknown> {
  const name = fullName(repository);
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const shown: Record<string, unknown> = {
    sha: file.oid,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `https://github.com/${name}/blob/${commit}/${path}`,
    raw_url: `https://github.com/${name}/raw/${commit}/${path}`,
    contents_url: `${world.url}/repos/${name}/contents/${path}?ref=${commit}`,
  };
  if (file.previousPath !== undefined) shown.previous_filename = file.previousPath;
  return shown;
}
