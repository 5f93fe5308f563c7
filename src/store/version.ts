import { z } from 'zod';

/** Brings what a version stored to the form of the next one. */
export type Migration<T> = (stored: T) => T;

const Version = z.int().nonnegative();

/** What is stored was written by a newer Lanekeeper than this one. */
export class NewerVersionError extends Error {
  override readonly name = 'NewerVersionError';
}

/**
 * Applies what is missing. `migrations[n]` brings version n to n + 1, so their number is the present version;
 * what carries no number is version 0. Throws `NewerVersionError`.
 */
export function upgrade<T>(stored: T, version: unknown, migrations: readonly Migration<T>[], what: string): T {
  const from = Version.parse(version ?? 0);
  if (from > migrations.length) {
    const remedy = 'deploy that version or a newer one; nothing was changed';
    throw new NewerVersionError(`${what} is of version ${from}, this Lanekeeper knows ${migrations.length}: ${remedy}`);
  }
  return migrations.slice(from).reduce((value, migrate) => migrate(value), stored);
}

/** A row with one key under another name; the same row where it has no such key. */
export function renamed(row: Readonly<Record<string, unknown>>, from: string, to: string): Record<string, unknown> {
  const { [from]: value, ...rest } = row;
  return value === undefined ? rest : { ...rest, [to]: value };
}
