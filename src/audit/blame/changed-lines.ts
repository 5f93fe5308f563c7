import type { ChangedLine } from '../../core/broken-by.ts';
import type { Finding } from '../../core/finding.ts';
import { Unavailable } from '../../core/signals.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { withExcerpt } from '../excerpt.ts';
import { SnapshotReader } from '../read/reader.ts';

/** More lines than these are read at GitHub. */
export const MOST_LINES = 6;
/** Findings whose files are looked at. */
const MOST_FILES = 3;
/** Longer stretches of changed lines are not compared line by line: their ends are known. */
const MOST_COMPARED = 400;

interface Side {
  readonly change: ChangedLine['change'];
  readonly line: number;
}

/**
 * The lines that changed between two states where findings stand, masked as excerpts are: those nearest to each finding, few in all.
 * A finding without a line stands for its whole file. Throws `SnapshotError`.
 */
export async function changedLines(
  before: Snapshot,
  after: Snapshot,
  findings: readonly Finding[],
): Promise<readonly ChangedLine[]> {
  const here = findings.filter((finding) => finding.repo === 'target' && finding.path !== null);
  const byPath = Map.groupBy(here, ({ path }) => path ?? '');
  const changed = [...byPath].filter(([path]) => idIn(before, path) !== idIn(after, path)).slice(0, MOST_FILES);
  const paths = changed.map(([path]) => path);
  const [old, current] = [await readerOf(before, paths), await readerOf(after, paths)];
  const lines = changed.flatMap(([path, those]) => {
    const [first] = those;
    if (!first || isMoved(path, before, after)) return [];
    const sides = compareLines(linesIn(old, path), linesIn(current, path));
    return nearest(sides, those).map(({ change, line }): ChangedLine => {
      const { excerpt = '' } = withExcerpt({ ...first, path, line }, change === 'removed' ? old : current);
      return { path, line, change, text: excerpt };
    });
  });
  return lines.filter(({ text }) => text.trim() !== '').slice(0, MOST_LINES);
}

function idIn({ entries }: Snapshot, path: string): string | null | undefined {
  return entries.get(path)?.sha;
}

/** Whether the file was there before, as it is, under another name that is gone. */
function isMoved(path: string, before: Snapshot, after: Snapshot): boolean {
  const id = idIn(after, path);
  if (!id || before.entries.has(path)) return false;
  return [...before.entries].some(([other, { sha }]) => sha === id && !after.entries.has(other));
}

async function readerOf(snapshot: Snapshot, paths: readonly string[]): Promise<SnapshotReader> {
  const reader = new SnapshotReader('target', snapshot);
  for (const path of paths) reader.want(path);
  await reader.fetchMissing();
  return reader;
}

function linesIn(reader: SnapshotReader, path: string): readonly string[] {
  if (!reader.snapshot.entries.has(path)) return [];
  try {
    return reader.lines(path).map(({ text }) => text);
  } catch (error) {
    if (error instanceof Unavailable) return [];
    throw error;
  }
}

/** What was taken out and put in, in the order of the files: between equal beginnings and ends, the longest common part stays. */
function compareLines(old: readonly string[], current: readonly string[]): readonly Side[] {
  let start = 0;
  while (start < old.length && start < current.length && old[start] === current[start]) start++;
  let end = 0;
  const most = Math.min(old.length, current.length) - start;
  while (end < most && old[old.length - 1 - end] === current[current.length - 1 - end]) end++;
  const [taken, put] = [old.slice(start, old.length - end), current.slice(start, current.length - end)];
  const isKept = taken.length <= MOST_COMPARED && put.length <= MOST_COMPARED ? commonLines(taken, put) : NOTHING_KEPT;
  const removed = taken.flatMap((_, index): Side[] =>
    isKept.old.has(index) ? [] : [{ change: 'removed', line: start + index + 1 }],
  );
  const added = put.flatMap((_, index): Side[] =>
    isKept.current.has(index) ? [] : [{ change: 'added', line: start + index + 1 }],
  );
  return [...removed, ...added];
}

const NOTHING_KEPT = { old: new Set<number>(), current: new Set<number>() };

/** Indexes of a longest common subsequence of lines on both sides. */
function commonLines(old: readonly string[], current: readonly string[]) {
  const width = current.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--)
    for (let column = current.length - 1; column >= 0; column--) {
      const isSame = old[row] === current[column];
      lengths[row * width + column] = isSame
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  const kept = { old: new Set<number>(), current: new Set<number>() };
  for (let row = 0, column = 0; row < old.length && column < current.length; ) {
    if (old[row] === current[column]) {
      kept.old.add(row++);
      kept.current.add(column++);
    } else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return kept;
}

/** The changed lines nearest to the findings, in the order of the file, what was taken out before what was put in. */
function nearest(sides: readonly Side[], findings: readonly Finding[]): readonly Side[] {
  const places = findings.flatMap(({ line }) => (line === null ? [] : [line]));
  const distance = ({ line }: Side) =>
    places.length === 0 ? 0 : Math.min(...places.map((place) => Math.abs(place - line)));
  const chosen = new Set(sides.toSorted((one, other) => distance(one) - distance(other)).slice(0, MOST_LINES));
  return sides.filter((side) => chosen.has(side));
}
