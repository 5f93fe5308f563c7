/** Check runs of CI, and the roll-up of everything that was said of a commit. */
import { GraphQLError } from 'graphql';
import type { Call } from './call.ts';
import type { CheckRunRecord, StatusRecord } from './issue-store.ts';
import { nodeId } from './people.ts';
import { grants } from './permissions.ts';
import type { SimulatedRepository } from './repositories.ts';

type Fields = Record<string, unknown>;

/** What a test says of a check run; the rest is usual. */
export type NewCheckRun = Pick<CheckRunRecord, 'sha' | 'name' | 'conclusion'> & Partial<CheckRunRecord>;

export function reportCheckRun(repository: SimulatedRepository, run: NewCheckRun, now: string): void {
  const { checkRuns } = repository.issues;
  const record: CheckRunRecord = {
    workflow: null,
    title: null,
    summary: null,
    completedAt: run.conclusion === null ? null : now,
    annotations: [],
    ...run,
  };
  const before = checkRuns.findIndex(
    ({ sha, name, workflow }) => sha === record.sha && name === record.name && workflow === record.workflow,
  );
  if (before >= 0) checkRuns.splice(before, 1, record);
  else checkRuns.push(record);
}

/** `statusCheckRollup` of a commit: null where nobody said anything. */
export function statusCheckRollup(call: Call, repository: SimulatedRepository, sha: string): Fields | null {
  requirePermission(call, repository, 'checks');
  requirePermission(call, repository, 'statuses');
  const runs = repository.issues.checkRuns.filter((run) => run.sha === sha).map((run) => runFields(repository, run));
  const latest = new Map<string, StatusRecord>();
  for (const status of repository.issues.statuses) if (status.sha === sha) latest.set(status.context, status);
  const all = [...runs, ...[...latest.values()].map((status) => statusFields(repository, status))];
  if (all.length === 0) return null;
  return {
    id: nodeId('SCR', repository.id, sha),
    contexts({ first = 100, after }: { first?: number; after?: string | null }) {
      const start = after == null ? 0 : Number(after) + 1;
      const nodes = all.slice(start, start + first);
      const end = nodes.length === 0 ? null : String(start + nodes.length - 1);
      return { nodes, totalCount: all.length, pageInfo: { hasNextPage: start + first < all.length, endCursor: end } };
    },
  };
}

/** Unlike contents, checks of a public repository are read with a token of any kind; those of a private one need the permission. */
function requirePermission({ caller }: Call, repository: SimulatedRepository, permission: string): void {
  if (!repository.private || grants(caller.permissions, { permission, level: 'read' })) return;
  const holder = caller.kind === 'personal token' ? 'personal access token' : 'integration';
  throw new GraphQLError(`Resource not accessible by ${holder}`, { extensions: { type: 'FORBIDDEN' } });
}

function runFields(repository: SimulatedRepository, run: CheckRunRecord): Fields {
  const { sha, name, workflow, conclusion, title, summary, completedAt, annotations } = run;
  return {
    __typename: 'CheckRun',
    id: nodeId('CR', repository.id, `${sha} ${name}`),
    name,
    status: conclusion === null ? 'IN_PROGRESS' : 'COMPLETED',
    conclusion: conclusion === null ? null : conclusion.toUpperCase(),
    completedAt,
    title,
    summary,
    checkSuite: { workflowRun: workflow === null ? null : { workflow: { name: workflow } } },
    annotations: ({ first = 100 }: { first?: number }) => ({
      nodes: annotations.slice(0, first).map((annotation) => ({
        annotationLevel: annotation.level.toUpperCase(),
        path: annotation.path,
        location: { start: { line: annotation.line }, end: { line: annotation.line } },
        title: annotation.title,
        message: annotation.message,
      })),
    }),
  };
}

function statusFields(
  repository: SimulatedRepository,
  { sha, context, state, description, createdAt }: StatusRecord,
): Fields {
  return {
    __typename: 'StatusContext',
    id: nodeId('SC', repository.id, `${sha} ${context}`),
    context,
    state: state.toUpperCase(),
    description,
    createdAt,
  };
}
