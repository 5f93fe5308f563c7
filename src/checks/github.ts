import { z } from 'zod';
import type { CheckRun, CheckRuns, CheckState } from '../core/check-runs.ts';
import { SnapshotError } from '../core/snapshot.ts';
import type { GitHubClient } from '../github/client.ts';
import { GitHubError } from '../github/error.ts';
import type { GitHubRepo } from '../github/repo.ts';

/** GitHub gives at most 100 nodes a page; a commit with more checks costs a request for each further hundred. */
const MAX_PAGES = 5;

const Run = z.object({
  __typename: z.literal('CheckRun'),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  completedAt: z.string().nullable(),
  title: z.string().nullable(),
  summary: z.string().nullable(),
  checkSuite: z.object({ workflowRun: z.object({ workflow: z.object({ name: z.string() }) }).nullable() }).nullable(),
  annotations: z
    .object({
      nodes: z.array(
        z.object({
          annotationLevel: z.string().nullable(),
          path: z.string(),
          location: z.object({ start: z.object({ line: z.number() }) }),
          title: z.string().nullable(),
          message: z.string(),
        }),
      ),
    })
    .nullable(),
});
const Status = z.object({
  __typename: z.literal('StatusContext'),
  context: z.string(),
  state: z.string(),
  description: z.string().nullable(),
  createdAt: z.string(),
});
const CommitChecks = z.object({
  statusCheckRollup: z
    .object({
      contexts: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        nodes: z.array(z.discriminatedUnion('__typename', [Run, Status])),
      }),
    })
    .nullable(),
});
const Answer = z.object({ repository: z.object({ object: CommitChecks }) });

/** What is asked of a commit; `CHECK_FIELDS` is its first page. */
const checkFields = (page: string) => `statusCheckRollup { contexts(first: 100${page}) {
  pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on CheckRun {
      name status conclusion completedAt title summary
      checkSuite { workflowRun { workflow { name } } }
      annotations(first: 50) { nodes { annotationLevel path location { start { line } } title message } }
    }
    ... on StatusContext { context state description createdAt }
  }
} }`;
export const CHECK_FIELDS = checkFields('');

const QUERY = `query ($owner: String!, $repo: String!, $sha: GitObjectID!, $cursor: String) {
  repository(owner: $owner, name: $repo) { object(oid: $sha) { ... on Commit { ${checkFields(', after: $cursor')} } } }
}`;

/**
 * The check runs and commit statuses of a repository at GitHub: one request for a commit with up to 100 of them,
 * none where `first` is already what `CHECK_FIELDS` give of it.
 */
export function githubCheckRuns(client: GitHubClient, repository: GitHubRepo, first?: unknown): CheckRuns {
  const known = CommitChecks.extend({ oid: z.string() }).safeParse(first).data;
  const pageOf = async (sha: string, cursor: string | null): Promise<z.infer<typeof CommitChecks>> => {
    if (cursor === null && known?.oid === sha) return known;
    return (await client.graphql(QUERY, { ...repository, sha, cursor }, Answer)).repository.object;
  };
  return {
    async read(sha) {
      const found: CheckRun[] = [];
      try {
        for (let cursor: string | null = null, page = 0; page < MAX_PAGES; page++) {
          const { statusCheckRollup }: z.infer<typeof CommitChecks> = await pageOf(sha, cursor);
          const contexts = statusCheckRollup?.contexts;
          for (const node of contexts?.nodes ?? []) found.push(asCheckRun(node));
          if (!contexts?.pageInfo.hasNextPage) return found;
          cursor = contexts.pageInfo.endCursor;
        }
        return found;
      } catch (cause) {
        if (!(cause instanceof GitHubError)) throw cause;
        throw asSnapshotError(cause, repository);
      }
    },
  };
}

function asSnapshotError(cause: GitHubError, { owner, repo }: GitHubRepo): SnapshotError {
  const { failure, message, retryAt } = cause;
  const options = { cause, ...(retryAt === null ? {} : { retryAt }) };
  if (failure === 'rate-limited') return new SnapshotError('rate-limited', message, options);
  if (failure !== 'forbidden') return new SnapshotError('transport', message, options);
  const remedy = `our credentials may not read the checks of ${owner}/${repo}; grant checks: read and commit statuses: read`;
  return new SnapshotError('forbidden', `${remedy} (${message})`, options);
}

function asCheckRun(node: z.infer<typeof Run> | z.infer<typeof Status>): CheckRun {
  if (node.__typename === 'StatusContext') {
    const { context: name, state, description, createdAt } = node;
    const completedAt = statusState(state) === 'pending' ? null : createdAt;
    return {
      name,
      workflow: null,
      state: statusState(state),
      summary: description ?? '',
      completedAt,
      annotations: [],
    };
  }
  const { name, status, conclusion, completedAt, title, summary, checkSuite, annotations } = node;
  return {
    name,
    workflow: checkSuite?.workflowRun?.workflow.name ?? null,
    state: status === 'COMPLETED' ? conclusionState(conclusion) : 'pending',
    summary: [title, summary].filter((part) => part !== null && part !== '').join('\n'),
    completedAt,
    annotations: (annotations?.nodes ?? []).map((annotation) => ({
      level: levelOf(annotation.annotationLevel),
      path: annotation.path,
      line: annotation.location.start.line,
      title: annotation.title ?? '',
      message: annotation.message,
    })),
  };
}

const CONCLUSIONS: ReadonlyMap<string | null, CheckState> = new Map([
  ['SUCCESS', 'success'],
  ['FAILURE', 'failure'],
  ['NEUTRAL', 'neutral'],
  ['CANCELLED', 'cancelled'],
  ['SKIPPED', 'skipped'],
  ['TIMED_OUT', 'timed-out'],
  ['ACTION_REQUIRED', 'action-required'],
  ['STARTUP_FAILURE', 'startup-failure'],
  ['STALE', 'stale'],
]);

/** A conclusion that GitHub adds one day says nothing that we understand. */
function conclusionState(conclusion: string | null): CheckState {
  return CONCLUSIONS.get(conclusion) ?? 'pending';
}

function statusState(state: string): CheckState {
  if (state === 'SUCCESS') return 'success';
  return state === 'FAILURE' || state === 'ERROR' ? 'failure' : 'pending';
}

function levelOf(level: string | null): 'failure' | 'warning' | 'notice' {
  if (level === 'FAILURE') return 'failure';
  return level === 'WARNING' ? 'warning' : 'notice';
}
