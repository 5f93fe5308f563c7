/** Where a GraphQL query starts: repositories, the viewer, the rate limit, and the two pin mutations. */
import { GraphQLError } from 'graphql';
import { canSee, findRepository, hasRole } from './access.ts';
import type { Call } from './call.ts';
import { timestamp } from './clock.ts';
import { commitAt } from './git-objects.ts';
import type { Price } from './graphql-cost.ts';
import { gitObject } from './graphql-objects.ts';
import type { IssueRecord } from './issue-store.ts';
import { nodeId } from './people.ts';
import { grants } from './permissions.ts';
import { fullName, type SimulatedRepository } from './repositories.ts';

type Fields = Record<string, unknown>;

function failure(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

function issueFields(repository: SimulatedRepository, issue: IssueRecord): Fields {
  return {
    __typename: 'Issue',
    id: nodeId('I', repository.id, issue.number),
    databaseId: issue.id,
    number: issue.number,
    title: issue.title,
    state: issue.state.toUpperCase(),
    isPinned: issue.pinned,
  };
}

function repositoryFields(call: Call, repository: SimulatedRepository): Fields {
  let objects = 0;

  function requireContents(): void {
    const { caller } = call;
    if (!repository.private || grants(caller.permissions, { permission: 'contents', level: 'read' })) return;
    const holder = caller.kind === 'personal token' ? 'personal access token' : 'integration';
    throw failure('FORBIDDEN', `Resource not accessible by ${holder}`);
  }

  async function refFields(qualifiedName: string): Promise<Fields | null> {
    requireContents();
    const name = qualifiedName.replace(/^refs\//, '');
    const full = /^(heads|tags)\//.test(name) ? name : `heads/${name}`;
    const oid = await commitAt({ ...call, repository }, full);
    if (oid === null) return null;
    return {
      __typename: 'Ref',
      id: nodeId('REF', repository.id, full),
      name: full.replace(/^(heads|tags)\//, ''),
      prefix: `refs/${full.slice(0, full.indexOf('/') + 1)}`,
      target: () => gitObject(call, repository, oid),
    };
  }

  return {
    __typename: 'Repository',
    id: nodeId('R', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullName(repository),
    url: `https://github.com/${fullName(repository)}`,
    isPrivate: repository.private,
    isArchived: repository.archived,
    hasIssuesEnabled: repository.hasIssues,
    isEmpty: async () => (await repository.git.run(['for-each-ref', '--count=1'])).length === 0,
    owner: { __typename: repository.owner.type, login: repository.owner.login },
    defaultBranchRef: () => refFields(`refs/heads/${repository.defaultBranch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) => refFields(qualifiedName),
    object({ oid, expression }: { oid?: string; expression?: string }) {
      requireContents();
      objects += 1;
      if (call.distortion.partial === true && objects > 1) {
        throw failure('RESOURCE_LIMITS_EXCEEDED', 'Resource limits for this query exceeded.');
      }
      if (oid !== undefined && !/^[0-9a-f]{40}$/.test(oid)) {
        throw failure('ARGUMENT_ERROR', `Could not coerce value "${oid}" to GitObjectID`);
      }
      const name = oid ?? expression;
      return name === undefined ? null : gitObject(call, repository, name);
    },
    issue({ number }: { number: number }) {
      const issue = repository.issues.get(number);
      if (issue === undefined || issue.gone !== null) {
        throw failure('NOT_FOUND', `Could not resolve to an Issue with the number of ${number}.`);
      }
      return issueFields(repository, issue);
    },
  };
}

function setPinned(call: Call, id: string, pinned: boolean): Fields {
  for (const repository of call.world.repositories) {
    const issue = repository.issues.list().find(({ number }) => nodeId('I', repository.id, number) === id);
    if (issue === undefined || !canSee(call.caller, repository)) continue;
    if (!hasRole(call.caller, repository, 'write')) {
      throw failure('FORBIDDEN', 'Resource not accessible by integration');
    }
    const others = repository.issues.list().filter((each) => each.pinned && each.number !== issue.number);
    if (pinned && others.length >= call.world.caps.pinnedIssues) {
      throw failure('UNPROCESSABLE', `Maximum ${call.world.caps.pinnedIssues} pinned issues per repository`);
    }
    const written = repository.issues.write(issue.number, { pinned }, issue.updatedAt);
    return { issue: issueFields(repository, written), clientMutationId: null };
  }
  throw failure('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
}

/** The root value of one query; `touched` learns which repositories it looked at. */
export function rootFields(call: Call, price: Price, touched: Set<SimulatedRepository>): Fields {
  const { world, caller } = call;
  return {
    repository({ owner, name }: { owner: string; name: string }) {
      const found = findRepository(world, owner, name);
      const former = world.repositories.find((each) => each.owner.login === owner && each.formerNames.includes(name));
      const repository = found ?? former;
      if (repository === undefined || !canSee(caller, repository)) {
        throw failure('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      }
      touched.add(repository);
      return repositoryFields(call, repository);
    },
    viewer: () => ({ __typename: 'User', login: caller.person?.login, databaseId: caller.person?.id }),
    rateLimit() {
      const { limit, used, resetAt } = world.limits.bucket(caller, 'graphql');
      const remaining = Math.max(0, limit - used);
      return {
        cost: price.points,
        nodeCount: price.nodes,
        limit,
        used,
        remaining,
        resetAt: timestamp(new Date(resetAt)),
      };
    },
    pinIssue: ({ input }: { input: { issueId: string } }) => setPinned(call, input.issueId, true),
    unpinIssue: ({ input }: { input: { issueId: string } }) => setPinned(call, input.issueId, false),
  };
}
