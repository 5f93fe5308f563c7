/** What each trigger asks of GitHub, stores and costs, in the order in which a target lives through them. */
import { execFileSync } from 'node:child_process';
import { rounded } from './numbers.ts';
import { type Cost, setUp } from './stand.ts';

/** What is pushed to, where a repo has it; elsewhere its first YAML file. */
const PUSHED = 'ops/bindings/startup.sequencing.yaml';
/** On a busy machine few rounds are undisturbed. */
export const ROUNDS = 15;

/** What one kind of audit took: the least CPU of some rounds, the rest of the last one. */
export interface TriggerCost {
  readonly requests: number;
  /** GitHub's limits count these two apart. */
  readonly rest: number;
  readonly graphql: number;
  /** Requests that change something at GitHub. */
  readonly writes: number;
  readonly kilobytes: number;
  readonly cpuMs: number;
  readonly judged: number;
  readonly reused: number;
  /** Rows of SQLite that changed and alarms that were set; what SQLite holds afterwards. */
  readonly rowsWritten: number;
  readonly storedKB: number;
  readonly kvWrites: number;
  readonly kvKB: number;
}

export type Trigger = 'first audit' | 'same commit again' | 'night (clock moves)' | 'push of one binding';

/** Plays a target's life on a bare repository, which is pushed to. */
export async function byTrigger(
  gitDir: string,
  { now, runsScripts }: { readonly now: number; readonly runsScripts: boolean },
): Promise<Readonly<Record<Trigger, TriggerCost>>> {
  const git = (...args: string[]) =>
    execFileSync('git', [`--git-dir=${gitDir}`, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const paths = git('ls-tree', '-r', '-z', '--name-only', 'main').split('\0');
  const pushed = paths.find((path) => path === PUSHED) ?? paths.find((path) => /\.ya?ml$/.test(path));
  if (pushed === undefined) throw new Error('this repo has no YAML file that could be pushed to');
  const text = git('show', `main:${pushed}`);
  const stand = await setUp({ gitDir, now, isApart: true, runsScripts, inbox: 'dry-run' });
  try {
    return {
      'first audit': costOf([await stand.night()]),
      'same commit again': await repeated(() => stand.again()),
      'night (clock moves)': await repeated(() => stand.night()),
      'push of one binding': await repeated((round) => stand.push({ [pushed]: `${text}# ${round}\n` })),
    };
  } finally {
    await stand.close();
  }
}

async function repeated(work: (round: number) => Promise<Cost>): Promise<TriggerCost> {
  const costs: Cost[] = [];
  for (let round = 0; round < ROUNDS; round++) costs.push(await work(round));
  return costOf(costs);
}

function costOf(costs: readonly Cost[]): TriggerCost {
  const last = costs.at(-1);
  if (!last) throw new Error('nothing was measured');
  const { judged = 0, reused = 0 } = last.audit.work ?? {};
  const { requests, writes, bytes, rowsWritten, storedBytes, kvWrites, kvBytes } = last;
  return {
    requests: requests.length,
    rest: requests.filter(({ operation }) => operation !== 'graphql').length,
    graphql: requests.filter(({ operation }) => operation === 'graphql').length,
    writes,
    kilobytes: rounded(bytes / 1000),
    cpuMs: rounded(Math.min(...costs.map(({ cpu }) => cpu))),
    judged,
    reused,
    rowsWritten,
    storedKB: rounded(storedBytes / 1000, 0),
    kvWrites,
    kvKB: rounded(kvBytes / 1000, 0),
  };
}
