/** What processes have used so far, as Linux tells it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Of one processor, in a second. */
const TICKS = 100;

/** Why it cannot be told; null where it can. */
export function whyNoProcessCost(): string | null {
  return existsSync('/proc/self/stat') ? null : 'this machine does not tell what processes use as Linux does (/proc)';
}

/** The processes of one program that run below another process. */
export function processesBelow(pid: number, program: string): readonly number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [own = '', parent = '', ...name] = line.trim().split(/\s+/);
      return { pid: Number(own), parent: Number(parent), name: name.join(' ') };
    });
  const below = new Set([pid]);
  // A child may be listed before its parent.
  for (let size = 0; size !== below.size; ) {
    size = below.size;
    for (const each of all) if (below.has(each.parent)) below.add(each.pid);
  }
  return all.filter(({ pid: own, name }) => below.has(own) && name === program).map(({ pid: own }) => own);
}

/** Seconds of CPU so far, of all threads. One that has ended counts no more. */
export function cpuSecondsOf(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    // The name of the program, in brackets, may hold anything.
    const fields = told(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }
  return ticks / TICKS;
}

/** The most bytes that one of them has had in memory; null once one of them has ended. */
export function mostResidentOf(pids: readonly number[]): number | null {
  let most = 0;
  for (const pid of pids) {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(told(pid, 'status'))?.[1];
    if (kilobytes === undefined) return null;
    most = Math.max(most, Number(kilobytes) * 1024);
  }
  return most;
}

/** Empty where the process has ended. */
function told(pid: number, file: 'stat' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
