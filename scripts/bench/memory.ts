/** What a first audit holds in memory, in workerd: of the repo that is measured, of a large tree, and of one that is refused. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { fireCron, freePort } from '../../cli/demo/worker-process.ts';
import { createScratchRepository } from '../../simulator/scratch-repository.ts';
import { MINUTE } from '../../src/core/durations.ts';
import { startGitHubProcess } from './github-process.ts';
import { filesOf } from './growth.ts';
import { inspectHeap } from './heap.ts';
import { rounded } from './numbers.ts';
import { askBenchWorker, startBenchWorker } from './worker.ts';

const REPO = 'you/homelab';
const LONGEST = 5 * MINUTE;
const BETWEEN_LOOKS = 50;
const MEGABYTE = 1_000_000;

/** Megabytes that were alive, garbage aside. */
export interface Memory {
  readonly repo: string;
  /** The Worker's code, before any audit. */
  readonly before: number;
  /** At the look that found most. A look seldom falls into the middle of a gate. */
  readonly most: number;
  readonly after: number;
  readonly looks: number;
  readonly outcome: string;
  /** Why there was no audit. */
  readonly refusal: string | null;
}

const Targets = z.object({ targets: z.array(z.object({ latest: z.object({ id: z.string() }).nullable() })) });
const Audit = z.object({ report: z.object({ error: z.string().optional() }) });

/** The first audit of a bare repository's branch `main`, with our own gates. */
export async function memoryOf(repo: string, gitDir: string): Promise<Memory> {
  const scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-memory-'));
  const github = await startGitHubProcess({ repositories: [{ owner: 'you', name: 'homelab', gitDir }] });
  const inspectorPort = await freePort();
  const targets = [{ repo: REPO, scripts: 'off', inbox: 'dry-run' }];
  const worker = await startBenchWorker(scratch, github, targets, { inspectorPort });
  try {
    return { repo, ...(await watch(worker.url, inspectorPort)) };
  } finally {
    await worker.close();
    await github.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The same of a made tree of so many files. */
export async function memoryOfFiles(count: number): Promise<Memory> {
  const repo = createScratchRepository();
  try {
    repo.commit(filesOf(count));
    return await memoryOf(`${count.toLocaleString('en')} files`, repo.gitDir);
  } finally {
    repo.remove();
  }
}

async function watch(url: string, inspectorPort: number): Promise<Omit<Memory, 'repo'>> {
  const heap = await inspectHeap(inspectorPort);
  try {
    const before = await heap.alive();
    await fireCron(url, Date.now());
    const ended = auditOf(url);
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    ended.then(over, over);
    let [most, looks] = [before, 0];
    for (; !isOver; looks++) {
      most = Math.max(most, await heap.alive());
      await sleep(BETWEEN_LOOKS);
    }
    const { error } = (await ended).report;
    const inMegabytes = (bytes: number) => rounded(bytes / MEGABYTE, 0);
    return {
      before: inMegabytes(before),
      most: inMegabytes(most),
      after: inMegabytes(await heap.alive()),
      looks,
      outcome: error === undefined ? 'audited' : 'refused',
      refusal: error ?? null,
    };
  } finally {
    heap.close();
  }
}

/** Waits for the target's first audit. */
async function auditOf(url: string): Promise<z.infer<typeof Audit>> {
  for (const until = Date.now() + LONGEST; Date.now() < until; await sleep(500)) {
    const [target] = Targets.parse(await askBenchWorker(`${url}/api/targets`)).targets;
    if (target?.latest) return Audit.parse(await askBenchWorker(`${url}/api/repos/${REPO}/audits/${target.latest.id}`));
  }
  throw new Error('the audit came to no end');
}
