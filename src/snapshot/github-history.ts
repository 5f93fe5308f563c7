import { z } from 'zod';
import type { Commit, HistoryAnswer, HistoryQuery } from '../core/snapshot.ts';
import type { GitHubClient } from '../github/client.ts';
import { GitHubError } from '../github/error.ts';
import type { GitHubRepo } from './github.ts';

/** As many pages of 100 commits as we follow one path back. */
const MAX_PAGES = 20;

const Page = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  nodes: z.array(z.object({ oid: z.string(), message: z.string(), committedDate: z.string() })),
});
const Compared = z.object({
  status: z.enum(['ahead', 'behind', 'diverged', 'identical']),
  base_commit: z.object({ sha: z.string() }),
});

/**
 * Answers which commits after `query.after` touch the query's paths.
 * Ancestry comes from the compare endpoint; the commits are those in a path's history at the head that are not in its history at `after`.
 */
export async function searchHistory(
  client: GitHubClient,
  repo: GitHubRepo,
  head: string,
  query: HistoryQuery,
): Promise<HistoryAnswer> {
  try {
    if (query.after === 'HEAD') return { isAncestor: true, commits: [] };
    const after = await ancestor(client, repo, head, query.after);
    if (after === undefined) return { isAncestor: false, commits: [] };
    if (after === head || query.limit === 0) return { isAncestor: true, commits: [] };
    const found = new Map<string, Commit & { readonly date: string }>();
    for (const path of query.paths) {
      for (const commit of await commitsSince(client, repo, head, after, path)) found.set(commit.sha, commit);
    }
    const commits = [...found.values()].sort((one, other) =>
      one.date < other.date ? 1 : Number(one.date > other.date) * -1,
    );
    return {
      isAncestor: true,
      commits: commits.slice(0, query.limit ?? undefined).map(({ sha, message }) => ({ sha, message })),
    };
  } catch (error) {
    if (!(error instanceof GitHubError) || error.failure === 'rate-limited' || error.failure === 'unauthorized')
      throw error;
    return { unavailable: error.message };
  }
}

async function ancestor(
  client: GitHubClient,
  repo: GitHubRepo,
  head: string,
  revision: string,
): Promise<string | undefined> {
  try {
    const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
    const { data } = await client.rest(route, { ...repo, basehead: `${revision}...${head}`, per_page: 1 }, Compared);
    return data.status === 'ahead' || data.status === 'identical' ? data.base_commit.sha : undefined;
  } catch (error) {
    const isUnknown = error instanceof GitHubError && (error.failure === 'not-found' || error.status === 422);
    if (isUnknown) return undefined;
    throw error;
  }
}

async function commitsSince(client: GitHubClient, repo: GitHubRepo, head: string, after: string, path: string) {
  const query = `query ($owner: String!, $repo: String!, $head: String!, $after: String!, $path: String!, $cursor: String) {
    repository(owner: $owner, name: $repo) {
      head: object(expression: $head) { ...touching }
      after: object(expression: $after) { ... on Commit { history(first: 100, path: $path) { nodes { oid committedDate } } } }
    }
  }
  fragment touching on Commit {
    history(first: 100, path: $path, after: $cursor) { pageInfo { hasNextPage endCursor } nodes { oid message committedDate } }
  }`;
  const Known = z.object({
    history: z.object({ nodes: z.array(z.object({ oid: z.string(), committedDate: z.string() })) }),
  });
  const Answer = z.object({ repository: z.object({ head: z.object({ history: Page }), after: Known }) });
  const found: (Commit & { date: string })[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const variables: Record<string, unknown> = { ...repo, head, after, path, cursor };
    const { repository }: z.infer<typeof Answer> = await client.graphql(query, variables, Answer);
    const { nodes, pageInfo } = repository.head.history;
    const known = new Set(repository.after.history.nodes.map(({ oid }) => oid));
    const oldest = repository.after.history.nodes.at(-1)?.committedDate ?? '';
    const fresh = nodes.filter(({ oid, committedDate }) => !known.has(oid) && committedDate >= oldest);
    found.push(...fresh.map(({ oid, message, committedDate }) => ({ sha: oid, message, date: committedDate })));
    if (!pageInfo.hasNextPage || fresh.length === 0) return found;
    cursor = pageInfo.endCursor;
  }
  return found;
}
