import { z } from 'zod';
import type { BlobCache } from '../core/blob-cache.ts';
import { type FileContent, type FileMode, type Snapshot, SnapshotError, type TreeEntry } from '../core/snapshot.ts';
import type { GitHubClient } from '../github/client.ts';
import { GitHubError } from '../github/error.ts';
import { fetchBlobs } from './github-blobs.ts';
import { searchHistory } from './github-history.ts';

export interface GitHubRepo {
  readonly owner: string;
  readonly repo: string;
}

const Tree = z.object({
  truncated: z.boolean(),
  tree: z.array(
    z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string(), size: z.number().optional() }),
  ),
});

/** The commit a branch (or tag, or sha) stands at: one request of 40 bytes. Throws `SnapshotError`. */
export async function githubHead(client: GitHubClient, repo: GitHubRepo, branch: string): Promise<string> {
  const route = 'GET /repos/{owner}/{repo}/commits/{ref}';
  const parameters = { ...repo, ref: branch, headers: { accept: 'application/vnd.github.sha' } };
  const Sha = z.string().regex(/^[0-9a-f]{40}$/);
  return orSnapshotError(async () => (await client.rest(route, parameters, Sha)).data, repo, branch);
}

/** Opens one commit of a repository at GitHub. Blobs known to `cache` are not fetched again. Throws `SnapshotError`. */
export async function githubSnapshot(
  client: GitHubClient,
  repo: GitHubRepo,
  sha: string,
  cache: BlobCache,
): Promise<Snapshot> {
  const entries = await orSnapshotError(() => readTree(client, repo, sha), repo, sha);
  return {
    repo: `${repo.owner}/${repo.repo}`,
    sha,
    entries,
    read: (paths) => orSnapshotError(() => readFiles(client, repo, entries, cache, paths), repo, sha),
    history: (query) => orSnapshotError(() => searchHistory(client, repo, sha, query), repo, sha),
    uncommitted: async () => [],
  };
}

async function readTree(client: GitHubClient, repo: GitHubRepo, sha: string): Promise<ReadonlyMap<string, TreeEntry>> {
  const entries = new Map<string, TreeEntry>();
  const pending = [{ folder: '', sha, recursive: true }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { folder } = next;
    const parameters = { ...repo, sha: next.sha, ...(next.recursive ? { recursive: 1 } : {}) };
    const { data } = await client.rest('GET /repos/{owner}/{repo}/git/trees/{sha}', parameters, Tree);
    if (data.truncated && next.recursive) {
      pending.push({ ...next, recursive: false });
      continue;
    }
    if (data.truncated)
      throw new GitHubError('transport', `the folder ${folder || '/'} has more entries than GitHub lists`, {
        status: 200,
      });
    for (const entry of data.tree) {
      const path = `${folder}${entry.path}`;
      if (entry.type !== 'tree')
        entries.set(path, { mode: entry.mode as FileMode, sha: entry.sha, size: entry.size ?? null });
      else if (!next.recursive) pending.push({ folder: `${path}/`, sha: entry.sha, recursive: true });
    }
  }
  return entries;
}

async function readFiles(
  client: GitHubClient,
  repo: GitHubRepo,
  entries: ReadonlyMap<string, TreeEntry>,
  cache: BlobCache,
  paths: readonly string[],
): Promise<ReadonlyMap<string, FileContent>> {
  const wanted = new Map(paths.map((path) => [entries.get(path)?.sha ?? '', entries.get(path)?.size ?? 0]));
  const known = await cache.get([...wanted.keys()]);
  const missing = [...wanted].filter(([id]) => !known.has(id)).map(([id, size]) => ({ id, size }));
  const fetched = await fetchBlobs(client, repo, missing);
  const fresh = [...fetched].filter((blob): blob is [string, Uint8Array] => typeof blob[1] !== 'string');
  await cache.put(new Map(fresh));
  return new Map(
    paths.map((path) => {
      const id = entries.get(path)?.sha ?? '';
      const content = known.get(id) ?? fetched.get(id) ?? 'GitHub did not send it';
      return [path, typeof content === 'string' ? { unavailable: content } : { bytes: content }];
    }),
  );
}

async function orSnapshotError<T>(read: () => Promise<T>, { owner, repo }: GitHubRepo, revision: string): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof GitHubError)) throw cause;
    const { failure, message, retryAt, status } = cause;
    const name = `${owner}/${repo}`;
    const options = { cause, ...(retryAt === null ? {} : { retryAt }) };
    if (failure === 'empty') throw new SnapshotError('empty', `${name} has no commit yet`, options);
    if (status === 422)
      throw new SnapshotError(
        'not-found',
        `${name} has no branch or commit \`${revision}\`; check \`branch\` in bindings/targets.yaml`,
        options,
      );
    if (failure === 'not-found' || failure === 'gone' || failure === 'moved') {
      throw new SnapshotError(
        'not-found',
        `${name} is not there, or our credentials do not reach it; check \`repo\` in bindings/targets.yaml and the token's repository access (${message})`,
        options,
      );
    }
    if (failure === 'unauthorized')
      throw new SnapshotError(
        'unauthorized',
        `GitHub refuses our credentials; renew the token or app key (${message})`,
        options,
      );
    if (failure === 'forbidden')
      throw new SnapshotError(
        'forbidden',
        `our credentials may not read ${name}; grant contents: read (${message})`,
        options,
      );
    throw new SnapshotError(failure === 'rate-limited' ? 'rate-limited' : 'transport', message, options);
  }
}
