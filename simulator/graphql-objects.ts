/** Git objects as GraphQL sees them. */
import { GraphQLError } from 'graphql';
import type { Call } from './call.ts';
import { statusCheckRollup } from './check-runs.ts';
import { timestamp } from './clock.ts';
import type { GitCommit, GitSignature } from './git.ts';
import type { GitObject } from './git-batch.ts';
import { changedFileCounts } from './git-diff.ts';
import { nodeId } from './people.ts';
import { fullName, type SimulatedRepository } from './repositories.ts';

type Fields = Record<string, unknown>;

interface HistoryArguments {
  first?: number;
  after?: string | null;
  path?: string | null;
  since?: string | null;
  until?: string | null;
}

const headlineLength = 72;

function looksBinary(content: Buffer): boolean {
  return content.subarray(0, 8000).includes(0);
}

function blobFields(call: Call, { oid, content }: GitObject): Fields {
  const limit = call.world.caps.blobTextBytes;
  const isBinary = looksBinary(content);
  return {
    isBinary,
    byteSize: content.length,
    isTruncated: content.length > limit,
    text: isBinary ? null : content.subarray(0, limit).toString(),
    abbreviatedOid: oid.slice(0, 7),
  };
}

function treeFields(call: Call, repository: SimulatedRepository, oid: string): Fields {
  return {
    abbreviatedOid: oid.slice(0, 7),
    async entries() {
      const entries = await repository.git.tree(oid, false);
      return entries.map((entry) => ({
        name: entry.path,
        path: entry.path,
        mode: Number.parseInt(entry.mode, 8),
        type: entry.type,
        oid: entry.oid,
        size: entry.size ?? 0,
        object: () => (entry.type === 'commit' ? null : gitObject(call, repository, entry.oid)),
      }));
    },
  };
}

function signatureFields({ name, email, date }: GitSignature): Fields {
  return { name, email, date: timestamp(date) };
}

/** Collects the oids asked for in one go, so that a page of history costs one process. */
function changedFilesLoader(repository: SimulatedRepository): (oid: string) => Promise<number> {
  let batch: { oids: string[]; counts: Promise<Map<string, number>> } | undefined;
  return async (oid) => {
    if (batch === undefined) {
      const oids: string[] = [];
      const counts = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        batch = undefined;
        return changedFileCounts(repository.git, oids);
      });
      batch = { oids, counts };
    }
    batch.oids.push(oid);
    return (await batch.counts).get(oid) ?? 0;
  };
}

function connection(nodes: Fields[], start: number, hasNext: boolean, total: () => unknown, head: string): Fields {
  const cursor = (index: number): string => `${head} ${start + index}`;
  return {
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: cursor(index) })),
    totalCount: total,
    pageInfo: {
      hasNextPage: hasNext,
      hasPreviousPage: start > 0,
      startCursor: nodes.length > 0 ? cursor(0) : null,
      endCursor: nodes.length > 0 ? cursor(nodes.length - 1) : null,
    },
  };
}

type CountFiles = (oid: string) => Promise<number>;

function commitFields(call: Call, repository: SimulatedRepository, commit: GitCommit, count: CountFiles): Fields {
  const [headline = '', ...rest] = commit.message.split('\n');
  const isLong = headline.length > headlineLength;
  const url = `https://github.com/${fullName(repository)}/commit/${commit.oid}`;
  return {
    __typename: 'Commit',
    id: nodeId('C', repository.id, commit.oid),
    oid: commit.oid,
    abbreviatedOid: commit.oid.slice(0, 7),
    message: commit.message,
    messageHeadline: isLong ? `${headline.slice(0, headlineLength - 3)}…` : headline,
    messageBody: rest.join('\n').replace(/^\n+/, ''),
    committedDate: timestamp(commit.committer.date),
    authoredDate: timestamp(commit.author.date),
    author: signatureFields(commit.author),
    committer: signatureFields(commit.committer),
    url,
    commitUrl: url,
    changedFilesIfAvailable: () => count(commit.oid),
    changedFiles: () => count(commit.oid),
    tree: () => gitObject(call, repository, commit.tree),
    parents: async ({ first = 100 }: { first?: number }) => {
      const parents = await Promise.all(commit.parents.slice(0, first).map((oid) => gitObject(call, repository, oid)));
      const nodes = parents.filter((parent) => parent !== null);
      return connection(nodes, 0, commit.parents.length > first, () => commit.parents.length, commit.oid);
    },
    history: (args: HistoryArguments) => history(call, repository, commit.oid, args),
    statusCheckRollup: () => statusCheckRollup(call, repository, commit.oid),
  };
}

async function history(
  call: Call,
  repository: SimulatedRepository,
  head: string,
  args: HistoryArguments,
): Promise<Fields> {
  const { first = 100, after } = args;
  const start = after == null ? 0 : Number(after.split(' ')[1]) + 1;
  if (Number.isNaN(start)) {
    throw new GraphQLError(`\`${after}\` does not appear to be a valid cursor.`, {
      extensions: { type: 'INVALID_CURSOR_ARGUMENTS' },
    });
  }
  const filter = {
    from: head,
    path: args.path ?? undefined,
    since: args.since ?? undefined,
    until: args.until ?? undefined,
  };
  const commits = await repository.git.log({ ...filter, skip: start, limit: first + 1 });
  const count = changedFilesLoader(repository);
  const nodes = commits.slice(0, first).map((commit) => commitFields(call, repository, commit, count));
  return connection(nodes, start, commits.length > first, () => repository.git.count(filter), head);
}

/** The object that this oid or expression names, or null. */
export async function gitObject(call: Call, repository: SimulatedRepository, name: string): Promise<Fields | null> {
  if (/[\n\r]/.test(name)) return null;
  const object = await repository.git.read(name);
  if (object === null) return null;
  const { oid, type } = object;
  if (type === 'commit') {
    const commit = await repository.git.commit(oid);
    return commit === null ? null : commitFields(call, repository, commit, changedFilesLoader(repository));
  }
  if (type === 'tag') {
    const target = `${oid}^{}`;
    return { __typename: 'Tag', oid, target: () => gitObject(call, repository, target) };
  }
  const isBlob = type === 'blob';
  const fields = isBlob ? blobFields(call, object) : treeFields(call, repository, oid);
  return {
    __typename: isBlob ? 'Blob' : 'Tree',
    id: nodeId(isBlob ? 'B' : 'T', repository.id, oid),
    oid,
    ...fields,
  };
}
