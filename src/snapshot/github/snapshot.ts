import { z } from 'zod';
import type { BlobCache } from '../../core/blob-cache.ts';
import type { FileContent, Snapshot, TreeEntry } from '../../core/snapshot.ts';
import type { GitHubClient } from '../../github/client.ts';
import { GitHubError } from '../../github/error.ts';
import type { GitHubRepo } from '../../github/repo.ts';
import { SUBMODULE } from '../file-mode.ts';
import { fetchBlobs } from './blobs.ts';
import { noBranch, orSnapshotError } from './errors.ts';
import { searchHistory } from './history.ts';
import { readLog } from './log.ts';
import type { Newest } from './newest.ts';
import { remembered } from './remembered.ts';
import { readTree } from './tree.ts';

const Entries = z.array(
  z.tuple([
    z.string(),
    z.object({
      mode: z.enum(['100644', '100755', '120000', '160000']),
      sha: z.string().nullable(),
      size: z.number().nullable(),
    }),
  ]),
);

/** The commit a branch stands at: one request of 40 bytes. Throws `SnapshotError`. */
export async function githubHead(client: GitHubClient, repo: GitHubRepo, branch: string): Promise<string> {
  const route = 'GET /repos/{owner}/{repo}/commits/{ref}';
  const parameters = { ...repo, ref: `heads/${branch}`, headers: { accept: 'application/vnd.github.sha' } };
  const Sha = z.string().regex(/^[0-9a-f]{40}$/);
  return orSnapshotError(async () => {
    try {
      return (await client.rest(route, parameters, Sha)).data;
    } catch (cause) {
      if (!(cause instanceof GitHubError) || cause.status !== 422) throw cause;
      throw noBranch(`${repo.owner}/${repo.repo}`, branch, { cause });
    }
  }, repo);
}

/** Opens one commit of a repository at GitHub. What `cache` knows is not asked for again; a look may have told who can read it and which commits touched what. Throws `SnapshotError`. */
export async function githubSnapshot(
  client: GitHubClient,
  repo: GitHubRepo,
  sha: string,
  cache: BlobCache,
  { newest, isPrivate }: { readonly newest?: Newest | undefined; readonly isPrivate?: boolean } = {},
): Promise<Snapshot> {
  const tree = () => orSnapshotError(async () => [...(await readTree(client, repo, sha))], repo);
  const entries = new Map(await remembered(cache, `tree of ${sha}`, Entries, tree));
  return {
    repo: `${repo.owner}/${repo.repo}`,
    sha,
    entries,
    ...(isPrivate === undefined ? {} : { isPrivate }),
    read: (paths) => orSnapshotError(() => readFiles(client, repo, entries, cache, paths), repo),
    history: (query) => orSnapshotError(() => searchHistory(client, repo, sha, query, cache, newest), repo),
    log: (query) => orSnapshotError(() => readLog(client, repo, sha, query, cache), repo),
    uncommitted: async () => [],
  };
}

async function readFiles(
  client: GitHubClient,
  repo: GitHubRepo,
  entries: ReadonlyMap<string, TreeEntry>,
  cache: BlobCache,
  paths: readonly string[],
): Promise<ReadonlyMap<string, FileContent>> {
  const wanted = new Map<string, number>();
  for (const path of paths) {
    const entry = entries.get(path);
    if (entry?.sha && entry.mode !== '160000') wanted.set(entry.sha, entry.size ?? 0);
  }
  const known = await cache.get([...wanted.keys()]);
  const missing = [...wanted].filter(([id]) => !known.has(id)).map(([id, size]) => ({ id, size }));
  const fetched = await fetchBlobs(client, repo, missing, (blobs) => cache.put(blobs));
  return new Map(
    paths.map((path): [string, FileContent] => {
      const entry = entries.get(path);
      if (entry?.mode === '160000') return [path, { unavailable: SUBMODULE }];
      const id = entry?.sha ?? '';
      const content = known.get(id) ?? fetched.get(id) ?? 'it is not a file of this commit';
      return [path, typeof content === 'string' ? { unavailable: content } : { bytes: content }];
    }),
  );
}
