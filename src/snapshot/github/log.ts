import { z } from 'zod';
import type { BlobCache } from '../../core/blob-cache.ts';
import type { LogAnswer, LoggedCommit, LogQuery, Signature } from '../../core/snapshot.ts';
import type { GitHubClient } from '../../github/client.ts';
import { GitHubError } from '../../github/error.ts';
import type { GitHubRepo } from '../../github/repo.ts';
import { orReason } from './errors.ts';
import { remembered } from './remembered.ts';

/** As many commits of one history are read; each page holds 100 and costs a request. */
const MOST_COMMITS = 2000;
/** More parents than any merge that people make. */
const MOST_PARENTS = 16;

const Person = z.object({ name: z.string().nullable(), email: z.string().nullable(), date: z.string().nullable() });
const Page = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  nodes: z.array(
    z.object({
      oid: z.string(),
      message: z.string(),
      author: Person.nullable(),
      committer: Person.nullable(),
      parents: z.object({ totalCount: z.number(), nodes: z.array(z.object({ oid: z.string() })) }),
    }),
  ),
});
const Answer = z.object({ repository: z.object({ head: z.object({ history: Page }) }) });
const SignatureSchema = z.object({ name: z.string(), email: z.string(), at: z.number(), offset: z.number() });
const Found = z.object({
  commits: z.array(
    z.object({
      sha: z.string(),
      message: z.string(),
      parents: z.array(z.string()),
      author: SignatureSchema,
      committer: SignatureSchema,
    }),
  ),
});

const QUERY = `query ($owner: String!, $repo: String!, $head: String!, $path: String, $first: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    head: object(expression: $head) { ... on Commit {
      history(first: $first, path: $path, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          oid message
          author { name email date }
          committer { name email date }
          parents(first: ${MOST_PARENTS}) { totalCount nodes { oid } }
        }
      }
    } }
  }
}`;

/** Tells a repository's newest commits, with people and dates: one request for a hundred. What was found is kept in `cache`. */
export async function readLog(
  client: GitHubClient,
  repo: GitHubRepo,
  head: string,
  query: LogQuery,
  cache: BlobCache,
): Promise<LogAnswer> {
  const id = `log of ${head} ${JSON.stringify(query)}`;
  const answer = await orReason(() => remembered(cache, id, Found, () => fetchLog(client, repo, head, query)));
  return typeof answer === 'string' ? { unavailable: answer } : answer;
}

async function fetchLog(
  client: GitHubClient,
  repo: GitHubRepo,
  head: string,
  { paths, limit }: LogQuery,
): Promise<z.infer<typeof Found>> {
  const walk = (path: string | null, most: number) => history(client, repo, head, path, Math.min(most, MOST_COMMITS));
  const [path = null, ...more] = paths;
  const commits = more.length === 0 ? await all(walk(path, limit)) : await touchingAny(paths, limit, walk);
  return { commits: commits.map((commit) => ({ ...commit, parents: [...commit.parents] })) };
}

type Walk = (path: string | null, most: number) => AsyncIterable<LoggedCommit>;

/**
 * GitHub tells of one path at a time. Where nothing was merged, git lists what touches any of several paths in the order of the whole history.
 * At a merge it compares them all at once with each side, which GitHub cannot tell: throws `GitHubError` there.
 */
async function touchingAny(paths: readonly string[], limit: number, walk: Walk): Promise<readonly LoggedCommit[]> {
  const wanted = new Set<string>();
  let isCut = false;
  for (const path of paths) {
    const commits = await all(walk(path, limit));
    isCut ||= commits.length >= limit;
    for (const { sha } of commits) wanted.add(sha);
  }
  const found: LoggedCommit[] = [];
  let seen = 0;
  for await (const commit of walk(null, MOST_COMMITS)) {
    if (found.length === limit || (!isCut && found.length === wanted.size)) break;
    if (++seen === MOST_COMMITS) throw unknown(`more than ${MOST_COMMITS} commits back`);
    if (commit.parents.length > 1) throw unknown('across a merge');
    if (wanted.has(commit.sha)) found.push(commit);
  }
  return found;
}

function unknown(where: string): GitHubError {
  return new GitHubError('invalid', `GitHub does not tell which commits touch several paths ${where}`, { status: 200 });
}

async function* history(
  client: GitHubClient,
  repo: GitHubRepo,
  head: string,
  path: string | null,
  most: number,
): AsyncIterable<LoggedCommit> {
  let after: string | null = null;
  for (let left = most; left > 0; ) {
    const variables: Record<string, unknown> = { ...repo, head, path, first: Math.min(100, left), after };
    const { repository } = await client.graphql(QUERY, variables, Answer);
    const { nodes, pageInfo } = repository.head.history;
    yield* nodes.map(asCommit);
    if (!pageInfo.hasNextPage || nodes.length === 0) return;
    left -= nodes.length;
    after = pageInfo.endCursor;
  }
}

async function all(commits: AsyncIterable<LoggedCommit>): Promise<readonly LoggedCommit[]> {
  const found: LoggedCommit[] = [];
  for await (const commit of commits) found.push(commit);
  return found;
}

function asCommit({ oid, message, author, committer, parents }: z.infer<typeof Page>['nodes'][number]): LoggedCommit {
  if (parents.totalCount > parents.nodes.length) {
    throw new GitHubError('invalid', `${oid} merges more than ${MOST_PARENTS} branches`, { status: 200 });
  }
  return {
    sha: oid,
    message: message.replace(/\n+$/, ''),
    parents: parents.nodes.map((parent) => parent.oid),
    author: asSignature(author),
    committer: asSignature(committer),
  };
}

/** GitHub gives dates with the offset in which they were made. */
function asSignature(person: z.infer<typeof Person> | null): Signature {
  const date = person?.date ?? '';
  const [, sign, hours, minutes] = /([-+])(\d\d):(\d\d)$/.exec(date) ?? [];
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return {
    name: person?.name ?? '',
    email: person?.email ?? '',
    at: Math.floor(Date.parse(date) / 1000),
    offset: sign === '-' ? -offset : offset,
  };
}
