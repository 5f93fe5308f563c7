import { type KeyValue, kvStore } from './kv.ts';

/** A KV namespace in memory, with the order and the limits that we rely on. */
export function memoryKeyValue(onWrite: (key: string) => void = () => {}): KeyValue {
  const values = new Map<string, { value: Uint8Array<ArrayBuffer>; metadata?: unknown }>();
  return {
    async get(key) {
      return values.get(key)?.value.slice().buffer ?? null;
    },
    async put(key, value, options = {}) {
      values.set(key, { value, metadata: structuredClone(options.metadata) });
      onWrite(key);
    },
    async list({ prefix, limit = 1000, cursor }) {
      const names = [...values.keys()].filter((key) => key.startsWith(prefix)).sort();
      const start = cursor ? names.findIndex((name) => name > cursor) : 0;
      const page = start < 0 ? [] : names.slice(start, start + limit);
      const isComplete = start < 0 || start + limit >= names.length;
      const keys = page.map((name) => ({ name, metadata: values.get(name)?.metadata }));
      const last = page.at(-1);
      return { keys, list_complete: isComplete, ...(isComplete || !last ? {} : { cursor: last }) };
    },
  };
}

export function memoryStore(): ReturnType<typeof kvStore> {
  return kvStore(memoryKeyValue());
}
