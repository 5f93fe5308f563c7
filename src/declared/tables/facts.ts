import type { Clock } from '../../core/clock.ts';
import type { FactRow, FactTable, ReportedFacts } from '../../core/facts.ts';
import type { Located } from '../../core/finding.ts';
import { minuteInUtc } from '../../core/instants.ts';
import type { Datum, Scalar } from '../formats/datum.ts';
import { NAMING, nameOfItem, type Row } from './row.ts';

/** What machines said, and the clock that says whether it is still believed. */
export interface FactsHost {
  readonly reported: ReportedFacts;
  readonly clock: Clock;
}

/** What a table of facts is made of. */
export interface PostedFacts {
  /** Whether any machine ever posted them. */
  readonly isPosted: boolean;
  readonly believed: readonly FactTable[];
  /** Machines whose table is too old, each with the reason. */
  readonly unread: readonly string[];
}

/** What names a row of facts before anything else does: every row of a machine has the same `host`. */
const NAMING_FACTS = ['vmid', 'certificate', 'pool', 'disk', ...NAMING];

/** The tables of this name that are young enough to be believed. Every gate asks for itself, so that its verdict is known to depend on them. */
export function postedFacts(name: string, { reported, clock }: FactsHost): PostedFacts {
  const all = reported.tables(name).toSorted((one, other) => (one.runner < other.runner ? -1 : 1));
  const isOld = ({ at }: FactTable) => clock.hasReached(at + reported.maxAge);
  const unread = all
    .filter(isOld)
    .map(({ runner, at }) => `the newest facts \`${name}\` of ${runner} are of ${minuteInUtc(at)}, too old to count`);
  return { isPosted: all.length > 0, believed: all.filter((table) => !isOld(table)), unread };
}

/** Rows of facts. They stand in no file: what is found in one points to where the table is declared. */
export function rowsOfFacts(tables: readonly FactTable[], key: string | undefined, declared: Located): readonly Row[] {
  return tables.flatMap(({ rows }) =>
    rows.map((row) => {
      const datum = datumOf(row);
      const name = nameOfItem(datum, key === undefined ? NAMING_FACTS : [key]);
      const { path } = declared.place;
      return { path, document: datum, datum, keys: [name], key: name, subject: name, at: () => declared };
    }),
  );
}

function datumOf(row: FactRow): Datum {
  const entries = Object.entries(row).map(([name, cell]): [string, Datum] => [
    name,
    { offset: 0, value: scalar(cell) },
  ]);
  return { offset: 0, value: new Map(entries) };
}

function scalar(cell: FactRow[string]): Scalar {
  return typeof cell === 'number' && Number.isSafeInteger(cell) ? BigInt(cell) : (cell ?? null);
}
