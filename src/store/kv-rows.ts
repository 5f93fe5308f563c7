import { z } from 'zod';
import { type Migration, NewerVersionError, renamed, upgrade } from './version.ts';

type Row = Readonly<Record<string, unknown>>;

/** Version 0 had no number, and the form of version 1. Version 2 speaks of histories, and of gates that newly fail. Every change of the form gets a migration here, and a fixture of the version before it. */
const AUDITS: readonly Migration<Row>[] = [(row) => row, (row) => renamed(row, 'standings', 'histories')];
const LINES: readonly Migration<Row>[] = [(row) => row, (row) => renamed(row, 'fresh', 'newlyFailing')];

const Row = z.looseObject({});

/** An audit as it is written to KV: with the version of its form. */
export function numberAudit<T extends object>(audit: T): T & { readonly schemaVersion: number } {
  return { schemaVersion: AUDITS.length, ...audit };
}

/** A line of metadata as it is written to KV; 1,024 bytes are few, so the version's name is short. */
export function numberLine<T extends object>(line: T): T & { readonly v: number } {
  return { v: LINES.length, ...line };
}

/** A stored audit of any version, in today's form but unchecked; null when it is no audit or of a newer version. */
export function upgradeAudit(stored: unknown, migrations = AUDITS): Row | null {
  return upgradeRow(stored, 'schemaVersion', migrations);
}

/** Stored metadata of any version, likewise. */
export function upgradeLine(stored: unknown, migrations = LINES): Row | null {
  return upgradeRow(stored, 'v', migrations);
}

/** The web reads what it can: a row that it cannot read is as good as none. */
function upgradeRow(stored: unknown, key: string, migrations: readonly Migration<Row>[]): Row | null {
  const row = Row.safeParse(stored).data;
  if (!row) return null;
  const { [key]: version, ...rest } = row;
  try {
    return upgrade<Row>(rest, version, migrations, 'A row');
  } catch (error) {
    if (error instanceof NewerVersionError || error instanceof z.ZodError) return null;
    throw error;
  }
}
