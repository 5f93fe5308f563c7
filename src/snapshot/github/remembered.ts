import type { z } from 'zod';
import type { BlobCache } from '../../core/blob-cache.ts';

/** A fact about a commit, which never changes: from the cache under `id`, or found out and kept there. What no longer has its form is found out anew. */
export async function remembered<T>(
  cache: BlobCache,
  id: string,
  schema: z.ZodType<T>,
  find: () => Promise<T>,
): Promise<T> {
  const known = await recall(cache, id, schema);
  if (known !== undefined) return known;
  const found = await find();
  await note(cache, id, found);
  return found;
}

/** What the cache keeps under `id`; undefined where that is nothing, or no longer has its form. */
export async function recall<T>(cache: BlobCache, id: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const kept = (await cache.get([id])).get(id);
  return kept && schema.safeParse(parseJson(kept)).data;
}

/** Keeps a fact under `id`. */
export async function note(cache: BlobCache, id: string, fact: unknown): Promise<void> {
  await cache.put(new Map([[id, new TextEncoder().encode(JSON.stringify(fact))]]));
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
