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

/** The newest results of gates, or the newest facts, that a runner reported. */
export interface Arrival {
  readonly kind: 'results' | 'facts';
  readonly runner: string;
  /** Milliseconds since the epoch at which they were true. */
  readonly at: number;
}

/** What machines reported, as a gate may ask for it. */
export interface ReportedFacts {
  /** Every host's newest table of this name, old ones included; empty where nobody ever posted one. */
  tables(name: string): readonly FactTable[];
  /** The newest of each kind that each runner reported for this repository; empty where nothing ever was. */
  readonly arrivals: readonly Arrival[];
  /** Milliseconds for which a table is believed. */
  readonly maxAge: number;
}

/** For so long what machines report is believed, unless a target says otherwise. */
export const RESULTS_MAX_AGE = 36 * HOUR;

/** Nobody reports anything. */
export const NO_REPORTED_FACTS: ReportedFacts = { tables: () => [], arrivals: [], maxAge: RESULTS_MAX_AGE };
