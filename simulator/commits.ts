/** One commit, lists of commits, and the comparison of two. */
import { type Answer, acceptedMedia, type Call, type Handler, param, repositoryOf } from './call.ts';
import { presentCommit, presentFile, presentGitCommit } from './commit-shapes.ts';
import { GitHubError, notFound } from './errors.ts';
import type { GitCommit } from './git.ts';
import { changedFiles } from './git-diff.ts';
import { commitAt, refuseEmpty } from './git-objects.ts';
import { linkHeader, pageOf } from './pages.ts';
import { fullName } from './repositories.ts';

async function commitNamed(call: Call, oid: string): Promise<GitCommit> {
  const commit = await repositoryOf(call).git.commit(oid);
  if (commit === null) throw notFound();
  return commit;
}

async function getCommit(call: Call): Promise<Answer> {
  const repository = repositoryOf(call);
  const ref = param(call, 'ref');
  const oid = await commitAt(call, ref);
  if (oid === null) {
    await refuseEmpty(call);
    throw new GitHubError(422, `No commit found for SHA: ${ref}`);
  }
  if (acceptedMedia(call) === 'sha') {
    const type = 'application/vnd.github.sha; charset=utf-8';
    return { status: 200, raw: { content: oid, type }, etag: `"${oid}"` };
  }
  const commit = await commitNamed(call, oid);
  const files = await changedFiles(repository.git, commit.parents[0], oid);
  const size = call.world.caps.commitFilesPerPage;
  const { page } = pageOf(call.query);
  const shown = files.slice((page - 1) * size, page * size);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    status: 200,
    body: {
      ...presentCommit(call.world, repository, commit),
      stats: { additions, deletions, total: additions + deletions },
      files: shown.map((file) => presentFile(call.world, repository, oid, file)),
    },
    headers: linkHeader(call, files.length, size),
  };
}

async function getGitCommit(call: Call): Promise<Answer> {
  const repository = repositoryOf(call);
  const sha = param(call, 'commit_sha');
  const oid = /^[0-9a-f]{40}$/.test(sha) ? await repository.git.resolveCommit(sha) : null;
  if (oid === null) throw notFound();
  const commit = await commitNamed(call, oid);
  return { status: 200, body: presentGitCommit(call.world, repository, commit) };
}

async function listCommits(call: Call): Promise<Answer> {
  const repository = repositoryOf(call);
  const { query } = call;
  const from = await commitAt(call, query.sha ?? repository.defaultBranch);
  if (from === null) {
    await refuseEmpty(call);
    throw notFound();
  }
  const { path, since, until, author, committer } = query;
  const filter = { from, path, since, until, author, committer };
  const { page, perPage } = pageOf(query);
  const commits = await repository.git.log({ ...filter, skip: (page - 1) * perPage, limit: perPage });
  const total = await repository.git.count(filter);
  const shown = call.distortion.emptyList === true ? [] : commits;
  return {
    status: 200,
    body: shown.map((commit) => presentCommit(call.world, repository, commit)),
    headers: linkHeader(call, shown.length === 0 ? 0 : total),
  };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

async function compare(call: Call): Promise<Answer> {
  const repository = repositoryOf(call);
  const { git } = repository;
  const { compareCommits, compareFiles } = call.world.caps;
  const basehead = param(call, 'basehead');
  const [, baseName = '', headName = ''] = /^(.+?)\.{2,3}(.+)$/.exec(basehead) ?? [];
  const base = await git.resolveCommit(baseName);
  const head = await commitAt(call, headName);
  if (base === null || head === null) throw notFound();
  const common = await git.mergeBase(base, head);
  if (common === null) throw new GitHubError(404, `No common ancestor between ${baseName} and ${headName}.`);
  const ahead = await git.count({ from: `${base}..${head}` });
  const behind = await git.count({ from: `${head}..${base}` });
  const paged = call.query.page !== undefined || call.query.per_page !== undefined;
  const { page, perPage } = pageOf(call.query);
  // Without paging the newest commits are shown; with it the pages start at the oldest. Both read oldest first.
  const newest = (await git.log({ from: `${base}..${head}` })).reverse();
  const commits = paged ? newest.slice((page - 1) * perPage, page * perPage) : newest.slice(-compareCommits);
  const files = page === 1 ? (await changedFiles(git, common, head)).slice(0, compareFiles) : [];
  const html = `https://github.com/${fullName(repository)}/compare/${basehead}`;
  return {
    status: 200,
    body: {
      url: `${call.world.url}/repos/${fullName(repository)}/compare/${basehead}`,
      html_url: html,
      permalink_url: `https://github.com/${fullName(repository)}/compare/${base}...${head}`,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: presentCommit(call.world, repository, await commitNamed(call, base)),
      merge_base_commit: presentCommit(call.world, repository, await commitNamed(call, common)),
      status: statusOf(ahead, behind),
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: commits.map((commit) => presentCommit(call.world, repository, commit)),
      files: files.map((file) => presentFile(call.world, repository, head, file)),
    },
    headers: paged ? linkHeader(call, ahead) : {},
  };
}

export const commitHandlers: Record<string, Handler> = {
  'repos/get-commit': getCommit,
  'git/get-commit': getGitCommit,
  'repos/list-commits': listCommits,
  'repos/compare-commits-with-basehead': compare,
};
