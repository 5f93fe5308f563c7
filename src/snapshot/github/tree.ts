import { z } from 'zod';
import { SnapshotError, type TreeEntry } from '../../core/snapshot.ts';
import type { GitHubClient } from '../../github/client.ts';
import type { GitHubRepo } from '../../github/repo.ts';
import { asFileMode } from '../file-mode.ts';
import { inParallel } from '../in-parallel.ts';

const Tree = z.object({
  truncated: z.boolean(),
  tree: z.array(
    z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string(), size: z.number().optional() }),
  ),
});

/** Measured in V8: 100,000 entries fit into a heap of 100 MB while they are read, and an isolate has 128 MB. GitHub's own list ends at that number, too. */
const MOST_ENTRIES = 100_000;
const TOO_MANY = `it has more than ${MOST_ENTRIES.toLocaleString('en')} files, more than fit into a Worker's memory`;

interface Folder {
  /** With a slash at the end; empty for the root. */
  readonly prefix: string;
  readonly sha: string;
}

/** Every entry below a commit: one request, or where GitHub cuts the list one or two per folder that is too large. Throws `GitHubError`, and `SnapshotError` for a tree that GitHub cannot list or that would not fit into memory. */
export async function readTree(
  client: GitHubClient,
  repo: GitHubRepo,
  sha: string,
): Promise<ReadonlyMap<string, TreeEntry>> {
  const entries = new Map<string, TreeEntry>();
  let folders: readonly Folder[] = [{ prefix: '', sha }];
  while (folders.length > 0) {
    const deeper: Folder[] = [];
    await inParallel(folders, async (folder) => {
      const whole = await list(client, repo, folder, { recursive: 1 });
      const shown = whole.truncated ? await list(client, repo, folder, {}) : whole;
      if (shown.truncated)
        throw tooLarge(repo, `the folder ${folder.prefix || '/'} has more entries than GitHub lists`);
      for (const entry of shown.tree) {
        const path = `${folder.prefix}${entry.path}`;
        const { mode, type, sha: id, size = null } = entry;
        if (type !== 'tree') entries.set(path, { mode: asFileMode(mode), sha: id, size });
        else if (whole.truncated) deeper.push({ prefix: `${path}/`, sha: id });
      }
      if (entries.size > MOST_ENTRIES) throw tooLarge(repo, TOO_MANY);
    });
    folders = deeper;
  }
  return entries;
}

async function list(client: GitHubClient, repo: GitHubRepo, { sha }: Folder, query: { readonly recursive?: 1 }) {
  const route = 'GET /repos/{owner}/{repo}/git/trees/{sha}';
  return (await client.rest(route, { ...repo, sha, ...query }, Tree)).data;
}

function tooLarge({ owner, repo }: GitHubRepo, reason: string): SnapshotError {
  const remedy = 'audit a clone of it with `npm run audit`, or move what is no configuration into another repository';
  return new SnapshotError('too-large', `${owner}/${repo} cannot be audited here: ${reason}; ${remedy}`);
}
