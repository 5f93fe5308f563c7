/** Every registered script in workerd, in slices: what each alarm and each script takes, and what the heap holds. */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fireCron, freePort, type WorkerProcess } from '../../cli/demo/worker-process.ts';
import { MINUTE } from '../../src/core/durations.ts';
import { changeScripts } from './changed-scripts.ts';
import { startGitHubProcess } from './github-process.ts';
import { type HeapInspector, inspectHeap } from './heap.ts';
import { rounded } from './numbers.ts';
import { cpuSecondsOf, mostResidentOf, processesBelow, whyNoProcessCost } from './process-cost.ts';
import { SliceAccount } from './slice-account.ts';
import { startBenchWorker } from './worker.ts';

const REPO = 'you/homelab';
const MAIN = 'src/worker-with-python.ts';
/** Megabytes of heap at which V8 gives up. */
export const HEAP_LIMIT = 100;
const MEGABYTE = 1_000_000;
const LONGEST = 30 * MINUTE;
const BETWEEN_LOOKS = 100;

/** What it took to run all scripts of a repo. CPU in seconds, of all threads of workerd; memory in megabytes. */
export interface Slices {
  /** The slowest first. */
  readonly scripts: readonly { readonly gate: string; readonly cpu: number }[];
  /** CPU of each alarm. */
  readonly alarms: readonly number[];
  /** At the look that found most, garbage included. A look seldom falls into the middle of a script. */
  readonly heap: number;
  /** What was alive in the end; null where nobody could be asked. */
  readonly alive: number | null;
  /** Buffers and WebAssembly's memory, at the look that found most. */
  readonly besideHeap: number;
  /** Of the process. */
  readonly resident: number;
  /** How it ended: with an audit, or why not. */
  readonly outcome: string;
}

/** Why scripts are not run in workerd; null where they can be. */
export function whyNoSlices({ reference, quick }: { readonly reference: string | undefined; readonly quick: boolean }) {
  if (quick) return 'they take minutes, and --quick was asked for';
  if (reference === undefined) return 'those of the sample repo check nothing; --reference names another repo';
  return whyNoProcessCost();
}

/** Has every registered script of a bare repository's branch `main` run in the Worker with Python. The branch is changed. */
export async function runSlices(gitDir: string, now: number): Promise<Slices> {
  const gates = await changeScripts(gitDir, now);
  const scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-slices-'));
  const github = await startGitHubProcess({ repositories: [{ owner: 'you', name: 'homelab', gitDir }] });
  const inspectorPort = await freePort();
  const targets = [{ repo: REPO, trust_scripts: true, inbox: 'dry-run' }];
  const options = { inspectorPort, main: MAIN, heapLimit: HEAP_LIMIT, change: tellOfScripts };
  const worker = await startBenchWorker(scratch, github, targets, options);
  try {
    return await watch(worker, inspectorPort, gates);
  } finally {
    await worker.close();
    await github.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Puts a runner around the Worker's own that logs where a script begins and ends. */
async function tellOfScripts(project: string): Promise<void> {
  const folder = join(project, 'src/scripts');
  await rename(join(folder, 'runner.ts'), join(folder, 'runner-itself.ts'));
  await writeFile(
    join(folder, 'runner.ts'),
    `import { runnerFor as itself } from './runner-itself.ts';

export function runnerFor(...given: Parameters<typeof itself>): ReturnType<typeof itself> {
  const run = itself(...given);
  return async (script) => {
    console.log(JSON.stringify({ message: 'script begins', script }));
    const answer = await run(script);
    console.log(JSON.stringify({ message: 'script ends', script }));
    return answer;
  };
}
`,
  );
}

async function watch(
  { url, pid }: WorkerProcess,
  inspectorPort: number,
  gates: ReadonlyMap<string, string>,
): Promise<Slices> {
  const processes = processesBelow(pid, 'workerd');
  const heap = await inspectHeap(inspectorPort);
  const account = new SliceAccount(() => cpuSecondsOf(processes));
  try {
    await heap.listen((line) => account.hear(line));
    await fireCron(url, Date.now());
    const most = await lookUntilOver(heap, account, processes);
    const scripts = [...account.scripts].map(([script, cpu]) => ({
      gate: gates.get(script) ?? script,
      cpu: rounded(cpu, 2),
    }));
    return {
      scripts: scripts.sort((one, other) => other.cpu - one.cpu),
      alarms: account.alarms.map((cpu) => rounded(cpu)),
      ...most,
      alive: account.outcome === null ? null : inMegabytes(await heap.alive()),
      outcome: account.outcome ?? 'workerd ended',
    };
  } finally {
    heap.close();
  }
}

/** Looks at the memory until the audit is over, or workerd has ended. */
async function lookUntilOver(
  heap: HeapInspector,
  account: SliceAccount,
  processes: readonly number[],
): Promise<Pick<Slices, 'heap' | 'besideHeap' | 'resident'>> {
  const most = { heap: 0, besideHeap: 0, resident: 0 };
  const look = async () => {
    const usage = await heap.usage();
    most.heap = Math.max(most.heap, inMegabytes(usage.heap));
    most.besideHeap = Math.max(most.besideHeap, inMegabytes(usage.beside));
  };
  for (const until = Date.now() + LONGEST; account.outcome === null; await sleep(BETWEEN_LOOKS)) {
    if (Date.now() > until) throw new Error('the scripts came to no end');
    const resident = mostResidentOf(processes);
    if (resident === null) break;
    most.resident = inMegabytes(resident);
    // While the Worker computes it does not answer, and after its end never.
    await Promise.race([look(), sleep(10 * BETWEEN_LOOKS)]);
  }
  return most;
}

function inMegabytes(bytes: number): number {
  return rounded(bytes / MEGABYTE, 0);
}
