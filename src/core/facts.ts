/** What a machine says of itself: a small table with the moment it was true. */
export interface FactTable {
  /** Milliseconds since the epoch at which the rows were true. */
  readonly at: number;
  /** Who looked, for example `pve-home`. */
  readonly runner: string;
  readonly rows: readonly FactRow[];
}

/** One row of a table that a host posted. */
export type FactRow = Readonly<Record<string, string | number | boolean | null>>;
