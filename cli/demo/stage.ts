import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';
import type { FactRow } from '../../src/core/facts.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { resultsKey, signResults } from '../../src/reported/hmac.ts';
import { serveGitHubPages } from './github-pages.ts';
import { askWorker, fireCron, startWorker } from './worker-process.ts';

/** Opens the demo's dashboard; it is worth nothing elsewhere. */
export const TOKEN = 'demo-token-for-this-machine-only';
/** What results keys are made from. */
const RESULTS_SECRET = 'demo-secret-of-results-keys';
/** The past is replayed in seconds; GitHub allows no more. */
const WRITES_PER_MINUTE = '80';

export interface Scene {
  /** `owner/name` of the audited repository. */
  readonly name: string;
  readonly branch: string;
  readonly repositories: readonly { owner: string; name: string; gitDir: string; defaultBranch: string }[];
  readonly siblings: Readonly<Record<string, { repo: string; branch: string }>>;
}

/** The Worker in workerd, audited repo and GitHub on this machine. */
export interface Stage {
  readonly scene: Scene;
  readonly simulator: GitHubSimulator;
  /** Where the Worker answers. */
  readonly url: string;
  /** Where the stand-in for GitHub's pages answers. */
  readonly pagesUrl: string;
  close(): Promise<void>;
}

const Latest = z.object({ id: z.string() }).loose();

/** Starts the simulator and `wrangler dev`, with its state in `scratch`. */
export async function raiseStage(
  scene: Scene,
  scratch: string,
  options: { readonly public?: string } = {},
): Promise<Stage> {
  const simulator = await startGitHubSimulator({ repositories: [...scene.repositories] });
  const named = scene.repositories.map(({ owner, name, gitDir }) => ({ name: `${owner}/${name}`, gitDir }));
  const pages = await serveGitHubPages(named, simulator);
  const { name: repo, branch, siblings } = scene;
  const target = { repo, branch, siblings, inbox: 'on', status: true, ...options };
  const worker = await startWorker(join(scratch, 'state'), (url) => ({
    GITHUB_API_URL: simulator.url,
    GITHUB_WEB_URL: pages.url,
    GITHUB_TOKEN: simulator.token,
    DASHBOARD_URL: url,
    DASHBOARD_TOKEN: TOKEN,
    WEBHOOK_SECRET: 'demo-secret-for-this-machine',
    RESULTS_SECRET,
    WRITES_PER_MINUTE,
    TARGETS: JSON.stringify({ targets: [target] }),
  }));
  return {
    scene,
    simulator,
    url: worker.url,
    pagesUrl: pages.url,
    async close() {
      await worker.close();
      await pages.close();
      await simulator.close();
    },
  };
}

/** Fires the cron with the night's time and waits for its audit. */
export async function playNight(stage: Stage, time: number): Promise<StoredAudit> {
  const before = (await latestAudit(stage))?.id;
  await fireCron(stage.url, time);
  for (;;) {
    const audit = await latestAudit(stage);
    if (audit && audit.id !== before) return audit;
    await sleep(100);
  }
}

/** Posts tables as a machine would, signed with the repository's results key. Throws where the Worker refuses them. */
export async function postFacts(
  { url, scene }: Stage,
  runner: string,
  tables: Readonly<Record<string, readonly FactRow[]>>,
): Promise<void> {
  const at = new Date().toISOString();
  const facts = Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, { at, rows }]));
  const body = JSON.stringify({ schemaVersion: 1, sha: null, at, runner, results: [], facts });
  const signature = await signResults(await resultsKey(RESULTS_SECRET, scene.name, 1), body, Date.now());
  const headers = { 'content-type': 'application/json', 'x-lanekeeper-signature': signature };
  const answer = await fetch(`${url}/api/repos/${scene.name}/results`, { method: 'POST', body, headers });
  if (!answer.ok) throw new Error(`The Worker refused the facts of ${runner}: ${await answer.text()}`);
}

/** The audit that the dashboard shows. */
export async function latestAudit({ url, scene }: Stage): Promise<StoredAudit | undefined> {
  const answer = await askWorker(`${url}/api/repos/${scene.name}/latest`, { authorization: `Bearer ${TOKEN}` });
  // Our own Worker's answer, stored by our own coordinator.
  return answer.ok ? (Latest.parse(await answer.json()) as unknown as StoredAudit) : undefined;
}
