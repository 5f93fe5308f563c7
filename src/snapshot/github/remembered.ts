import type { z } from 'zod';
import type { BlobCache } from '../../core/blob-cache.ts';

/** A fact about a commit, which never changes: from the cache under `id`, or found out and kept there. What no longer has its form is found out anew. */
export async function remembered<T>(
  cache: BlobCache,
  id: string,
  schema: z.ZodType<T>,
  find: () => Promise<T>,
): Promise<T> {
  const kept = (await cache.get([id])).get(id);
  const known = kept && schema.safeParse(parseJson(kept));
  if (known?.success) return known.data;
  const found = await find();
  await cache.put(new Map([[id, new TextEncoder().encode(JSON.stringify(found))]]));
  return found;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
