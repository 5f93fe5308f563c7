/** What we use of `sql.js`, which is SQLite compiled to WebAssembly. What SQLite refuses is an `Error` with its message. */
export interface Sqlite {
  readonly Database: new (bytes: Uint8Array | null) => SqliteDatabase;
}

export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  /** The statements of a script, each prepared when its turn comes. */
  iterateStatements(sql: string): Iterable<SqliteStatement>;
  exec(sql: string): readonly { readonly values: readonly (readonly SqliteValue[])[] }[];
  /** How many rows the last statement changed that changes some. */
  getRowsModified(): number;
  /** The file as it stands. Open transactions are undone. */
  export(): Uint8Array;
  close(): void;
}

export interface SqliteStatement {
  bind(values: readonly SqliteValue[]): boolean;
  step(): boolean;
  get(parameters: null, options: { readonly useBigInt: true }): readonly SqliteValue[];
  getColumnNames(): readonly string[];
  /** Its own text, without what follows it. */
  getSQL(): string;
  free(): boolean;
}

/** With `useBigInt`, numbers are those with a fraction, and whole ones are BigInts. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

/** Loads it over a module that is compiled already. */
export type LoadSqlite = (options: {
  instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): WebAssembly.Exports;
}) => Promise<Sqlite>;

export function loadSqlite(load: LoadSqlite, wasm: WebAssembly.Module): Promise<Sqlite> {
  return load({
    instantiateWasm(imports, receive) {
      const instance = new WebAssembly.Instance(wasm, imports);
      receive(instance);
      return instance.exports;
    },
  });
}
