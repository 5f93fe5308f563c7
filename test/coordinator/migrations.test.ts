import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rowsOf } from '../../src/coordinator/rows.ts';
import { memoryLedger } from '../../src/core/ledger.ts';
import { kvStore } from '../../src/store/kv.ts';
import { upgradeAudit, upgradeLine } from '../../src/store/kv-rows.ts';
import { LEDGER_VERSION, upgradeLedger } from '../../src/store/ledger-migrations.ts';
import { memoryKeyValue } from '../../src/store/memory.ts';
import { sqliteLedger } from '../../src/store/sqlite.ts';
import { dump, REPO, restore, type Stored, sqliteStorage, stageNights } from './stored-nights.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures/stored');
const versions = (await readdir(FIXTURES)).map((file) => file.replace('.json', '')).sort();

async function fixture(version: string): Promise<Stored> {
  return JSON.parse(await readFile(join(FIXTURES, `${version}.json`), 'utf8'));
}

/** Storage as that version left it after the second night. */
async function restored(version: string) {
  const storage = sqliteStorage();
  const kv = memoryKeyValue();
  await restore(await fixture(version), storage, kv);
  return { storage, kv };
}

test('there is a fixture of every version', () => {
  const numbers = versions.map((version) => version.split('-')[0]);
  expect([...new Set(numbers)]).toEqual(Array.from({ length: LEDGER_VERSION + 1 }, (_, version) => `v${version}`));
});

describe.each(versions)('stored by %s', (version) => {
  test('the ledger takes the present version, and every row fits', async () => {
    const { storage, kv } = await restored(version);
    const ledger = sqliteLedger(storage);
    expect(ledger.get('schema-version')).toBe(LEDGER_VERSION);
    const rows = rowsOf(ledger);
    for (const key of ledger.keys('')) {
      if (key === 'schema-version') continue;
      // Every key but the version's is one that the coordinator knows.
      expect([key, rows.get(key as 'last') !== undefined]).toEqual([key, true]);
    }
    expect(rows.get('dropped')).toBeUndefined();
    const once = await dump(storage, kv);
    sqliteLedger(storage);
    expect(await dump(storage, kv)).toEqual(once);
  });

  test('the third night goes on where the second one ended', async () => {
    const nights = await stageNights(sqliteLedger(sqliteStorage()), memoryKeyValue());
    await nights.audit(1);
    nights.commit(2);
    expect(await nights.audit(2)).toEqual(['open Gap inbox', 'open D901 hosts-have-sites is failing']);
    const { storage, kv } = await restored(version);
    nights.remember(sqliteLedger(storage), kv);
    nights.commit(3);
    expect(await nights.audit(3)).toEqual([
      'open Gap inbox',
      'closed D901 hosts-have-sites is failing',
      'open D902 services-have-ports is failing',
    ]);
    const { audits } = await kvStore(kv).history(REPO, { limit: 10 });
    expect(audits.map(({ outcome }) => outcome)).toEqual(['new', 'new', 'fail']);
    for (const { id } of audits) expect((await kvStore(kv).get(REPO, id))?.report.gates).toHaveLength(3);
    expect(await kvStore(kv).targets()).toMatchObject([{ repo: REPO }]);
    expect(nights.simulator.violations).toEqual([]);
    await nights.close();
  });
});

test('what a night writes carries its version', async () => {
  const storage = sqliteStorage();
  const kv = memoryKeyValue();
  const ledger = sqliteLedger(storage);
  const nights = await stageNights(ledger, kv);
  await nights.audit(1);
  await nights.close();
  const { kv: rows } = await dump(storage, kv);
  for (const { value, metadata } of rows) {
    expect(JSON.parse(value)).toMatchObject({ schemaVersion: 2 });
    expect(metadata).toMatchObject({ v: 2 });
    expect(JSON.stringify(metadata).length).toBeLessThanOrEqual(1024);
  }
});

describe('upgrading a ledger', () => {
  const rename = (from: string, to: string) => (ledger: ReturnType<typeof memoryLedger>) => {
    ledger.put(to, ledger.get(from));
    ledger.delete(from);
    return ledger;
  };

  test('applies the steps that are missing, in order, once', () => {
    const steps = [rename('a', 'b'), rename('b', 'c'), rename('c', 'd')];
    for (const [version, key] of [
      [undefined, 'a'],
      [1, 'b'],
      [2, 'c'],
      [3, 'd'],
    ] as const) {
      const ledger = memoryLedger();
      ledger.put(key, 'kept');
      if (version !== undefined) ledger.put('schema-version', version);
      upgradeLedger(ledger, steps);
      expect([ledger.get('d'), ledger.get('schema-version')]).toEqual(['kept', 3]);
    }
  });

  test('a step that fails leaves everything as it was', () => {
    const storage = sqliteStorage();
    const ledger = sqliteLedger(storage);
    ledger.put('a', 'kept');
    const fails = () => {
      throw new Error('no');
    };
    expect(() =>
      upgradeLedger(ledger, [
        (same) => same,
        (same) => same,
        (same) => same,
        (same) => same,
        (same) => same,
        rename('a', 'b'),
        fails,
      ]),
    ).toThrow('no');
    expect([ledger.get('a'), ledger.get('b'), ledger.get('schema-version')]).toEqual([
      'kept',
      undefined,
      LEDGER_VERSION,
    ]);
  });

  test('what a newer version wrote is refused and not touched', () => {
    const storage = sqliteStorage();
    sqliteLedger(storage).put('schema-version', 7);
    expect(() => sqliteLedger(storage)).toThrow(
      /is of version 7, this Lanekeeper knows 5: deploy that version or a newer/,
    );
  });
});

describe('a row of KV', () => {
  const rename = ({ old, ...row }: Readonly<Record<string, unknown>>) => ({ ...row, new: old });

  test('is brought to the present form', () => {
    expect(upgradeAudit({ old: 1 }, [rename])).toEqual({ new: 1 });
    expect(upgradeAudit({ schemaVersion: 1, new: 1 }, [rename])).toEqual({ new: 1 });
    expect(upgradeLine({ v: 1, old: 1 }, [(row) => row, rename])).toEqual({ new: 1 });
  });

  test.each([[{ schemaVersion: 9 }], ['text'], [null], [{ schemaVersion: 'one' }]])('%j counts as absent', (row) =>
    expect(upgradeAudit(row)).toBeNull(),
  );
});
