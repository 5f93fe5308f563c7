import type { Clock } from '../../core/clock.ts';
import type { Repo } from '../../core/repo.ts';
import type { Row } from '../tables/row.ts';
import type { Budget } from './budget.ts';

/** What expressions may ask of the world. */
export interface Host {
  readonly repo: Repo;
  readonly clock: Clock;
  rows(table: string): readonly Row[];
  /** The row of a table whose key, or whose part at `path`, is `text`. */
  lookup(table: string, path: string | undefined, text: string): Row | undefined;
}

/** Calls with the running evaluation's host and budget, and the expression as it is written. */
export type Guarded = <T>(call: (host: Host, budget: Budget, source: string) => T) => T;
