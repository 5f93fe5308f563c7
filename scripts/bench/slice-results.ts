/** What it took to run all scripts of a repo in workerd, as it is printed. */
import { SLICE } from '../../src/coordinator/read-or-reuse.ts';
import { rounded, sum } from './numbers.ts';
import { type Claim, printClaims, printRows } from './printed.ts';
import { HEAP_LIMIT, type Slices } from './slices.ts';

export interface SliceResults {
  /** Null where they were left out. */
  readonly slices: Slices | null;
  /** Why they were left out. */
  readonly noSlices: string | null;
}

/** Seconds of CPU after which Cloudflare ends an alarm. */
const MOST_CPU = 30;
/** Scripts that are named. */
const SLOWEST = 5;

/** Prints them alone; gives whether all holds. */
export function printSliceResults(repo: string, results: SliceResults): boolean {
  console.log(`\n${repo}`);
  printSlices(results);
  return results.noSlices === null && printClaims(sliceClaims(results));
}

/** Prints them, without what is claimed. */
export function printSlices({ slices, noSlices }: SliceResults): void {
  console.log("\nAll of the repo's own scripts in workerd with Python; seconds of CPU, of all threads, and megabytes");
  if (noSlices !== null) console.log(`  left out: ${noSlices}`);
  if (!slices) return;
  const { scripts, alarms, heap, alive, besideHeap, resident, outcome } = slices;
  const shown = scripts.slice(0, SLOWEST);
  printRows([
    ['ended', outcome],
    ['scripts', `${scripts.length}`],
    ['alarms', `${alarms.join(', ')}; ${rounded(sum(alarms))} in all`],
    ['slowest', shown.map(({ gate, cpu }) => `${gate} ${cpu}`).join(', ')],
    ['heap', `${heap} at most, garbage included; ${alive ?? 'nobody knows how much'} alive in the end`],
    ['beside the heap', `${besideHeap} at most: buffers and WebAssembly`],
    ['process', `${resident} at most`],
  ]);
}

/** None where they were left out. */
export function sliceClaims({ slices }: SliceResults): readonly Claim[] {
  if (!slices) return [];
  const { scripts, alarms, heap, outcome } = slices;
  const isWhole = outcome === 'audited' && scripts.length > 0;
  const longest = Math.max(0, ...alarms);
  const [slowestScript] = scripts;
  const atWorst = SLICE.milliseconds / 1000 + (slowestScript?.cpu ?? 0);
  return [
    [
      `all scripts run in workerd with ${HEAP_LIMIT} MB of heap`,
      isWhole && heap < HEAP_LIMIT,
      `${scripts.length} scripts, ${heap} MB`,
    ],
    [
      `no alarm of theirs takes ${MOST_CPU} s of CPU`,
      isWhole && longest < MOST_CPU,
      `${longest} s in ${alarms.length} alarms`,
    ],
    [
      'nor would one in which the slowest script comes last',
      isWhole && atWorst < MOST_CPU,
      `${rounded(atWorst)} s; ${slowestScript?.gate} takes ${slowestScript?.cpu}`,
    ],
  ];
}
