import type { FactRow, FactTable } from '../../../core/facts.ts';
import type { Blind, GateContext, Remark } from '../../../core/gate.ts';

/** The believed rows of a table, and which hosts they tell of. */
export interface Posted {
  readonly rows: readonly FactRow[];
  /** Whether this host told of itself, even if it had nothing to list. */
  knows(host: string): boolean;
  /** Hosts that told of themselves once and no longer do: whatever is wrong there may still be. */
  readonly silent: readonly Blind[];
}

/**
 * The rows of a posted table that are young enough to be believed. Where nobody ever posted it the gate does not apply;
 * where every table is too old it is blind. A host is known by the runner's name or by the rows it posted.
 */
export function postedTable({ reported, clock }: GateContext, name: string): Posted | { readonly remark: Remark } {
  const all = reported.tables(name);
  if (all.length === 0) return { remark: { notApplicable: `no host posts the facts \`${name}\`` } };
  const believed = all.filter(({ at }) => !clock.hasReached(at + reported.maxAge));
  if (believed.length === 0) return { remark: { blind: `the newest facts \`${name}\` are ${lastOf(all)}` } };
  const rows = believed.flatMap((table) => table.rows);
  const hosts = new Set(believed.flatMap(hostsIn));
  const silent = all
    .filter((table) => !believed.includes(table) && hostsIn(table).some((host) => !hosts.has(host)))
    .map((table) => ({ blind: `the newest facts \`${name}\` of \`${table.runner}\` are ${lastOf([table])}` }));
  return { rows, knows: (host) => hosts.has(host), silent };
}

/** A field of a row as text; empty where it is absent. */
export function text(row: FactRow, field: string): string {
  return String(row[field] ?? '');
}

/** A field of a row as an instant (ms since the epoch); NaN where it is not one. */
export function instant(row: FactRow, field: string): number {
  return Date.parse(text(row, field));
}

/** The hosts that a table tells of: whoever posted it, or those of its rows where they name any. */
function hostsIn({ runner, rows }: FactTable): readonly string[] {
  return [runner, ...rows.map((row) => text(row, 'host')).filter((host) => host !== '')];
}

function lastOf(tables: readonly FactTable[]): string {
  const newest = Math.max(...tables.map(({ at }) => at));
  return `of ${new Date(newest).toISOString().slice(0, 16).replace('T', ' ')} UTC, too old to count`;
}
