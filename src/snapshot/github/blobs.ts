import { z } from 'zod';
import { hexOf } from '../../core/hex.ts';
import type { GitHubClient } from '../../github/client.ts';
import type { GitHubRepo } from '../../github/repo.ts';
import { inParallel } from '../in-parallel.ts';
import { orReason } from './errors.ts';

/** GraphQL cuts `Blob.text` at 512,000 bytes; from 500,000 on a blob comes by REST, raw. */
const GRAPHQL_MAX_BYTES = 500_000;
const BATCH_MAX_BYTES = 1_500_000;
/** GitHub may answer a batch in part; what it left out is asked for again, in ever smaller batches. */
const BATCH_MAX_BLOBS = [100, 50, 25];

export interface WantedBlob {
  readonly id: string;
  readonly size: number;
}

type Blobs = Map<string, Uint8Array | string>;
type Keep = (blobs: ReadonlyMap<string, Uint8Array>) => Promise<void>;

const Blob = z.object({
  isBinary: z.boolean().nullable(),
  isTruncated: z.boolean(),
  text: z.string().nullable(),
});

/**
 * Fetches blobs by id, small texts many at a time, others one by one; each is checked against its git id.
 * Each request's blobs go to `keep` at once, so that nothing is fetched twice when a later request fails.
 * A blob that could not be had maps to the reason. Throws `GitHubError` for limits and lost access only.
 */
export async function fetchBlobs(
  client: GitHubClient,
  repo: GitHubRepo,
  wanted: readonly WantedBlob[],
  keep: Keep,
): Promise<ReadonlyMap<string, Uint8Array | string>> {
  const blobs: Blobs = new Map();
  const raw = wanted.filter(({ size }) => size >= GRAPHQL_MAX_BYTES).map(({ id }) => id);
  let texts = wanted.filter(({ size }) => size < GRAPHQL_MAX_BYTES);
  for (const maxBlobs of BATCH_MAX_BLOBS) {
    const leftOut: WantedBlob[] = [];
    await inParallel(batches(texts, maxBlobs), async (batch) => {
      const answers = await orReason(() => fetchBatch(client, repo, batch));
      const intact = new Map<string, Uint8Array>();
      for (const [index, blob] of batch.entries()) {
        const answer = typeof answers === 'string' ? answers : answers[`b${index}`];
        if (typeof answer === 'string') blobs.set(blob.id, answer);
        else if (!answer) leftOut.push(blob);
        else if (!(await acceptIntact(blob.id, answer, intact))) raw.push(blob.id);
      }
      for (const [id, bytes] of intact) blobs.set(id, bytes);
      await keep(intact);
    });
    texts = leftOut;
  }
  for (const { id } of texts) blobs.set(id, 'GitHub left it out of its answers');
  await inParallel(raw, async (id) => {
    const bytes = await orReason(() => fetchRaw(client, repo, id));
    blobs.set(id, bytes);
    if (typeof bytes !== 'string') await keep(new Map([[id, bytes]]));
  });
  return blobs;
}

/** Whether the answer is that very object; if so, it is added to `intact`. A file that is not UTF-8 never is. */
async function acceptIntact(
  id: string,
  { text, isTruncated }: z.infer<typeof Blob>,
  intact: Map<string, Uint8Array>,
): Promise<boolean> {
  if (text === null || isTruncated) return false;
  const bytes = new TextEncoder().encode(text);
  if ((await gitBlobId(bytes)) !== id) return false;
  intact.set(id, bytes);
  return true;
}

async function fetchBatch(client: GitHubClient, { owner, repo }: GitHubRepo, batch: readonly WantedBlob[]) {
  const fields = batch.map(({ id }, index) => `b${index}: object(oid: "${id}") { ...content }`).join('\n');
  const query = `query ($owner: String!, $repo: String!) {
    repository(owner: $owner, name: $repo) { ${fields} }
  }
  fragment content on GitObject { ... on Blob { isBinary isTruncated text } }`;
  const Answer = z.object({ repository: z.record(z.string(), Blob.nullable()) });
  return (await client.graphql(query, { owner, repo }, Answer, { partial: true })).repository;
}

function fetchRaw(client: GitHubClient, repo: GitHubRepo, id: string): Promise<Uint8Array> {
  const isIntact = async (bytes: Uint8Array) => (await gitBlobId(bytes)) === id;
  return client.bytes('GET /repos/{owner}/{repo}/git/blobs/{id}', { ...repo, id }, isIntact);
}

/** As few batches as simple packing gives: each blob goes to the first one with room for it. */
function batches(wanted: readonly WantedBlob[], maxBlobs: number): readonly (readonly WantedBlob[])[] {
  const found: { readonly blobs: WantedBlob[]; bytes: number }[] = [];
  for (const blob of wanted) {
    let batch = found.find(({ blobs, bytes }) => blobs.length < maxBlobs && bytes + blob.size <= BATCH_MAX_BYTES);
    if (!batch) {
      batch = { blobs: [], bytes: 0 };
      found.push(batch);
    }
    batch.blobs.push(blob);
    batch.bytes += blob.size;
  }
  return found.map(({ blobs }) => blobs);
}

/** The id that git gives to these bytes as a blob. */
async function gitBlobId(bytes: Uint8Array): Promise<string> {
  const header = new TextEncoder().encode(`blob ${bytes.length}\0`);
  const object = new Uint8Array(header.length + bytes.length);
  object.set(header);
  object.set(bytes, header.length);
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-1', object)));
}
