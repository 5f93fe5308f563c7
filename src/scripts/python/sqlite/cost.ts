import type { SqliteDatabase } from './sql-js.ts';

/** A step of SQLite's program for a statement, as EXPLAIN lists it. */
interface Step {
  readonly at: number;
  readonly name: string;
  readonly jumpsTo: number;
}

const LOOPS = /^(?:Next|Prev|SorterNext|VNext)$/;
/** A subquery that is asked for row after row: its loop counts, wherever it stands. */
const SUBQUERY = 'InitCoroutine';

/**
 * How many steps a statement may take over tables of `rows` rows in all, at most: nothing can stop SQLite once it runs. Each loop may go
 * over all rows, as often as the loop around it. Needs a statement without WITH, since recursion has no such bound.
 */
export function mostSteps(database: SqliteDatabase, sql: string, rows: number): number {
  let depth = 0;
  for (const program of programsOf(database, sql)) depth += depthOf(program);
  return (rows + 1) ** depth;
}

/** The statement's own program, and those of what it sets off, such as ON DELETE CASCADE. */
function programsOf(database: SqliteDatabase, sql: string): readonly (readonly Step[])[] {
  const programs: Step[][] = [];
  const [listing] = database.exec(`EXPLAIN ${sql}`);
  for (const [at, name, , jumpsTo] of listing?.values ?? []) {
    if (Number(at) === 0) programs.push([]);
    programs.at(-1)?.push({ at: Number(at), name: String(name), jumpsTo: Number(jumpsTo) });
  }
  return programs;
}

function depthOf(program: readonly Step[]): number {
  const loops = program.filter(({ name, at, jumpsTo }) => LOOPS.test(name) && jumpsTo < at);
  let deepest = 0;
  for (const { at } of loops) {
    const around = loops.filter((loop) => loop.jumpsTo <= at && at <= loop.at);
    deepest = Math.max(deepest, around.length);
  }
  return deepest + program.filter(({ name }) => name === SUBQUERY).length;
}
