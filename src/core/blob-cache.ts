/** Blob contents by git id, kept between audits so that what did not change costs no request. Other facts that never change have ids of their own. */
export interface BlobCache {
  get(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  put(blobs: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

/** A cache that forgets everything when it goes. */
export function memoryBlobCache(): BlobCache {
  const blobs = new Map<string, Uint8Array>();
  return {
    async get(ids) {
      return new Map(
        ids.flatMap((id) => {
          const bytes = blobs.get(id);
          return bytes ? [[id, bytes] as const] : [];
        }),
      );
    },
    async put(added) {
      for (const [id, bytes] of added) blobs.set(id, bytes);
    },
  };
}
