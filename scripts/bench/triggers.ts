/** What each trigger asks of GitHub, stores and costs, in the order in which a target lives through them. */
import { execFileSync } from 'node:child_process';
import { median, rounded } from './numbers.ts';
import { type Cost, setUp } from './stand.ts';

const PUSHED = 'ops/bindings/startup.sequencing.yaml';
const ROUNDS = 5;

/** What one kind of audit took: the median of CPU over some rounds, the rest of the last one. */
export interface TriggerCost {
  readonly requests: number;
  /** Requests that change something at GitHub. */
  readonly writes: number;
  readonly kilobytes: number;
  readonly cpuMs: number;
  readonly judged: number;
  readonly reused: number;
  /** Rows of SQLite that changed, and writes to KV. */
  readonly rowsWritten: number;
  readonly kvWrites: number;
}

export type Trigger = 'first audit' | 'same commit again' | 'night (clock moves)' | 'push of one binding';

/** Plays a target's life on a bare repository, which is pushed to. */
export async function byTrigger(
  gitDir: string,
  { now, runsScripts }: { readonly now: number; readonly runsScripts: boolean },
): Promise<Readonly<Record<Trigger, TriggerCost>>> {
  const text = execFileSync('git', [`--git-dir=${gitDir}`, 'show', `main:${PUSHED}`], { encoding: 'utf8' });
  const stand = await setUp({ gitDir, now, isApart: true, runsScripts, inbox: 'dry-run' });
  try {
    return {
      'first audit': costOf([await stand.night()]),
      'same commit again': await repeated(() => stand.again()),
      'night (clock moves)': await repeated(() => stand.night()),
      'push of one binding': await repeated((round) => stand.push({ [PUSHED]: `${text}# ${round}\n` })),
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
  const { requests, writes, bytes, rowsWritten, kvWrites } = last;
  return {
    requests: requests.length,
    writes,
    kilobytes: rounded(bytes / 1000),
    cpuMs: rounded(median(costs.map(({ cpu }) => cpu))),
    judged,
    reused,
    rowsWritten,
    kvWrites,
  };
}
