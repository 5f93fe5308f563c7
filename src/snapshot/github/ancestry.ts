import { z } from 'zod';
import type { BlobCache } from '../../core/blob-cache.ts';
import type { GitHubClient } from '../../github/client.ts';
import { GitHubError } from '../../github/error.ts';
import type { GitHubRepo } from '../../github/repo.ts';

/**
 * Whether `after` is an ancestor of `head`. `seen` holds ancestors of the head that are known anyway;
 * `after` is one too if it is among them, or if an earlier audit found it behind one of them. Else `compare` tells.
 */
export async function isAncestor(
  after: string,
  head: string,
  seen: ReadonlySet<string>,
  cache: BlobCache,
  compare: () => Promise<boolean>,
): Promise<boolean> {
  const id = `a descendant of ${after}`;
  const kept = (await cache.get([id])).get(id);
  const descendant = kept && new TextDecoder().decode(kept);
  const isProven = seen.has(after) || (descendant !== undefined && seen.has(descendant)) || (await compare());
  if (isProven && descendant !== head) await cache.put(new Map([[id, new TextEncoder().encode(head)]]));
  return isProven;
}

const Compared = z.object({ status: z.enum(['ahead', 'behind', 'diverged', 'identical']) });

/** Asks GitHub whether `after` is an ancestor: the comparison's second page, since the first one shows all files. Throws `GitHubError`. */
export async function compareCommits(
  client: GitHubClient,
  repo: GitHubRepo,
  head: string,
  after: string,
): Promise<boolean> {
  const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
  const parameters = { ...repo, basehead: `${after}...${head}`, per_page: 1, page: 2 };
  try {
    const { data } = await client.rest(route, parameters, Compared);
    return data.status === 'ahead' || data.status === 'identical';
  } catch (error) {
    // Two histories without a common commit.
    if (error instanceof GitHubError && error.failure === 'not-found') return false;
    throw error;
  }
}
