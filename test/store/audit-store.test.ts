import { describe } from 'vitest';
import { kvStore } from '../../src/store/kv.ts';
import { memoryKeyValue, memoryStore } from '../../src/store/memory.ts';
import { conformsAsAuditStore } from '../conformance/audit-store.ts';

describe('audits in memory', () => conformsAsAuditStore(memoryStore));
describe('audits in KV', () => conformsAsAuditStore(() => kvStore(memoryKeyValue())));
