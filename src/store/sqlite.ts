import type { BlobCache } from '../core/blob-cache.ts';
import { DAY } from '../core/durations.ts';
import type { Ledger } from '../core/ledger.ts';
import { upgradeLedger } from './ledger-migrations.ts';

/** The part of a Durable Object's storage that we use. */
export interface SqliteStorage {
  readonly sql: {
    exec(
      query: string,
      ...bindings: (string | number | ArrayBuffer | null)[]
    ): { toArray(): Record<string, unknown>[] };
  };
  transactionSync<T>(work: () => T): T;
}

/** SQLite in a Durable Object takes 2 MB a value. */
const MAX_PART = 500_000;
const MAX_BLOB = 1_900_000;
/** What takes several rows, as the list of a tree of 15,000 files does. Each commit has another one, so only the newest are kept; 8 MB are 60,000 files. */
const MOST_OF_LARGE = { bytes: 8_000_000, blobs: 8 };
/** SQLite takes 100 bound parameters a statement. */
const MAX_BINDINGS = 90;
const KEEP_BLOBS_MS = 30 * DAY;
/** A use is not noted again before that, since a night would write a row for each file that it reads. */
const NOTE_USES_MS = 7 * DAY;

/** A ledger in a Durable Object's SQLite, brought to the present version; long values are kept in parts. */
export function sqliteLedger(storage: SqliteStorage): Ledger {
  const { sql } = storage;
  sql.exec('CREATE TABLE IF NOT EXISTS ledger (key TEXT, part INTEGER, value TEXT, PRIMARY KEY (key, part))');
  const ledger: Ledger = {
    get(key) {
      const rows = sql.exec('SELECT value FROM ledger WHERE key = ? ORDER BY part', key).toArray();
      if (rows.length === 0) return undefined;
      return JSON.parse(rows.map(({ value }) => String(value)).join(''));
    },
    put(key, value) {
      const text = JSON.stringify(value);
      storage.transactionSync(() => {
        sql.exec('DELETE FROM ledger WHERE key = ?', key);
        for (const [part, piece] of partsOf(text).entries())
          sql.exec('INSERT INTO ledger (key, part, value) VALUES (?, ?, ?)', key, part, piece);
      });
    },
    delete(key) {
      sql.exec('DELETE FROM ledger WHERE key = ?', key);
    },
    keys(prefix) {
      const rows = sql.exec(
        'SELECT DISTINCT key FROM ledger WHERE substr(key, 1, ?) = ? ORDER BY key',
        prefix.length,
        prefix,
      );
      return rows.toArray().map(({ key }) => String(key));
    },
    transaction: (work) => storage.transactionSync(work),
  };
  upgradeLedger(ledger);
  return ledger;
}

/** A text in parts that SQLite takes, none of which ends within a character. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(start + MAX_PART - 1));
    const end = start + MAX_PART - (isSplit ? 1 : 0);
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

/** Blobs in a Durable Object's SQLite; what no audit has asked for in thirty days goes. When they were used stands apart, so that noting it does not write them again. */
export function sqliteBlobCache(storage: SqliteStorage, now: () => number): BlobCache {
  const { sql } = storage;
  // An earlier form, in which each use wrote the blob: what it held is fetched once more.
  sql.exec('DROP TABLE IF EXISTS blobs');
  sql.exec('CREATE TABLE IF NOT EXISTS contents (id TEXT PRIMARY KEY, bytes BLOB)');
  sql.exec('CREATE TABLE IF NOT EXISTS parts (id TEXT, part INTEGER, bytes BLOB, PRIMARY KEY (id, part))');
  sql.exec('CREATE TABLE IF NOT EXISTS uses (id TEXT PRIMARY KEY, at INTEGER)');
  sql.exec('CREATE INDEX IF NOT EXISTS uses_by_time ON uses (at)');
  /** A blob that is kept in parts. */
  const joined = (id: string): Uint8Array | undefined => {
    const [sum] = sql
      .exec('SELECT sum(length(bytes)) AS size, count(*) AS parts FROM parts WHERE id = ?', id)
      .toArray();
    const whole = new Uint8Array(Number(sum?.['size']));
    // One by one, so that it is not held twice.
    for (let part = 0; part < Number(sum?.['parts']); part++) {
      const [row] = sql.exec('SELECT bytes FROM parts WHERE id = ? AND part = ?', id, part).toArray();
      if (!(row?.['bytes'] instanceof ArrayBuffer)) return undefined;
      whole.set(new Uint8Array(row['bytes']), part * MAX_BLOB);
    }
    return whole;
  };
  const putInParts = (id: string, bytes: Uint8Array) => {
    sql.exec('DELETE FROM parts WHERE id = ?', id);
    for (let start = 0; start < bytes.length; start += MAX_BLOB) {
      const part = bytes.slice(start, start + MAX_BLOB).buffer;
      sql.exec('INSERT INTO parts (id, part, bytes) VALUES (?, ?, ?)', id, start / MAX_BLOB, part);
    }
  };
  return {
    async get(ids) {
      const found = new Map<string, Uint8Array>();
      for (let start = 0; start < ids.length; start += MAX_BINDINGS) {
        const some = ids.slice(start, start + MAX_BINDINGS);
        const marks = some.map(() => '?').join(',');
        const rows = sql.exec(`SELECT id, bytes FROM contents WHERE id IN (${marks})`, ...some).toArray();
        for (const { id, bytes } of rows)
          if (bytes instanceof ArrayBuffer) found.set(String(id), new Uint8Array(bytes));
        sql.exec(`UPDATE uses SET at = ? WHERE id IN (${marks}) AND at < ?`, now(), ...some, now() - NOTE_USES_MS);
        const large = sql.exec(`SELECT DISTINCT id FROM parts WHERE id IN (${marks})`, ...some).toArray();
        for (const { id } of large) {
          const whole = joined(String(id));
          if (whole) found.set(String(id), whole);
        }
      }
      return found;
    },
    async put(blobs) {
      storage.transactionSync(() => {
        for (const [id, bytes] of blobs) {
          if (bytes.length > MOST_OF_LARGE.bytes) continue;
          if (bytes.length > MAX_BLOB) putInParts(id, bytes);
          else {
            const copy = new Uint8Array(bytes).buffer;
            sql.exec('INSERT OR REPLACE INTO contents (id, bytes) VALUES (?, ?)', id, copy);
          }
          sql.exec('INSERT OR REPLACE INTO uses (id, at) VALUES (?, ?)', id, now());
        }
        const before = now() - KEEP_BLOBS_MS;
        sql.exec('DELETE FROM contents WHERE id IN (SELECT id FROM uses WHERE at < ?)', before);
        sql.exec('DELETE FROM uses WHERE at < ?', before);
        const newest = 'SELECT id FROM uses WHERE id IN (SELECT id FROM parts) ORDER BY at DESC, rowid DESC LIMIT ?';
        sql.exec(`DELETE FROM parts WHERE id NOT IN (${newest})`, MOST_OF_LARGE.blobs);
      });
    },
  };
}
