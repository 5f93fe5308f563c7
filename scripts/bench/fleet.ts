/** One cron for many targets, in workerd: each is audited once, and one that hangs or fails delays no other. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { fireCron } from '../../cli/demo/worker-process.ts';
import type { RequestRecord } from '../../simulator/request-log.ts';
import { createScratchRepository } from '../../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';
import { MINUTE, SECOND } from '../../src/core/durations.ts';
import { askBenchWorker, startBenchWorker } from './worker.ts';

/** GitHub answers nothing about the first, and 500 about the second. */
const HANGS = 'fleet/r0';
const FAILS = 'fleet/r1';
const LONGEST = 8 * MINUTE;
/** A fleet of which no audit has ended for so long stands still: retries come sooner. */
const STANDSTILL = 2 * MINUTE;
/** Requests are in flight for as long as this machine takes, which says nothing of GitHub's limit of a hundred at once. */
const LIMITS = { concurrent: Number.POSITIVE_INFINITY };
/** What GitHub says to wait after a secondary limit. */
const RETRY_AFTER = 60 * SECOND;

export interface FleetNight {
  readonly targets: number;
  /** Targets at which nothing is wrong. */
  readonly healthy: number;
  /** Of these, how many were audited, how many of them exactly once, and how many only when it was tried again: after an error, or after the tracker could not be read. */
  readonly audited: number;
  readonly once: number;
  readonly retried: number;
  /** From the cron to the last healthy target's report, or until nobody waited any longer. */
  readonly seconds: number;
  /** Whether audits still ended when nobody waited any longer: then the machine is too slow for so many, and nothing stands still. */
  readonly isUnfinished: boolean;
  readonly requests: number;
  /** Requests that GitHub refused because of its limits. */
  readonly refused: number;
  /** Requests about a target that came sooner after a refusal than GitHub said. */
  readonly impatient: number;
  /** Requests about the target that hangs. */
  readonly hanging: number;
}

const Audit = z.object({ outcome: z.string(), delivery: z.array(z.number()) });
const Targets = z.object({ targets: z.array(z.object({ repo: z.string(), latest: Audit.nullable() })) });
const Audits = z.object({ audits: z.array(Audit) });

/** Whether an audit came to its end: what it found is told as well, since of its writes none failed. */
function isWhole({ outcome, delivery }: z.infer<typeof Audit>): boolean {
  return outcome !== 'error' && delivery.at(-1) === 0;
}

/** A first night of so many small repos. They share one credential, with GitHub's limits an hour and a minute. */
export async function fleetNight(count: number): Promise<FleetNight> {
  // A thousand databases begin sooner where no disk is waited for.
  const memory = '/dev/shm';
  const scratch = await mkdtemp(join(existsSync(memory) ? memory : tmpdir(), 'lanekeeper-fleet-'));
  const repo = createScratchRepository();
  repo.commit({ 'compose.yaml': 'services: { web: { image: "nginx:1.27" } }\n', 'README.md': 'A small house.\n' });
  const names = Array.from({ length: count }, (_, index) => `r${index}`);
  const github = await startGitHubSimulator({
    repositories: names.map((name) => ({ owner: 'fleet', name, gitDir: repo.gitDir })),
    limits: LIMITS,
  });
  github.faults.add({ match: (request) => targetOf(request) === HANGS, kind: 'hang', times: Number.POSITIVE_INFINITY });
  github.faults.add({
    match: (request) => targetOf(request) === FAILS,
    kind: 'error-500',
    times: Number.POSITIVE_INFINITY,
  });
  const targets = names.map((name) => ({ repo: `fleet/${name}` }));
  const worker = await startBenchWorker(scratch, github, targets);
  try {
    return await measure(worker.url, github, count);
  } finally {
    await worker.close();
    github.faults.clear();
    await github.close();
    repo.remove();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function measure(url: string, github: GitHubSimulator, targets: number): Promise<FleetNight> {
  const began = Date.now();
  await fireCron(url, began);
  const healthy = targets - 2;
  let audited: readonly string[] = [];
  let lastEnded = began;
  while (audited.length < healthy && Date.now() - began < LONGEST) {
    // To list a large fleet is work for the Worker, too.
    await sleep(Math.max(SECOND, targets * 5));
    const { targets: rows } = Targets.parse(await askBenchWorker(`${url}/api/targets`));
    const ended = rows.flatMap(({ repo, latest }) => (latest && isWhole(latest) ? [repo] : []));
    if (ended.length > audited.length) lastEnded = Date.now();
    audited = ended;
  }
  const seconds = (Date.now() - began) / SECOND;
  const isUnfinished = audited.length < healthy && Date.now() - lastEnded < STANDSTILL;
  let [once, retried] = [0, 0];
  for (const repo of audited) {
    const { audits } = Audits.parse(await askBenchWorker(`${url}/api/repos/${repo}/audits?limit=5`));
    const whole = audits.filter(isWhole);
    if (whole.length === 1) once += 1;
    if (whole.length < audits.length) retried += 1;
  }
  const { requests } = github;
  return {
    targets,
    healthy,
    audited: audited.length,
    once,
    retried,
    seconds: Math.round(seconds),
    isUnfinished,
    requests: requests.length,
    refused: requests.filter(isRefusal).length,
    impatient: impatientIn(requests),
    hanging: requests.filter((request) => targetOf(request) === HANGS).length,
  };
}

/** Whom a request is about. */
function targetOf({ path, requestBody, body = requestBody }: Partial<RequestRecord> & { body?: unknown }): string {
  const [, name = ''] = /\/repos\/(fleet\/r\d+)\//.exec(path ?? '') ?? [];
  if (name !== '') return name;
  const [, number = ''] = /"(r\d+)"/.exec(JSON.stringify(body ?? '').replaceAll('\\"', '"')) ?? [];
  return number === '' ? '' : `fleet/${number}`;
}

function isRefusal({ status, fault }: RequestRecord): boolean {
  return fault === null && (status === 403 || status === 429);
}

function impatientIn(requests: readonly RequestRecord[]): number {
  const refusedAt = new Map<string, number>();
  let impatient = 0;
  for (const request of requests) {
    const target = targetOf(request);
    if (request.at < (refusedAt.get(target) ?? Number.NEGATIVE_INFINITY) + RETRY_AFTER) impatient += 1;
    if (isRefusal(request)) refusedAt.set(target, request.at);
  }
  return impatient;
}
