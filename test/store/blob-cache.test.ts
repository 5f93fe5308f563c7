import { expect, test } from 'vitest';
import { DAY } from '../../src/core/durations.ts';
import { sqliteBlobCache } from '../../src/store/sqlite.ts';
import { sqliteStorage } from '../coordinator/stored-nights.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A cache with a clock. */
function openCache() {
  let now = 0;
  const storage = sqliteStorage();
  const cache = sqliteBlobCache(storage, () => now);
  const held = async (...ids: readonly string[]) => [...(await cache.get(ids)).keys()].sort();
  const wait = (time: number) => {
    now += time;
  };
  return { cache, held, wait, storage };
}

test('what is asked for now and then stays, and what nobody asks for goes after thirty days', async () => {
  const { cache, held, wait } = openCache();
  await cache.put(
    new Map([
      ['used', bytes('u')],
      ['unused', bytes('x')],
    ]),
  );
  for (let week = 0; week < 5; week++) {
    wait(7 * DAY);
    expect(await held('used')).toEqual(['used']);
  }
  await cache.put(new Map([['new', bytes('n')]]));
  expect(await held('used', 'unused', 'new')).toEqual(['new', 'used']);
});

test('a blob gives back its bytes, more ids than a statement takes included', async () => {
  const { cache } = openCache();
  const ids = Array.from({ length: 200 }, (_, index) => `id${index}`);
  await cache.put(new Map(ids.map((id) => [id, bytes(id)])));
  const found = await cache.get([...ids, 'absent']);
  const texts = new Map([...found].map(([id, content]) => [id, new TextDecoder().decode(content)]));
  expect(texts).toEqual(new Map(ids.map((id) => [id, id])));
});

test('a cache of the earlier form is emptied', async () => {
  const { storage } = openCache();
  storage.sql.exec('CREATE TABLE blobs (id TEXT PRIMARY KEY, bytes BLOB, used INTEGER)');
  const cache = sqliteBlobCache(storage, () => 0);
  expect((await cache.get(['x'])).size).toBe(0);
  expect(storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'blobs'").toArray()).toEqual([]);
});

test('what is larger than a row is kept in parts, the newest of them, and no trace of what goes', async () => {
  const { cache, held, wait, storage } = openCache();
  const large = Uint8Array.from({ length: 4_500_000 }, (_, index) => index % 251);
  await cache.put(new Map([['tree 0', large]]));
  expect((await cache.get(['tree 0'])).get('tree 0')).toEqual(large);
  await cache.put(new Map([['huge', new Uint8Array(8_000_001)]]));
  expect(await held('huge')).toEqual([]);
  const ids = Array.from({ length: 9 }, (_, index) => `tree ${index}`);
  for (const id of ids) await cache.put(new Map([[id, large]]));
  expect(await held(...ids)).toEqual(ids.slice(1));
  wait(31 * DAY);
  await cache.put(new Map([['new', bytes('n')]]));
  expect(await held(...ids, 'new')).toEqual(['new']);
  expect(storage.sql.exec('SELECT count(*) AS n FROM parts').toArray()).toEqual([{ n: 0 }]);
});

test('what a version without parts has kept is found', async () => {
  const { storage } = openCache();
  storage.sql.exec('DROP TABLE parts');
  storage.sql.exec("INSERT INTO contents (id, bytes) VALUES ('old', x'6f')");
  storage.sql.exec("INSERT INTO uses (id, at) VALUES ('old', 0)");
  const found = await sqliteBlobCache(storage, () => 0).get(['old']);
  expect(found.get('old')).toEqual(bytes('o'));
});
