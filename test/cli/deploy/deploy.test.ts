import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildSampleOpsRepo } from '../../../cli/demo/sample-ops-repo.ts';
import { deploy, measure, showFirstAudits } from '../../../cli/deploy/deploy.ts';
import { doctor } from '../../../cli/doctor/doctor.ts';
import { type Run, runIn } from '../../../cli/shared/run.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../../simulator/server.ts';
import { parseTargets } from '../../../src/config/targets.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const TARGETS = 'targets: [{ repo: you/homelab, siblings: { workbench: { repo: you/workbench } } }]\n';
const DEPLOYED =
  'Uploaded lanekeeper\nDeployed lanekeeper triggers (0.3 sec)\n  https://lanekeeper.you.workers.dev\n  schedule: 17 4 * * *\n';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lanekeeper-deploy-'));
  await mkdir(join(directory, 'bindings'));
}, 60_000);

beforeEach(async () => {
  await writeFile(join(directory, 'bindings/targets.yaml'), TARGETS);
  await writeFile(join(directory, 'wrangler.toml'), '[vars]\nDASHBOARD_URL = ""\n');
});

afterAll(() => rm(directory, { recursive: true }));

interface Ran {
  readonly commands: string[];
  text: string;
}

/** Deploys with commands that print what `outputs` says; those in `failing` fail. */
async function run(
  options: { dryRun?: boolean; outputs?: Record<string, string>; failing?: string } = {},
): Promise<Ran> {
  const { dryRun = false, outputs = {}, failing } = options;
  const ran: Ran = { commands: [], text: '' };
  const fake: Run = async (command) => {
    const name = command.join(' ');
    ran.commands.push(name);
    return { code: name === failing ? 1 : 0, output: outputs[name] ?? '' };
  };
  const print = (text: string) => {
    ran.text += text;
  };
  await deploy({ dryRun }, { directory, environment: {}, run: fake, print }).catch((error: Error) => {
    ran.text += `${error.name}: ${error.message}`;
  });
  return ran;
}

describe('npm run deploy', () => {
  test('checks, then deploys, then says where', async () => {
    const { commands, text } = await run({ outputs: { 'wrangler deploy': DEPLOYED } });
    expect(commands).toEqual(['git status --porcelain', 'npm run check', 'wrangler deploy']);
    expect(text).toContain('target    you/homelab (main), inbox dry-run\n');
    expect(text).toContain('Deployed: https://lanekeeper.you.workers.dev\n');
    expect(text).toContain('With DASHBOARD_TOKEN in the environment');
  });

  test('a domain of one’s own is read from wrangler.toml', async () => {
    await writeFile(join(directory, 'wrangler.toml'), '[vars]\nDASHBOARD_URL = "https://lanes.example.org"\n');
    const { text } = await run({
      outputs: { 'wrangler deploy': 'Deployed lanekeeper triggers\n  lanes.example.org (custom domain)\n' },
    });
    expect(text).toContain('Deployed: https://lanes.example.org\n');
  });

  test('a dirty tree is refused before anything else', async () => {
    const { commands, text } = await run({ outputs: { 'git status --porcelain': ' M src/worker.ts\n' } });
    expect(commands).toEqual(['git status --porcelain']);
    expect(text).toMatch(/^DeployRefused: Not everything is committed.*\n M src\/worker\.ts\nCommit it/);
  });

  test('a mistaken configuration is refused, with its line', async () => {
    await writeFile(join(directory, 'bindings/targets.yaml'), 'targets:\n  - repo: homelab\n');
    const { commands, text } = await run();
    expect(commands).toEqual(['git status --porcelain']);
    expect(text).toContain('bindings/targets.yaml:2: targets.0.repo');
  });

  test('the placeholder is refused', async () => {
    await writeFile(join(directory, 'bindings/targets.yaml'), 'targets: [{ repo: your-name/your-ops-repo }]\n');
    expect((await run()).text).toContain('npm run setup');
  });

  test('a failing tree is refused', async () => {
    const { commands, text } = await run({ failing: 'npm run check' });
    expect(commands).not.toContain('wrangler deploy');
    expect(text).toContain('DeployRefused: npm run check fails');
  });

  test('wrangler that fails is no deployment', async () => {
    expect((await run({ failing: 'wrangler deploy' })).text).toContain('DeployRefused: wrangler did not deploy');
  });

  test('--dry-run goes all the way and deploys nothing', async () => {
    const { commands } = await run({ dryRun: true });
    expect(commands).toEqual([
      'git status --porcelain',
      'npm run check',
      'wrangler deploy --dry-run --outdir dist',
      'wrangler check startup --outfile dist/startup.cpuprofile',
    ]);
  });
});

describe('the bundle that would be deployed', () => {
  const TOKEN = 'dashboard-token-for-tests';
  const SECRET = 'a webhook secret for tests';
  let simulator: GitHubSimulator;
  let worker: Miniflare;
  let url: string;
  let said = '';

  beforeAll(async () => {
    const out = join(directory, 'dist');
    const inOut: Run = (command, options) =>
      runIn(PROJECT)(
        command.map((word) => word.replace(/^dist/, out)),
        options,
      );
    const print = (text: string) => {
      said += text;
    };
    const [sample] = await Promise.all([
      buildSampleOpsRepo(join(directory, 'sample'), { now: new Date() }),
      measure({ directory: PROJECT, environment: {}, run: inOut, print }),
    ]);
    simulator = await startGitHubSimulator({
      repositories: [
        { owner: 'you', name: 'homelab', gitDir: sample.gitDir, roles: { 'lanekeeper-bot': 'write' } },
        { owner: 'you', name: 'workbench', gitDir: join(sample.workbenchDir, '.git') },
      ],
    });
    const texts = (await readdir(out)).filter((name) => name.endsWith('.yaml'));
    worker = new Miniflare(
      convertV4MiniflareOptions({
        rootPath: out,
        modulesRoot: out,
        modules: [
          { type: 'ESModule', path: join(out, 'worker.js') },
          ...texts.map((name) => ({ type: 'Text' as const, path: join(out, name) })),
        ],
        compatibilityDate: '2026-10-01',
        kvNamespaces: ['AUDITS'],
        durableObjects: { COORDINATORS: { className: 'TargetCoordinator', useSQLite: true } },
        bindings: {
          GITHUB_API_URL: simulator.url,
          GITHUB_WEB_URL: 'https://github.com',
          GITHUB_TOKEN: simulator.token,
          DASHBOARD_TOKEN: TOKEN,
          WEBHOOK_SECRET: SECRET,
          VERSION: { id: 'test', tag: '', timestamp: '' },
          TARGETS,
        },
      }),
    );
    url = (await worker.ready).origin;
  }, 60_000);

  afterAll(async () => {
    await worker.dispose();
    await simulator.close();
    expect(simulator.violations).toEqual([]);
  });

  test('its size and start-up are printed, and within what Cloudflare takes', () => {
    const [, kib, compressed] = /^bundle {4}([\d.]+) KiB, ([\d.]+) KiB compressed/.exec(said) ?? [];
    const [, ms] = /start-up {2}([\d.]+) ms of CPU/.exec(said) ?? [];
    expect(Number(kib)).toBeGreaterThan(500);
    // Cloudflare counts the compressed bundle: 3 MB on a free account.
    expect(Number(compressed)).toBeLessThan(3 * 1024);
    expect(Number(ms)).toBeLessThan(1000);
  });

  test('no module of the shell is evaluated before a script runs', async () => {
    // Minified, a module has no name.
    const readable = join(directory, 'readable');
    await runIn(PROJECT)(['wrangler', 'deploy', '--dry-run', '--no-minify', '--outdir', readable]);
    const text = await readFile(join(readable, 'worker.js'), 'utf8');
    // A module that is loaded on demand stands in a function of its name; what is imported at the start does not.
    for (const lazy of ['runner.ts', 'run-script.ts', 'shell/parser.ts', 'commands/programs.ts', 'yq/yq.ts'])
      expect(text).toContain(`"src/scripts/${lazy}"() {`);
    expect(text).not.toContain('"src/scripts/engine.ts"() {');
  }, 60_000);

  test('the first audit is waited for and shown, with the plan of the dry run', async () => {
    let text = '';
    const print = (more: string) => {
      text += more;
    };
    const ports = { directory, environment: { DASHBOARD_TOKEN: TOKEN }, run: runIn(PROJECT), print };
    await showFirstAudits(url, parseTargets(TARGETS), ports);
    expect(text).toMatch(/core +8\/8/);
    expect(text).toMatch(/infra +24\/25 · 1 fail/);
    expect(text).toContain('The inbox is a dry run. It would:\n  open an issue: the Gap inbox');
    expect(simulator.issues()).toEqual([]);
  });

  test('doctor finds it well', async () => {
    let text = '';
    const print = (more: string) => {
      text += more;
    };
    const environment = {
      GITHUB_API_URL: simulator.url,
      GITHUB_TOKEN: simulator.token,
      DASHBOARD_TOKEN: TOKEN,
      WEBHOOK_SECRET: SECRET,
    };
    await writeFile(join(directory, 'wrangler.toml'), '[triggers]\ncrons = ["17 4 * * *"]\n');
    const loggedOut: Run = async () => ({ code: 1, output: '' });
    const ports = { directory, environment, run: loggedOut, now: Date.now };
    expect(await doctor({ url, readOnly: true }, ports, print)).toBe(0);
    expect(text).toMatch(/ok {7}you\/homelab: the last audit is of .*, 0 h ago, by api\n/);
    expect(text).toContain('the inbox is a dry run; 1 writes are planned');
    expect(text).toContain('a ping with this secret is taken');
    const wrongs = await doctor(
      { url, readOnly: true },
      { ...ports, environment: { ...environment, WEBHOOK_SECRET: 'another secret entirely' } },
      print,
    );
    expect([wrongs, text.includes('refuses a delivery signed')]).toEqual([1, true]);
  });
});
