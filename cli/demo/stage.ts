import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';
import type { FactRow } from '../../src/core/facts.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { resultsKey, signResults } from '../../src/reported/hmac.ts';
import { serveGitHubPages } from './github-pages.ts';

/** Opens the demo's dashboard; it is worth nothing elsewhere. */
export const TOKEN = 'demo-token-for-this-machine-only';
/** What results keys are made from. */
const RESULTS_SECRET = 'demo-secret-of-results-keys';
const PROJECT = join(import.meta.dirname, '../..');
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
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { name: repo, branch, siblings } = scene;
  const target = { repo, branch, siblings, inbox: 'on', status: true, ...options };
  const worker = spawnWorker(port, join(scratch, 'state'), {
    GITHUB_API_URL: simulator.url,
    GITHUB_WEB_URL: pages.url,
    GITHUB_TOKEN: simulator.token,
    DASHBOARD_URL: url,
    DASHBOARD_TOKEN: TOKEN,
    WEBHOOK_SECRET: 'demo-secret-for-this-machine',
    RESULTS_SECRET,
    WRITES_PER_MINUTE,
    TARGETS: JSON.stringify({ targets: [target] }),
  });
  await Promise.race([worker.ended, untilAnswering(`${url}/healthz`)]);
  return {
    scene,
    simulator,
    url,
    pagesUrl: pages.url,
    async close() {
      worker.stop();
      await worker.ended.catch(() => {});
      await pages.close();
      await simulator.close();
    },
  };
}

/** Fires the cron with the night's time and waits for its audit. */
export async function playNight(stage: Stage, time: number): Promise<StoredAudit> {
  const before = (await latestAudit(stage))?.id;
  await ask(`${stage.url}/cdn-cgi/handler/scheduled?cron=17+4+*+*+*&time=${time}`);
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
  const answer = await ask(`${url}/api/repos/${scene.name}/latest`, { authorization: `Bearer ${TOKEN}` });
  // Our own Worker's answer, stored by our own coordinator.
  return answer.ok ? (Latest.parse(await answer.json()) as unknown as StoredAudit) : undefined;
}

/** Asks the Worker; a connection that it closed in the same moment is opened anew. */
async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetch(url, { headers });
    } catch (error) {
      if (attempt === 5) throw error;
      await sleep(100 * attempt);
    }
  }
}

function spawnWorker(port: number, state: string, variables: Readonly<Record<string, string>>) {
  const wrangler = join(PROJECT, 'node_modules/wrangler/bin/wrangler.js');
  const settings = Object.entries(variables).flatMap(([key, value]) => ['--var', `${key}:${value}`]);
  const places = ['--port', String(port), '--ip', '127.0.0.1', '--inspector-port', '0', '--persist-to', state];
  const environment = {
    ...process.env,
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    NO_COLOR: '1',
  };
  const child = spawn(process.execPath, [wrangler, 'dev', ...places, '--log-level', 'error', ...settings], {
    cwd: PROJECT,
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the Worker ended (${code})`)));
  });
  ended.catch(() => {});
  return { ended, stop: () => child.kill('SIGTERM') };
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 8787));
    });
  });
}

async function untilAnswering(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer) return;
    await sleep(150);
  }
}
