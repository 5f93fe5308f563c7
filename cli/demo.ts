import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { StoredAudit } from '../src/core/store.ts';
import { reportAsTable } from '../src/formats/table.ts';
import { git } from '../src/snapshot/git.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../test/github-simulator/server.ts';
import { buildSampleOpsRepo, commitBreakage, commitRepair } from './sample-ops-repo.ts';

const DAY = 86_400_000;
const OWNER = 'you';
const TOKEN = 'demo-token-for-this-machine-only';
const PROJECT = join(import.meta.dirname, '..');

interface Scene {
  readonly name: string;
  readonly branch: string;
  readonly repositories: readonly { owner: string; name: string; gitDir: string; defaultBranch: string }[];
  readonly siblings: Readonly<Record<string, { repo: string; branch: string }>>;
}

/** The Worker in workerd, audited repo and GitHub on this machine. */
interface Stage {
  readonly scene: Scene;
  readonly simulator: GitHubSimulator;
  readonly url: string;
  close(): Promise<void>;
}

const Latest = z.object({ id: z.string() }).loose();

async function main(): Promise<void> {
  const [clone] = process.argv.slice(2);
  const scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-'));
  const now = Date.now();
  const sample = clone
    ? undefined
    : await buildSampleOpsRepo(join(scratch, 'homelab'), { now: new Date(now - 2 * DAY) });
  const scene = clone
    ? await sceneOfClone(resolve(clone))
    : sceneOfSample(sample?.gitDir ?? '', sample?.workbenchDir ?? '');
  const stage = await raise(scene, scratch);
  const close = async () => {
    await stage.close();
    await rm(scratch, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void close().then(() => process.exit(0)));
  try {
    if (sample) {
      await night(
        stage,
        'Night 1: the first audit. What fails already is the baseline and stays quiet.',
        now - 2 * DAY,
      );
      await commitBreakage(sample, new Date(now - DAY - 3_600_000));
      await night(stage, 'Night 2: somebody broke a start-up phase and the NAS entry.', now - DAY);
      await commitRepair(sample, new Date(now - 3_600_000));
      await night(stage, 'Night 3: the start-up phase is mended.', now);
    } else {
      await night(stage, 'The first audit. What fails already is the baseline and stays quiet.', now);
    }
    explain(stage, sample?.dir ?? resolve(clone ?? ''));
    await watch(stage);
  } catch (error) {
    await close();
    throw error;
  }
}

function sceneOfSample(gitDir: string, workbench: string): Scene {
  const repository = (name: string, place: string) => ({ owner: OWNER, name, gitDir: place, defaultBranch: 'main' });
  return {
    name: `${OWNER}/homelab`,
    branch: 'main',
    repositories: [repository('homelab', gitDir), repository('workbench', join(workbench, '.git'))],
    siblings: { workbench: { repo: `${OWNER}/workbench`, branch: 'main' } },
  };
}

async function sceneOfClone(directory: string): Promise<Scene> {
  const gitDir = resolve(directory, (await git(directory, 'rev-parse', '--git-dir')).trim());
  const branch = (await git(directory, 'symbolic-ref', '--short', 'HEAD')).trim();
  const name = basename(directory.replace(/\/?\.git$/, '')).replace(/[^A-Za-z0-9._-]/g, '-') || 'ops-repo';
  return {
    name: `${OWNER}/${name}`,
    branch,
    repositories: [{ owner: OWNER, name, gitDir, defaultBranch: branch }],
    siblings: {},
  };
}

async function raise(scene: Scene, scratch: string): Promise<Stage> {
  const simulator = await startGitHubSimulator({ repositories: [...scene.repositories] });
  const { name: repo, branch, siblings } = scene;
  const port = await freePort();
  const variables: Record<string, string> = {
    GITHUB_API_URL: simulator.url,
    GITHUB_TOKEN: simulator.token,
    DASHBOARD_TOKEN: TOKEN,
    WEBHOOK_SECRET: 'demo-secret-for-this-machine',
    TARGETS: JSON.stringify({ targets: [{ repo, branch, siblings, inbox: 'on' }] }),
  };
  const wrangler = join(PROJECT, 'node_modules/wrangler/bin/wrangler.js');
  const settings = Object.entries(variables).flatMap(([key, value]) => ['--var', `${key}:${value}`]);
  const places = [
    '--port',
    String(port),
    '--ip',
    '127.0.0.1',
    '--inspector-port',
    '0',
    '--persist-to',
    join(scratch, 'state'),
  ];
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
  const url = `http://127.0.0.1:${port}`;
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the Worker ended (${code})`)));
  });
  ended.catch(() => {});
  await Promise.race([ended, untilAnswering(`${url}/healthz`)]);
  return {
    scene,
    simulator,
    url,
    async close() {
      child.kill('SIGTERM');
      await ended.catch(() => {});
      await simulator.close();
    },
  };
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

/** Fires the cron with the night's time, waits for its audit and shows it. */
async function night(stage: Stage, title: string, time: number): Promise<void> {
  const before = await latestId(stage);
  await fetch(`${stage.url}/cdn-cgi/handler/scheduled?cron=17+4+*+*+*&time=${time}`);
  while ((await latestId(stage)) === before) await sleep(150);
  await show(stage, title);
}

async function latest(stage: Stage): Promise<StoredAudit | undefined> {
  const url = `${stage.url}/api/repos/${stage.scene.name}/latest`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } });
  // Our own Worker's answer, stored by our own coordinator.
  return answer.ok ? (Latest.parse(await answer.json()) as unknown as StoredAudit) : undefined;
}

async function latestId(stage: Stage): Promise<string | undefined> {
  return (await latest(stage))?.id;
}

async function show(stage: Stage, title: string): Promise<void> {
  const audit = await latest(stage);
  if (!audit) return;
  const { report, requests, delivery } = audit;
  const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  process.stdout.write(`\n━━ ${title}\n\n${reportAsTable(report, { color })}\n`);
  const asked = Object.entries(requests).map(([purpose, count]) => `${count} ${purpose}`);
  process.stdout.write(`GitHub requests: ${asked.join(', ')}\n`);
  for (const action of delivery.actions) process.stdout.write(`did: ${action}\n`);
  for (const error of delivery.errors) process.stdout.write(`trouble: ${error}\n`);
  process.stdout.write('issues:\n');
  for (const { number, state, title: issue, comments } of stage.simulator.issues()) {
    const talk = comments.length > 0 ? `, ${comments.length} comment${comments.length === 1 ? '' : 's'}` : '';
    process.stdout.write(`  #${number} ${state === 'open' ? 'open  ' : 'closed'} ${issue}${talk}\n`);
  }
}

function explain({ url, scene, simulator }: Stage, directory: string): void {
  process.stdout.write(`
━━ It stays up. Nothing here has left this machine.

The repo           ${directory}
Its issues (API)   ${simulator.url}/repos/${scene.name}/issues
The last audit     curl -s -H 'authorization: Bearer ${TOKEN}' ${url}/api/repos/${scene.name}/latest
Health             ${url}/healthz
Another night      curl '${url}/cdn-cgi/handler/scheduled?cron=17+4+*+*+*'

Break a binding there, \`git commit\`, fire another night: what newly fails appears below and as an issue. Ctrl-C ends it.
`);
}

/** Shows every audit that comes after those already shown. */
async function watch(stage: Stage): Promise<void> {
  for (let shown = await latestId(stage); ; ) {
    await sleep(500);
    const id = await latestId(stage).catch(() => shown);
    if (id === shown) continue;
    shown = id;
    await show(stage, 'Another audit.');
  }
}

await main();
