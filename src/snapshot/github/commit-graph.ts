import { z } from 'zod';
import { ancestry, type CommitGraph, type GraphAnswer, type GraphCommit } from '../../core/commit-graph.ts';
import type { GitHubClient } from '../../github/client.ts';
import { GitHubError } from '../../github/error.ts';
import type { GitHubRepo } from '../../github/repo.ts';
import { orSnapshotError } from './errors.ts';

const Comparison = z.object({
  status: z.enum(['ahead', 'behind', 'diverged', 'identical']),
  total_commits: z.number(),
  commits: z.array(
    z.object({
      sha: z.string(),
      parents: z.array(z.object({ sha: z.string() })),
      commit: z.object({
        message: z.string(),
        author: z.object({ name: z.string().optional(), date: z.string().optional() }).nullable(),
        committer: z.object({ date: z.string().optional() }).nullable(),
      }),
    }),
  ),
});
type Comparison = z.infer<typeof Comparison>;

/** A page of a comparison. Without pages GitHub shows up to 250 commits. */
const PER_PAGE = 100;

/** The history of a repository at GitHub: as a rule one request for the commits, and one for those that touch given paths. */
export function githubCommitGraph(client: GitHubClient, repo: GitHubRepo): CommitGraph {
  return {
    between: (after, head, limit) => orSnapshotError(() => between(client, repo, { after, head, limit }), repo),
    touching: (head, commits, paths) => orSnapshotError(() => touching(client, repo, { head, commits, paths }), repo),
  };
}

interface Between {
  readonly after: string;
  readonly head: string;
  readonly limit: number;
}

async function between(client: GitHubClient, repo: GitHubRepo, { after, head, limit }: Between): Promise<GraphAnswer> {
  const first = await compare(client, repo, `${after}...${head}`, {});
  if (!first || first.status === 'behind' || first.status === 'diverged')
    return { unavailable: `the branch does not show ${after.slice(0, 10)}: perhaps somebody rewrote it` };
  const total = first.total_commits;
  if (total > limit) return { unavailable: `more than ${limit} commits lie in between` };
  const found = new Map<string, GraphCommit>();
  const add = ({ commits }: Comparison) => {
    for (const commit of commits) found.set(commit.sha, graphCommit(commit));
  };
  add(first);
  // Which of the commits a comparison without pages leaves out is not documented, so all pages are read.
  for (let page = 1; found.size < total && page <= Math.ceil(total / PER_PAGE); page++)
    add((await compare(client, repo, `${after}...${head}`, { per_page: PER_PAGE, page })) ?? first);
  return found.size === total ? { commits: [...found.values()] } : { unavailable: 'GitHub does not list all commits' };
}

/** Null where GitHub knows one of the two no longer, or they share no commit. */
async function compare(
  client: GitHubClient,
  repo: GitHubRepo,
  basehead: string,
  page: Readonly<Record<string, number>>,
): Promise<Comparison | null> {
  const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
  try {
    return (await client.rest(route, { ...repo, basehead, ...page }, Comparison)).data;
  } catch (error) {
    if (error instanceof GitHubError && error.failure === 'not-found') return null;
    throw error;
  }
}

function graphCommit({
  sha,
  parents,
  commit: { message, author, committer },
}: Comparison['commits'][number]): GraphCommit {
  // What git calls a subject: everything before the first blank line.
  const [subject = ''] = message.split(/\n\s*\n/, 1);
  const title = subject.trim().replace(/\s*\n\s*/g, ' ');
  const date = new Date(author?.date ?? committer?.date ?? 0).toISOString();
  return { sha, parents: parents.map((parent) => parent.sha), title, author: author?.name ?? '', date };
}

interface Touching {
  readonly head: string;
  readonly commits: readonly GraphCommit[];
  readonly paths: readonly string[];
}

/** Paths of one request, and pages of 100 commits that each is followed back. */
const MOST_PATHS = 25;
const MOST_PAGES = 5;

const History = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  nodes: z.array(z.object({ oid: z.string() })),
});
const Histories = z.object({ repository: z.object({ head: z.record(z.string(), History) }) });

/**
 * GitHub lists a path's history as `git log` simplifies it, so a merge that only brings a change along is not in it: it touches what its branch touches.
 */
async function touching(client: GitHubClient, repo: GitHubRepo, { head, commits, paths }: Touching) {
  if (paths.length === 0) return new Set<string>();
  const range = new Map(commits.map((commit) => [commit.sha, commit]));
  const listed = new Set<string>();
  let walks = fewer(paths).map((path): Walk => ({ path, cursor: null }));
  if (walks.length === 0) return { unavailable: 'too many paths were read' };
  for (let pages = 0; walks.length > 0; pages++) {
    if (pages === MOST_PAGES) return { unavailable: `more than ${MOST_PAGES * 100} commits touch ${walks[0]?.path}` };
    const histories = await nextPages(client, repo, head, walks);
    walks = walks.flatMap(({ path }, index): Walk[] => {
      const { nodes = [], pageInfo } = histories[`p${index}`] ?? {};
      for (const { oid } of nodes) listed.add(oid);
      const isInside = range.has(nodes.at(-1)?.oid ?? '');
      return pageInfo?.hasNextPage && isInside ? [{ path, cursor: pageInfo.endCursor }] : [];
    });
  }
  return new Set(commits.flatMap((commit) => (isTouching(commit, listed, range) ? [commit.sha] : [])));
}

interface Walk {
  readonly path: string;
  readonly cursor: string | null;
}

/** The same paths, or as few folders that hold them; none where only the whole tree does. */
function fewer(paths: readonly string[]): readonly string[] {
  const deepest = Math.max(...paths.map((path) => path.split('/').length));
  for (let depth = deepest; depth > 0; depth--) {
    const cut = new Set(paths.map((path) => path.split('/').slice(0, depth).join('/')));
    if (cut.size <= MOST_PATHS) return [...cut];
  }
  return [];
}

async function nextPages(client: GitHubClient, repo: GitHubRepo, head: string, walks: readonly Walk[]) {
  const variables: Record<string, unknown> = { ...repo, head };
  const declared: string[] = [];
  const fields = walks.map(({ path, cursor }, index) => {
    Object.assign(variables, { [`f${index}`]: path, [`c${index}`]: cursor });
    declared.push(`, $f${index}: String!, $c${index}: String`);
    const page = `first: 100, path: $f${index}, after: $c${index}`;
    return `p${index}: history(${page}) { pageInfo { hasNextPage endCursor } nodes { oid } }`;
  });
  const query = `query ($owner: String!, $repo: String!, $head: String!${declared.join('')}) {
    repository(owner: $owner, name: $repo) {
      head: object(expression: $head) { ... on Commit { ${fields.join('\n')} } }
    }
  }`;
  return (await client.graphql(query, variables, Histories)).repository.head;
}

function isTouching(
  { sha, parents: [first = '', ...merged] }: GraphCommit,
  listed: ReadonlySet<string>,
  range: ReadonlyMap<string, GraphCommit>,
): boolean {
  if (listed.has(sha)) return true;
  if (merged.length === 0) return false;
  const before = ancestry(first, range);
  return merged.some((tip) => [...ancestry(tip, range)].some((each) => listed.has(each) && !before.has(each)));
}
