import { z } from 'zod';
import type { GitHubClient } from '../github/client.ts';
import { GitHubError } from '../github/error.ts';
import type { GitHubRepo } from './github.ts';

/** GraphQL cuts `Blob.text` at 512,000 bytes; from 500,000 on a blob comes by REST, raw. */
const GRAPHQL_MAX_BYTES = 500_000;
const BATCH_MAX_BLOBS = 100;
const BATCH_MAX_BYTES = 1_500_000;

export interface WantedBlob {
  readonly id: string;
  readonly size: number;
}

const Blob = z.object({
  oid: z.string(),
  isBinary: z.boolean().nullable(),
  isTruncated: z.boolean(),
  text: z.string().nullable(),
});

/**
 * Fetches blobs by id, small texts many at a time, others one by one; each is checked against its git id.
 * A blob that could not be had maps to the reason. Throws `GitHubError` for limits and lost access only.
 */
export async function fetchBlobs(
  client: GitHubClient,
  repo: GitHubRepo,
  wanted: readonly WantedBlob[],
): Promise<ReadonlyMap<string, Uint8Array | string>> {
  const blobs = new Map<string, Uint8Array | string>();
  const raw = wanted.filter(({ size }) => size >= GRAPHQL_MAX_BYTES).map(({ id }) => id);
  for (const batch of batches(wanted.filter(({ size }) => size < GRAPHQL_MAX_BYTES))) {
    const answers = await orReason(() => fetchBatch(client, repo, batch));
    for (const [index, { id }] of batch.entries()) {
      if (typeof answers === 'string') {
        blobs.set(id, answers);
        continue;
      }
      const answer = answers[`b${index}`];
      const bytes = answer?.text == null || answer.isTruncated ? undefined : new TextEncoder().encode(answer.text);
      if (bytes && (await gitBlobId(bytes)) === id) blobs.set(id, bytes);
      else raw.push(id);
    }
  }
  for (const id of raw) {
    const bytes = await orReason(() => client.bytes('GET /repos/{owner}/{repo}/git/blobs/{id}', { ...repo, id }));
    const isIntact = typeof bytes !== 'string' && (await gitBlobId(bytes)) === id;
    blobs.set(id, typeof bytes === 'string' || isIntact ? bytes : `what GitHub sent for ${id} is not that object`);
  }
  return blobs;
}

/** Losing one batch leaves the other files readable; limits and lost access stop the whole read. */
async function orReason<T>(fetch: () => Promise<T>): Promise<T | string> {
  try {
    return await fetch();
  } catch (error) {
    if (!(error instanceof GitHubError) || error.failure === 'rate-limited' || error.failure === 'unauthorized')
      throw error;
    return error.message;
  }
}

async function fetchBatch(client: GitHubClient, { owner, repo }: GitHubRepo, batch: readonly WantedBlob[]) {
  const fields = batch.map(({ id }, index) => `b${index}: object(oid: "${id}") { ...content }`).join('\n');
  const query = `query ($owner: String!, $repo: String!) {
    repository(owner: $owner, name: $repo) { ${fields} }
  }
  fragment content on GitObject { ... on Blob { oid isBinary isTruncated text } }`;
  const Answer = z.object({ repository: z.record(z.string(), Blob.nullable()) });
  return (await client.graphql(query, { owner, repo }, Answer)).repository;
}

function batches(wanted: readonly WantedBlob[]): readonly (readonly WantedBlob[])[] {
  const found: WantedBlob[][] = [];
  let bytes = 0;
  for (const blob of wanted) {
    const last = found.at(-1);
    if (!last || last.length === BATCH_MAX_BLOBS || bytes + blob.size > BATCH_MAX_BYTES) {
      found.push([blob]);
      bytes = blob.size;
    } else {
      last.push(blob);
      bytes += blob.size;
    }
  }
  return found;
}

/** The id that git gives to these bytes as a blob. */
export async function gitBlobId(bytes: Uint8Array): Promise<string> {
  const header = new TextEncoder().encode(`blob ${bytes.length}\0`);
  const object = new Uint8Array(header.length + bytes.length);
  object.set(header);
  object.set(bytes, header.length);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', object));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
