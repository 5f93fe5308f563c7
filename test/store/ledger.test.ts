import { describe } from 'vitest';
import { memoryLedger } from '../../src/core/ledger.ts';
import { sqliteLedger } from '../../src/store/sqlite.ts';
import { conformsAsLedger } from '../conformance/ledger.ts';
import { sqliteStorage } from '../coordinator/stored-nights.ts';

describe('a ledger in memory', () => conformsAsLedger(() => memoryLedger()));
describe('a ledger in SQLite', () => conformsAsLedger(() => sqliteLedger(sqliteStorage())));
