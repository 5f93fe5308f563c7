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
