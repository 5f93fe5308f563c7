import type { Clock } from '../../../core/clock.ts';
import { HOUR, MINUTE } from '../../../core/durations.ts';
import type { FactRow } from '../../../core/facts.ts';
import { minuteInUtc } from '../../../core/instants.ts';
import type { Backup } from './backups.ts';
import type { Machine } from './machines.ts';
import { instant, text } from './posted.ts';

/** Clocks of hosts may differ by so many milliseconds. */
const CLOCK_SKEW = 10 * MINUTE;

/**
 * Archives of one machine at one place, newest first. One without a byte is being written, or failed. Where the file's name is known it has to be one
 * of the machine's type, since a container elsewhere may have the same number.
 */
export function archivesOf(machine: Machine, { host }: Backup, rows: readonly FactRow[]): readonly FactRow[] {
  const mine = rows.filter(
    (row) =>
      text(row, 'vmid') === machine.id &&
      text(row, 'host') === host &&
      row.bytes !== 0 &&
      `${text(row, 'file') || machine.archive?.start}`.startsWith(machine.archive?.start ?? ''),
  );
  const dated = mine.filter((row) => !Number.isNaN(instant(row, 'time')));
  return dated.toSorted((one, other) => instant(other, 'time') - instant(one, 'time'));
}

/** How the newest archive's size compares with that of the one before it of its kind, in percent; undefined where a size is not known. */
export function percentOfLast([newest, ...older]: readonly FactRow[]): number | undefined {
  const before = older.find(({ kind }) => kind === newest?.kind);
  const [bytes, was] = [newest?.bytes, before?.bytes];
  return typeof bytes === 'number' && typeof was === 'number' && was > 0 ? (bytes / was) * 100 : undefined;
}

/** Hours for which a backup counts as fresh; undefined where the inventory states no number. */
export function budgetOf({ budget }: Backup): number | undefined {
  const hours = Number(budget.or(''));
  return hours > 0 ? hours : undefined;
}

/**
 * What is wrong with the age of an archive that may be so many hours old, where that is known: `early` is dated later than clocks of hosts differ, so it cannot
 * have been made yet; `late` is older. Asks the clock, so that the verdict changes when the archive's age does.
 */
export function ageFault(archive: FactRow, hours: number | undefined, clock: Clock): 'early' | 'late' | undefined {
  const made = instant(archive, 'time');
  if (!clock.hasReached(made - CLOCK_SKEW)) return 'early';
  return hours !== undefined && clock.hasReached(made + hours * HOUR) ? 'late' : undefined;
}

/** When an archive was made, for messages; empty where there is none. */
export function madeAt(archive: FactRow | undefined): string {
  return archive ? minuteInUtc(instant(archive, 'time')) : '';
}
