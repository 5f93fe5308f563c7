import { HOUR } from './durations.ts';

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

/** What machines reported, as a gate may ask for it. */
export interface ReportedFacts {
  /** Every host's newest table of this name, old ones included; empty where nobody ever posted one. */
  tables(name: string): readonly FactTable[];
  /** When (ms since the epoch) anything was last reported for this repository; null where nothing ever was. */
  readonly lastArrival: number | null;
  /** Milliseconds for which a table is believed. */
  readonly maxAge: number;
}

/** For so long what machines report is believed, unless a target says otherwise. */
export const RESULTS_MAX_AGE = 36 * HOUR;

/** Nobody reports anything. */
export const NO_REPORTED_FACTS: ReportedFacts = { tables: () => [], lastArrival: null, maxAge: RESULTS_MAX_AGE };
