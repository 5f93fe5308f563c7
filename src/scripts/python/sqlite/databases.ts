import { bytesOfHex, hexOf } from '../../../core/hex.ts';
import { LimitReached } from '../../shell/signals.ts';
import { mostSteps } from './cost.ts';
import type { Sqlite, SqliteDatabase, SqliteValue } from './sql-js.ts';
import { needsInSql } from './sql-needs.ts';

/** What `packages/sqlite3` asks for. Bytes are in hex, databases go by numbers. */
export type DatabaseQuestion = { readonly number: number } & (
  | { readonly does: 'open'; readonly bytes: string }
  | { readonly does: 'run'; readonly sql: string; readonly values: readonly Told[]; readonly begins: boolean }
  | { readonly does: 'script'; readonly sql: string }
  | { readonly does: 'state' }
  | { readonly does: 'close' }
);

/** A value as JSON has it: what would lose its kind there says it. */
type Told = null | number | string | { readonly i: string } | { readonly f: string } | { readonly b: string };

export type DatabaseAnswer = Readonly<Record<string, unknown>> | { readonly error: string };

interface OpenDatabase {
  readonly sqlite: SqliteDatabase;
  readonly before: string;
  /** Rows in all tables when it was opened. */
  readonly rows: number;
}

/** As many steps take some seconds. */
const MOST_STEPS = 20_000_000;
const MOST_MEMORY = 16 * 1024 * 1024;
const LONGEST_ANSWER = 4_000_000;

/** The databases that one run of a program has open. Nothing outlives the run: files are the program's to read and to write. */
export class Databases {
  readonly #library: Sqlite;
  readonly #needs: (what: string) => void;
  readonly #open = new Map<number, OpenDatabase>();
  #steps = 0;

  constructor(library: Sqlite, needs: (what: string) => void) {
    this.#library = library;
    this.#needs = needs;
  }

  /** Answers one question; what SQLite refuses is an answer too. Throws `LimitReached`. */
  answer(question: DatabaseQuestion): DatabaseAnswer {
    try {
      if (question.does === 'open') return this.#opens(question.number, question.bytes);
      const database = this.#open.get(question.number);
      if (!database) throw new Error('no such database is open');
      if (question.does === 'state') return { isInTransaction: isInTransaction(database.sqlite) };
      if (question.does === 'close') return this.#closes(question.number, database);
      if (question.does === 'script') return this.#runsScript(database, question.sql);
      return this.#runs(database, question);
    } catch (error) {
      if (error instanceof LimitReached || !(error instanceof Error)) throw error;
      if (error.message === 'out of memory') throw new LimitReached('memory: more than databases may have');
      return { error: error.message };
    }
  }

  /** Ends what the program has left open. */
  closeAll(): void {
    for (const { sqlite } of this.#open.values()) sqlite.close();
    this.#open.clear();
  }

  #opens(number: number, hex: string): DatabaseAnswer {
    const bytes = bytesOfHex(hex);
    const sqlite = new this.#library.Database(bytes.length === 0 ? null : bytes);
    const database = { sqlite, before: hex, rows: 0 };
    this.#open.set(number, database);
    sqlite.exec(`PRAGMA hard_heap_limit=${MOST_MEMORY}`);
    if (bytes.length === 0) return {};
    // A file that is no database is opened all the same; whoever asks something of it hears of that.
    const tables = attempt(() => valuesOf(sqlite, "SELECT name FROM sqlite_master WHERE type = 'table'"));
    if (!tables) return {};
    for (const sql of valuesOf(sqlite, 'SELECT sql FROM sqlite_master')) this.#note(String(sql ?? ''));
    let rows = 0;
    for (const name of tables) rows += Number(valuesOf(sqlite, `SELECT count(*) FROM "${String(name)}"`)[0]);
    this.#open.set(number, { ...database, rows });
    return {};
  }

  #closes(number: number, { sqlite, before }: OpenDatabase): DatabaseAnswer {
    const after = hexOf(sqlite.export());
    sqlite.close();
    this.#open.delete(number);
    return { bytes: after === before ? null : after };
  }

  #runsScript(database: OpenDatabase, sql: string): DatabaseAnswer {
    for (const statement of database.sqlite.iterateStatements(sql)) {
      this.#bounds(database, statement.getSQL());
      while (statement.step());
    }
    return {};
  }

  #runs(database: OpenDatabase, { sql, values, begins }: Extract<DatabaseQuestion, { does: 'run' }>): DatabaseAnswer {
    const { sqlite } = database;
    const nothing = { columns: [], rows: [], changes: 0, last: '0', more: false };
    if (withoutComments(sql) === '') return nothing;
    const statement = sqlite.prepare(sql);
    try {
      // SQLite takes the first statement of several.
      if (withoutComments(sql.slice(statement.getSQL().length)) !== '') return { ...nothing, more: true };
      this.#bounds(database, statement.getSQL());
      if (begins && !isInTransaction(sqlite)) sqlite.exec('BEGIN');
      statement.bind(values.map(boundOf));
      const rows: Told[][] = [];
      let told = 0;
      while (statement.step()) {
        const row = statement.get(null, { useBigInt: true }).map(tell);
        told += JSON.stringify(row).length;
        if (told > LONGEST_ANSWER) throw new LimitReached('memory: a longer answer than a database may give');
        rows.push(row);
      }
      const columns = statement.getColumnNames();
      const changes = sqlite.getRowsModified();
      return { columns, rows, changes, last: String(valuesOf(sqlite, 'SELECT last_insert_rowid()')[0]), more: false };
    } finally {
      statement.free();
    }
  }

  /** Hears what a statement asks for, and throws where it may take too long. */
  #bounds({ sqlite, rows }: OpenDatabase, sql: string): void {
    this.#note(sql);
    const written = Number(valuesOf(sqlite, 'SELECT total_changes()')[0]);
    this.#steps += mostSteps(sqlite, sql, rows + written);
    if (this.#steps > MOST_STEPS) throw new LimitReached('more work than a database may take');
  }

  #note(sql: string): void {
    for (const need of needsInSql(sql)) this.#needs(need);
  }
}

/** sql.js does not tell; a transaction in a transaction is refused, and one that was only begun changes nothing. */
function isInTransaction(sqlite: SqliteDatabase): boolean {
  const begun = attempt(() => sqlite.exec('BEGIN'));
  if (begun) sqlite.exec('ROLLBACK');
  return !begun;
}

function attempt<Result>(what: () => Result): Result | null {
  try {
    return what();
  } catch {
    return null;
  }
}

function valuesOf(sqlite: SqliteDatabase, sql: string): readonly SqliteValue[] {
  const [answer] = sqlite.exec(sql);
  return (answer?.values ?? []).map(([value]) => value ?? null);
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|;/g, '').trim();
}

function boundOf(value: Told): SqliteValue {
  if (value === null || typeof value !== 'object') return value;
  if ('b' in value) return bytesOfHex(value.b);
  return 'i' in value ? BigInt(value.i) : Number(value.f);
}

function tell(value: SqliteValue): Told {
  if (typeof value === 'bigint') return { i: String(value) };
  if (typeof value === 'number') return { f: String(value) };
  return value instanceof Uint8Array ? { b: hexOf(value) } : value;
}
