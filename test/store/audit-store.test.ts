import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, describe } from 'vitest';
import { type KeyValue, kvStore } from '../../src/store/kv.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { conformsAsAuditStore } from '../conformance/audit-store.ts';

describe('audits in memory', () => conformsAsAuditStore(async () => memoryStore()));

describe('audits in the KV that workerd has', () => {
  /** One for each test, since each begins with an empty one. */
  const names = Array.from({ length: 10 }, (_, index) => `AUDITS_${index}`);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: 'export default { fetch: () => new Response() }',
      compatibilityDate: '2026-10-01',
      kvNamespaces: names,
    }),
  );
  const unused = [...names];
  afterAll(() => miniflare.dispose());

  conformsAsAuditStore(async () => {
    const name = unused.shift();
    if (name === undefined) throw new Error('there are more tests than namespaces');
    const namespace = await miniflare.getKVNamespace(name);
    return kvStore(namespace as unknown as KeyValue);
  });
});
