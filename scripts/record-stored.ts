/**
 * Records what the present version stores, as a fixture for the versions after it: run it before the number in
 * src/store/ledger-migrations.ts or src/store/kv-rows.ts goes up.
 *
 *   npx node scripts/record-stored.ts test/coordinator/fixtures/stored/v2.json && npm run fix
 */
import { writeFile } from 'node:fs/promises';
import { memoryKeyValue } from '../src/store/memory.ts';
import { sqliteLedger } from '../src/store/sqlite.ts';
import { dump, sqliteStorage, stageNights } from '../test/coordinator/stored-nights.ts';

const [path] = process.argv.slice(2);
if (!path) throw new Error('name the fixture to write');
const storage = sqliteStorage();
const kv = memoryKeyValue();
const nights = await stageNights(sqliteLedger(storage), kv);
await nights.audit(1);
nights.commit(2);
console.log((await nights.audit(2)).join('\n'));
await nights.close();
await writeFile(path, `${JSON.stringify(await dump(storage, kv), null, 1)}\n`);
