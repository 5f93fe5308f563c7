import { z } from 'zod';
import type { BlobCache } from '../../core/blob-cache.ts';
import type { Commit, HistoryAnswer, HistoryQuery } from '../../core/snapshot.ts';
import type { GitHubClient } from '../../github/client.ts';
import { GitHubError } from '../../github/error.ts';
import type { GitHubRepo } from '../../github/repo.ts';
import { revisionAt } from '../revision.ts';
import { compareCommits, isAncestor } from './ancestry.ts';
import { orReason } from './errors.ts';
import { type DatedCommit, mergeNewestFirst } from './merge-newest-first.ts';
import { lastingId, type Newest, notePaths } from './newest.ts';
import { note, recall, remembered } from './remembered.ts';

/** As many pages of 100 commits as we follow a path back. */
const MAX_PAGES = 20;

const PageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });
const Page = z.object({
  pageInfo: PageInfo,
  nodes: z.array(z.object({ oid: z.string(), message: z.string(), committedDate: z.string() })),
});
const KnownPage = z.object({ pageInfo: PageInfo, nodes: z.array(z.object({ oid: z.string() })) });
const NO_PAGE: z.infer<typeof Page> = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };

const ListedCommit = z.object({ oid: z.string(), parents: z.object({ totalCount: z.int() }) });
type ListedCommit = z.infer<typeof ListedCommit>;

/** Besides what they name, these hold a page per walk: `p0`, `p1` and so on. */
const Answer = z.object({
  repository: z.object({
    head: z.object({ latest: z.object({ nodes: z.array(ListedCommit) }) }).catchall(Page),
    after: z.object({ oid: z.string().optional() }).catchall(KnownPage).nullable(),
  }),
});

const Found = z.object({
  isAncestor: z.boolean(),
  commits: z.array(z.object({ sha: z.string(), message: z.string() })),
  mayLackMerges: z.literal(true).optional(),
});

/** One path's commits, followed back from the head and from `after` at the same pace. */
interface Walk {
  readonly path: string;
  readonly commits: DatedCommit[];
  /** What `after` already had. */
  readonly known: Set<string>;
  headCursor: string | null;
  knownCursor: string | null;
  isDone: boolean;
}

/**
 * Answers which commits after `query.after` touch the query's paths: those in a path's history at the head that are not in its history at `after`.
 * One request as a rule; ancestry costs another where nothing near the head proves it. What was proven is kept in `cache`.
 * Where `newest` shows that no path was touched since an earlier answer, there is nothing to ask.
 * Each path's history is simplified as `git log` does it for that path alone, so a merge of two sides that touched different paths is not listed;
 * the answer says so unless the latest commits show that nothing was merged.
 */
export async function searchHistory(
  client: GitHubClient,
  repo: GitHubRepo,
  head: string,
  query: HistoryQuery,
  cache: BlobCache,
  newest?: Newest,
): Promise<HistoryAnswer> {
  await notePaths(`${repo.owner}/${repo.repo}`, query, cache);
  const id = `history of ${head} ${JSON.stringify(query)}`;
  const answer = await orReason(() =>
    remembered(cache, id, Found, async () => {
      const known = newest && (await stillFound(head, query, newest, cache));
      return known ?? search(client, repo, head, query, cache);
    }),
  );
  return typeof answer === 'string' ? { unavailable: answer } : answer;
}

/** What was found at an earlier head, where none of the paths was touched since and `after` is an ancestor of this head as well. */
async function stillFound(
  head: string,
  query: HistoryQuery,
  { byPath, latest }: Newest,
  cache: BlobCache,
): Promise<z.infer<typeof Found> | undefined> {
  const lasting = lastingId(query, byPath);
  const known = lasting && (await recall(cache, lasting, Found));
  if (!known) return undefined;
  const isBehind = await isAncestor(query.after, head, new Set([head, ...latest]), cache, async () => false);
  return isBehind ? known : undefined;
}

async function search(
  client: GitHubClient,
  repo: GitHubRepo,
  head: string,
  query: HistoryQuery,
  cache: BlobCache,
): Promise<z.infer<typeof Found>> {
  const { after, paths, limit } = query;
  const start = revisionAt(head, after);
  if (start === head) return { isAncestor: true, commits: [] };
  const idOfLatest = `latest commits of ${head}`;
  // Scripts ask of dozens of commits whether they are there; one answer tells it of a hundred.
  const isAncestry = paths.length === 0 && /^[0-9a-f]{40}$/.test(start);
  if (isAncestry && (await recall(cache, idOfLatest, z.array(z.string())))?.includes(start))
    return { isAncestor: true, commits: [] };
  const walks = paths.map(
    (path): Walk => ({ path, commits: [], known: new Set(), headCursor: null, knownCursor: null, isDone: false }),
  );
  const { boundary, newest } = await nextPages(client, repo, head, start, walks);
  if (boundary === undefined) return { isAncestor: false, commits: [] };
  const latest = newest.map(({ oid }) => oid);
  if (isAncestry) await note(cache, idOfLatest, latest);
  const seen = new Set([head, ...latest, ...walks.flatMap(({ commits }) => commits.map(({ sha }) => sha))]);
  const compare = () => compareCommits(client, repo, head, boundary);
  if (!(await isAncestor(boundary, head, seen, cache, compare))) return { isAncestor: false, commits: [] };
  const isOpen = (walk: Walk) => !walk.isDone && (limit === null || fresh(walk).length < limit);
  for (let pages = 1, open = walks.filter(isOpen); open.length > 0; pages++, open = walks.filter(isOpen)) {
    if (pages === MAX_PAGES) {
      const message = `more than ${MAX_PAGES * 100} commits touch ${open[0]?.path} since ${after}`;
      throw new GitHubError('invalid', message, { status: 200 });
    }
    await nextPages(client, repo, head, boundary, open);
  }
  const commits = mergeNewestFirst(walks.map(fresh), latest);
  const mayLackMerges = paths.length > 1 && !isLine(newest, boundary) ? (true as const) : undefined;
  const found = { isAncestor: true, commits: commits.slice(0, limit ?? undefined).map(asCommit), mayLackMerges };
  const lasting = lastingId(query, new Map(walks.map((walk) => [walk.path, walk.commits[0]?.sha ?? null])));
  if (lasting) await note(cache, lasting, found);
  return found;
}

/** Whether the newest commits lead to `boundary` without a merge. */
function isLine(newest: readonly ListedCommit[], boundary: string): boolean {
  const end = newest.findIndex(({ oid }) => oid === boundary);
  return end >= 0 && newest.slice(0, end).every(({ parents }) => parents.totalCount === 1);
}

function fresh({ commits, known }: Walk): readonly DatedCommit[] {
  return commits.filter(({ sha }) => !known.has(sha));
}

/** GitHub gives messages without the line break at their end. */
function asCommit({ sha, message }: DatedCommit): Commit {
  return { sha, message: message.replace(/\n+$/, '') };
}

/** Takes every walk one page further. Gives the commit that `after` names, and the head's latest commits, newest first. */
async function nextPages(client: GitHubClient, repo: GitHubRepo, head: string, after: string, walks: readonly Walk[]) {
  const variables: Record<string, unknown> = { ...repo, head, after: `${after}^{commit}` };
  const declared: string[] = [];
  for (const [index, { path, headCursor, knownCursor }] of walks.entries()) {
    Object.assign(variables, { [`p${index}`]: path, [`h${index}`]: headCursor, [`k${index}`]: knownCursor });
    declared.push(`, $p${index}: String!, $h${index}: String, $k${index}: String`);
  }
  const histories = (cursor: 'h' | 'k', fields: string) =>
    walks.map((_walk, index) => {
      const page = `first: 100, path: $p${index}, after: $${cursor}${index}`;
      return `p${index}: history(${page}) { pageInfo { hasNextPage endCursor } nodes { ${fields} } }`;
    });
  const query = `query ($owner: String!, $repo: String!, $head: String!, $after: String!${declared.join('')}) {
    repository(owner: $owner, name: $repo) {
      head: object(expression: $head) { ... on Commit {
        latest: history(first: 100) { nodes { oid parents(first: 1) { totalCount } } }
        ${histories('h', 'oid message committedDate').join('\n')}
      } }
      after: object(expression: $after) { ... on Commit { oid ${histories('k', 'oid').join('\n')} } }
    }
  }`;
  const { repository } = await client.graphql(query, variables, Answer);
  const boundary = repository.after?.oid;
  if (repository.after && boundary !== undefined) {
    for (const [index, walk] of walks.entries())
      advance(walk, repository.head[`p${index}`], repository.after[`p${index}`]);
  }
  return { boundary, newest: repository.head.latest.nodes };
}

function advance(walk: Walk, { nodes, pageInfo } = NO_PAGE, known: z.infer<typeof KnownPage> = NO_PAGE): void {
  for (const { oid, message, committedDate } of nodes) walk.commits.push({ sha: oid, message, date: committedDate });
  for (const { oid } of known.nodes) walk.known.add(oid);
  walk.headCursor = pageInfo.endCursor ?? walk.headCursor;
  walk.knownCursor = known.pageInfo.endCursor ?? walk.knownCursor;
  const oldest = nodes.at(-1);
  walk.isDone = !pageInfo.hasNextPage || oldest === undefined || walk.known.has(oldest.oid);
}
