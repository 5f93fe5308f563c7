import type { FactRow, FactTable } from '../../../core/facts.ts';
import type { GateContext, Remark } from '../../../core/gate.ts';
import { minuteInUtc } from '../../../core/instants.ts';

/** The believed rows of a table, and which hosts they tell of. */
export interface Posted {
  readonly rows: readonly FactRow[];
  /** Those of the newest table alone, for each host that several tell of. */
  readonly newest: readonly FactRow[];
  /** Why nothing is known of something on this host; undefined where the host told of itself, even if it had nothing to list. */
  silence(subject: string, host: string): string | undefined;
}

/**
 * The rows of a posted table that are young enough to be believed; undefined where there are none. Where nobody ever posted it the gate does not apply;
 * it is blind where a host told of itself once and no longer does: whatever is wrong there may still be.
 */
export function* postedTable({ reported, clock }: GateContext, name: string): Generator<Remark, Posted | undefined> {
  const all = reported.tables(name);
  if (all.length === 0) yield { notApplicable: `no host posts the facts \`${name}\`` };
  const believed = all.filter(({ at }) => !clock.hasReached(at + reported.maxAge));
  const rows = believed.flatMap((table) => table.rows);
  const hosts = new Set(believed.flatMap(hostsOf));
  for (const table of all.filter((each) => !believed.includes(each))) {
    const { runner } = table;
    const named = hostsIn(table.rows);
    const isToldByOthers = named.length > 0 && named.every((host) => hosts.has(host));
    if (!isToldByOthers) yield { blind: `the newest facts \`${name}\` of \`${runner}\` are ${ageOf(table)}` };
  }
  const newest = newestByHost(believed);
  if (believed.length === 0) return undefined;
  const silence = (subject: string, host: string) =>
    hosts.has(host) ? undefined : `${subject}: \`${host}\` posts no facts \`${name}\``;
  return { rows, newest, silence };
}

/** Those that facts tell of. What they say nothing about are parts that are not verified or, where they say nothing of anything, no verdict. */
export function* toldOf<T>(
  subjects: readonly T[],
  whyUnknown: (subject: T) => string | undefined,
): Generator<Remark, readonly T[]> {
  const told: T[] = [];
  const unknown = new Set<string>();
  for (const subject of subjects) {
    const why = whyUnknown(subject);
    if (why === undefined) told.push(subject);
    else unknown.add(why);
  }
  for (const part of unknown) yield told.length > 0 ? { unverified: part } : { blind: part };
  return told;
}

/** A field of a row as text; empty where it is absent. */
export function text(row: FactRow, field: string): string {
  return String(row[field] ?? '');
}

/** A field of a row as an instant (ms since the epoch); NaN where it is not one. */
export function instant(row: FactRow, field: string): number {
  return Date.parse(text(row, field));
}

function newestByHost(tables: readonly FactTable[]): readonly FactRow[] {
  const newest = new Map<string, FactTable>();
  for (const table of tables.toSorted((one, other) => one.at - other.at))
    for (const host of hostsOf(table)) newest.set(host, table);
  return tables.flatMap((table) => table.rows.filter((row) => newest.get(text(row, 'host') || table.runner) === table));
}

function hostsOf({ runner, rows }: FactTable): readonly string[] {
  return [runner, ...hostsIn(rows)];
}

function hostsIn(rows: readonly FactRow[]): readonly string[] {
  return rows.map((row) => text(row, 'host')).filter((host) => host !== '');
}

function ageOf({ at }: FactTable): string {
  return `of ${minuteInUtc(at)}, too old to count`;
}
