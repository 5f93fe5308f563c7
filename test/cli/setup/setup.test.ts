import { createPrivateKey } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AppPage, serveAppPage } from '../../../cli/setup/app.ts';
import { parseSetupArguments } from '../../../cli/setup/arguments.ts';
import { type Ask, askNobody } from '../../../cli/setup/ask.ts';
import { setup } from '../../../cli/setup/setup.ts';
import type { Run } from '../../../cli/shared/run.ts';
import { withTarget } from '../../../cli/shared/targets-file.ts';
import { createScratchRepository, type ScratchRepository } from '../../../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../../simulator/server.ts';
import { parseTargets } from '../../../src/config/targets.ts';
import { openSession } from '../../../src/github/credentials.ts';
import { governanceFiles } from '../../audit/governed-repo.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const REPO = 'you/homelab';
const URL_FLAG = ['--url', 'https://lanekeeper.you.workers.dev'];

let ops: ScratchRepository;
let simulator: GitHubSimulator;
let directory: string;

beforeAll(async () => {
  ops = createScratchRepository();
  const registry = 'gates:\n  - { id: D1, name: a, category: b, severity: high, inline: true }\n';
  ops.commit(governanceFiles({ registry, topology: 'gate_assignments: [{ gate_id: D1, primary_domain: infra }]\n' }));
  simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'you', name: 'homelab', gitDir: ops.gitDir, private: true, roles: { 'lanekeeper-bot': 'write' } },
      { owner: 'you', name: 'workbench', gitDir: ops.gitDir },
    ],
    jwtClock: 'system',
  });
}, 60_000);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lanekeeper-setup-'));
  await mkdir(join(directory, 'bindings'));
  for (const file of ['bindings/targets.yaml', 'wrangler.toml'])
    await copyFile(join(PROJECT, file), join(directory, file));
});

afterEach(async () => {
  expect(simulator.violations).toEqual([]);
  await rm(directory, { recursive: true });
});

afterAll(async () => {
  await simulator.close();
  ops.remove();
});

interface Ran {
  readonly commands: string[];
  /** What each secret was given, by name. */
  readonly secrets: Record<string, string>;
  text: string;
}

/** Runs setup with a wrangler that takes everything, and notes what it was told. */
async function run(
  flags: readonly string[],
  { environment = {}, ask = askNobody(true), login = true, held = [] as string[], hear = (_: string) => {} } = {},
): Promise<Ran> {
  const ran: Ran = { commands: [], secrets: {}, text: '' };
  const fake: Run = async (command, { input = '' } = {}) => {
    ran.commands.push(command.join(' '));
    if (command[1] === 'whoami') return { code: 0, output: JSON.stringify({ loggedIn: login }) };
    if (command[1] === 'status') return { code: 0, output: ' M bindings/targets.yaml\n' };
    if (command[2] === 'list') return { code: 0, output: JSON.stringify(held.map((name) => ({ name }))) };
    if (command[1] === 'secret') ran.secrets[command[3] ?? ''] = input;
    return { code: 0, output: '' };
  };
  const print = (text: string) => {
    ran.text += text;
    hear(text);
  };
  const places = { GITHUB_API_URL: simulator.url, GITHUB_WEB_URL: 'https://github.example' };
  const ports = { directory, environment: { ...places, ...environment }, run: fake, ask, print };
  await setup(parseSetupArguments(flags), ports);
  return ran;
}

async function everythingOnDisk(): Promise<string> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const texts = files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

describe('with a token', () => {
  const flags = ['--repo', REPO, '--sibling', 'workbench=you/workbench', '--auth', 'token', '--yes', ...URL_FLAG];

  test('configures, stores the secrets through standard input, and says what to click', async () => {
    const { commands, secrets, text } = await run(flags, { environment: { GITHUB_TOKEN: simulator.token } });
    expect(commands).toEqual([
      'wrangler whoami --json',
      'wrangler secret put GITHUB_TOKEN',
      'wrangler secret put WEBHOOK_SECRET',
      'wrangler secret put DASHBOARD_TOKEN',
      'git status --porcelain -- bindings/targets.yaml wrangler.toml',
      'git commit --quiet -m Audit you/homelab -- bindings/targets.yaml wrangler.toml',
    ]);
    expect(secrets.GITHUB_TOKEN).toBe(simulator.token);
    expect(secrets.WEBHOOK_SECRET).toMatch(/^[\w-]{32}$/);
    expect(secrets.DASHBOARD_TOKEN).toMatch(/^[\w-]{32}$/);
    expect(text).not.toContain(simulator.token);
    expect(text).toContain(`DASHBOARD_TOKEN  ${secrets.DASHBOARD_TOKEN}`);
    expect(text).toContain('Open https://github.example/you/homelab/settings/hooks/new');
    expect(text).toContain('Payload URL   https://lanekeeper.you.workers.dev/webhooks/github');
    expect(text).toContain('issues can be written; the inbox is dry-run');
    const disk = await everythingOnDisk();
    for (const value of Object.values(secrets)) expect(disk).not.toContain(value);
    expect(disk).toContain('DASHBOARD_URL = "https://lanekeeper.you.workers.dev"');
    const [target] = parseTargets(await readFile(join(directory, 'bindings/targets.yaml'), 'utf8'));
    expect(target).toMatchObject({
      repo: REPO,
      branch: 'main',
      inbox: 'dry-run',
      siblings: { workbench: { repo: 'you/workbench' } },
    });
  });

  test('a token that does not do is not stored', async () => {
    const stopped = run(flags, { environment: { GITHUB_TOKEN: 'of no use' } });
    await expect(stopped).rejects.toThrow('Nothing was stored.');
  });

  test('without a login to Cloudflare it stops before it asks for secrets', async () => {
    const stopped = run(flags, { environment: { GITHUB_TOKEN: simulator.token }, login: false });
    await expect(stopped).rejects.toThrow('npx wrangler login');
  });

  test('--print-only runs nothing, and prints every command', async () => {
    const { commands, text } = await run([...flags.filter((flag) => flag !== '--yes'), '--print-only'], {
      ask: askNobody(false),
    });
    expect(commands).toEqual([]);
    expect(text.split('\n').filter((line) => /^(npx|npm|git) /.test(line))).toEqual([
      'npx wrangler login',
      'npx wrangler secret put GITHUB_TOKEN',
      'npx wrangler secret put WEBHOOK_SECRET',
      'npx wrangler secret put DASHBOARD_TOKEN',
      'git commit -m "Audit you/homelab" -- bindings/targets.yaml wrangler.toml',
      'npm run deploy',
      'npm run init -- <your clone>',
      'npm run doctor -- --url https://lanekeeper.you.workers.dev',
    ]);
    const [, form = ''] = /# a token: (\S+)/.exec(text) ?? [];
    expect(Object.fromEntries(new URL(form).searchParams)).toMatchObject({
      target_name: 'you',
      contents: 'read',
      issues: 'write',
      metadata: 'read',
      statuses: 'write',
    });
  });

  test('a key whose generation has been counted up is made with it', async () => {
    const path = join(directory, 'bindings/targets.yaml');
    await writeFile(path, `targets:\n  - repo: ${REPO}\n    resultsKey: 3\n`);
    const { text } = await run([...flags, '--reports', 'machine', '--print-only']);
    expect(text).toContain(`npm run --silent report -- --key ${REPO} --generation 3 > results-key`);
  });

  test('what no flag says is asked', async () => {
    const questions: string[] = [];
    const answers: Record<string, string> = {
      repository: REPO,
      workbench: 'you/workbench',
      'token?': 'token',
      branch: '',
      'lanekeeper.yaml': '~/src/homelab',
    };
    const ask: Ask = {
      async text(question, fallback = '') {
        questions.push(question);
        const key = Object.keys(answers).findLast((word) => question.includes(word));
        return (key && answers[key]) || fallback;
      },
      secret: async () => simulator.token,
      confirm: async () => false,
      close: () => {},
    };
    const { secrets, commands, text } = await run([], { ask, environment: { HOME: '/home/you' } });
    expect(questions.map((question) => question.split(/[?,.]/)[0])).toEqual([
      'Which repository is to be audited',
      'Which branch',
      'A workbench repository that its gates read',
      'Which checks of CI count as gates',
      'Where will it answer',
      'A GitHub App or a token',
      'What runs gates that an audit cannot check',
      'A first lanekeeper',
    ]);
    expect(commands).toContain('npm run --silent init -- /home/you/src/homelab');
    expect(text).not.toContain('npm run init');
    expect(secrets.GITHUB_TOKEN).toBe(simulator.token);
    expect(commands.some((command) => command.startsWith('git commit'))).toBe(false);
    expect(text).toContain('https://<your worker>/webhooks/github');
  });

  test('an answer that does not do is asked for again, with the reason', async () => {
    const answers = ['homelab', REPO, '', 'bench', 'none', '', 'ftp://x', 'later', 'key', 'token', 'mail', '', ''];
    const ask: Ask = {
      text: async (_question, fallback = '') => answers.shift() || fallback,
      secret: async () => simulator.token,
      confirm: async () => false,
      close: () => {},
    };
    const { text, secrets } = await run([], { ask });
    expect(answers).toEqual([]);
    expect(text).toContain('homelab is not of the form owner/name.');
    expect(text).toContain('bench is not of the form owner/name.');
    expect(text).toContain('ftp://x is not an address that starts with https://.');
    expect(text).toContain('The answer key is not one of app, token.');
    expect(text).toContain('The answer mail is not one of none, workflow, machine.');
    expect(secrets.GITHUB_TOKEN).toBe(simulator.token);
  });

  test('a question that nobody is there to answer names itself', async () => {
    await expect(run(['--auth', 'token'], { ask: askNobody(false) })).rejects.toThrow(
      'Which repository is to be audited?',
    );
  });
});

describe("CI's checks and what reports", () => {
  const flags = ['--repo', REPO, '--auth', 'token', '--yes', ...URL_FLAG];
  const environment = () => ({ GITHUB_TOKEN: simulator.token });

  test('checks that count as gates are written down, tried and said to need a permission', async () => {
    const checks = ['--check', 'nix flake check', '--check', 'build (ubuntu, 22)'];
    const { text } = await run([...flags, ...checks], { environment: environment() });
    const [target] = parseTargets(await readFile(join(directory, 'bindings/targets.yaml'), 'utf8'));
    expect(target?.checks).toEqual(['nix flake check', 'build (ubuntu, 22)']);
    expect(text).toContain('a fine-grained token cannot have *Checks: read*');
    expect(text).toContain("CI's checks can be read; 0 ran at the newest commit");
    await run([...flags, '--check', 'none'], { environment: environment() });
    expect(await everythingOnDisk()).not.toContain('nix flake check');
  });

  test('credentials that may not read checks are not stored where checks are gates', async () => {
    const permissions = { contents: 'read', issues: 'write' } as const;
    simulator.addToken({ token: 'token-without-checks', login: 'lanekeeper-bot', permissions });
    const stopped = run([...flags, '--check', 'tests'], { environment: { GITHUB_TOKEN: 'token-without-checks' } });
    await expect(stopped).rejects.toThrow('Nothing was stored.');
  });

  test('where nothing reports, nothing is said of it', async () => {
    const { secrets, text } = await run(flags, { environment: environment() });
    expect(Object.keys(secrets)).toEqual(['GITHUB_TOKEN', 'WEBHOOK_SECRET', 'DASHBOARD_TOKEN']);
    expect(text).not.toMatch(/What reports|checks/);
  });

  test('a workflow reports with its own token: a file to copy, and no secret', async () => {
    const { secrets, text } = await run([...flags, '--reports', 'workflow'], { environment: environment() });
    expect(secrets).not.toHaveProperty('RESULTS_SECRET');
    const [, file = ''] = /Copy (\S+) to \.github\/workflows\/ of you\/homelab/.exec(text) ?? [];
    expect(await readFile(join(PROJECT, file), 'utf8')).toContain('id-token: write');
    expect(text).toContain('WORKER        https://lanekeeper.you.workers.dev');
  });

  test('a machine reports with a key made from a secret, which is stored and shown once', async () => {
    const { secrets, text } = await run([...flags, '--reports', 'machine'], { environment: environment() });
    expect(secrets.RESULTS_SECRET).toMatch(/^[\w-]{32}$/);
    expect(text).toContain(`RESULTS_SECRET  ${secrets.RESULTS_SECRET}`);
    expect(text).toContain('npm run --silent report -- --key you/homelab > results-key');
    expect(text).toContain('npm run init -- <your clone>');
    expect(await everythingOnDisk()).not.toContain(secrets.RESULTS_SECRET);
  });

  test('a secret that the Worker holds stays, so that the keys of other repositories do', async () => {
    const machine = [...flags, '--reports', 'machine'];
    const held = { environment: environment(), held: ['GITHUB_TOKEN', 'RESULTS_SECRET'] };
    const { secrets, text } = await run(machine, held);
    expect(secrets).not.toHaveProperty('RESULTS_SECRET');
    expect(text).toContain('the Worker holds RESULTS_SECRET already');
    const given = { ...environment(), RESULTS_SECRET: 'a secret that was kept' };
    const again = await run(machine, { ...held, environment: given });
    expect(again.secrets.RESULTS_SECRET).toBe('a secret that was kept');
    expect(again.text).not.toContain('a secret that was kept');
  });

  test('--print-only prints the command for the secret, too', async () => {
    const { commands, text } = await run([...flags, '--reports', 'machine', '--print-only']);
    expect(commands).toEqual([]);
    expect(text).toContain('npx wrangler secret put RESULTS_SECRET');
  });
});

describe('with an app that exists', () => {
  test.each(['pkcs1', 'pkcs8'] as const)('takes its key as %s and hands on PKCS#8', async (type) => {
    const { app, privateKey } = simulator.installApp(`keeper-${type}`);
    const file = join(directory, 'app.pem');
    await writeFile(file, createPrivateKey(privateKey).export({ type, format: 'pem' }).toString());
    const flags = ['--repo', REPO, '--app-id', String(app.id), '--app-key', file, '--yes'];
    const { secrets, text } = await run(flags);
    expect(secrets.GITHUB_APP_ID).toBe(String(app.id));
    expect(secrets.GITHUB_APP_PRIVATE_KEY).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(text).toContain(`GitHub knows us as keeper-${type}[bot]`);
    expect(text).not.toContain('PRIVATE KEY-----');
  });

  test('a file that is no key is refused', async () => {
    const file = join(directory, 'app.pem');
    await writeFile(file, 'no key');
    const flags = ['--repo', REPO, '--app-id', '1', '--app-key', file, '--yes'];
    await expect(run(flags)).rejects.toThrow('That is not a private key');
  });
});

describe('the page that makes an app', () => {
  let page: AppPage;
  const wanted = {
    owner: 'you',
    workerUrl: 'https://lanekeeper.you.workers.dev',
    webUrl: 'https://github.example',
    readsChecks: false,
  };
  beforeEach(async () => {
    page = await serveAppPage({ ...wanted, apiUrl: simulator.url });
  });
  afterEach(() => page.close());

  const decode = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

  /** What a person's browser would send to GitHub, and what GitHub would make of it. */
  async function confirm(url = page.url) {
    const body = await (await fetch(url)).text();
    const actions = [...body.matchAll(/action="([^"]*)"/g)].map(([, action = '']) => new URL(decode(action)));
    const manifest = JSON.parse(decode(/name="manifest" value="([^"]*)"/.exec(body)?.[1] ?? ''));
    const code = simulator.confirmManifest({
      name: manifest.name,
      owner: 'you',
      permissions: manifest.default_permissions,
    });
    const state = actions[0]?.searchParams.get('state');
    return { actions, manifest, code, callback: `${manifest.redirect_url}?code=${code}&state=${state}` };
  }

  test('asks for what Lanekeeper needs and nothing else', async () => {
    const { actions, manifest } = await confirm();
    expect(actions.map(({ origin, pathname }) => origin + pathname)).toEqual([
      'https://github.example/settings/apps/new',
      'https://github.example/organizations/you/settings/apps/new',
    ]);
    expect(manifest).toMatchObject({
      name: 'lanekeeper-you',
      public: false,
      hook_attributes: { url: 'https://lanekeeper.you.workers.dev/webhooks/github', active: true },
      default_permissions: { contents: 'read', issues: 'write', metadata: 'read', statuses: 'write' },
      default_events: ['push', 'issues'],
    });
    expect(manifest.redirect_url).toBe(`${page.url}/callback`);
  });

  test('asks for the checks of CI only where some count as gates', async () => {
    const withChecks = await serveAppPage({ ...wanted, apiUrl: simulator.url, readsChecks: true });
    const { manifest } = await confirm(withChecks.url);
    await withChecks.close();
    expect(manifest.default_permissions).toMatchObject({ checks: 'read', statuses: 'write' });
    expect((await confirm()).manifest.default_permissions).not.toHaveProperty('checks');
  });

  test('exchanges the code; the app that comes of it can sign in', async () => {
    const { callback } = await confirm();
    const answer = await fetch(callback);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('lanekeeper-you is made')]);
    const { id, pem, slug, webhookSecret } = await page.app;
    expect([slug, webhookSecret]).toEqual(['lanekeeper-you', 'webhook-secret-of-lanekeeper-you']);
    expect(pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    const options = { baseUrl: simulator.url, now: Date.now };
    const session = openSession(
      { kind: 'app', appId: String(id), privateKey: pem },
      { owner: 'you', repo: 'homelab' },
      options,
    );
    await expect(session).rejects.toMatchObject({ failure: 'not-found' });
  });

  test('a callback with another state is refused, and the right one still works', async () => {
    const { callback } = await confirm();
    expect((await fetch(callback.replace(/state=.*/, 'state=forged'))).status).toBe(400);
    expect((await fetch(callback)).status).toBe(200);
  });

  test('a code that GitHub does not know can be tried again', async () => {
    const { callback } = await confirm();
    const answer = await fetch(callback.replace(/code=[^&]*/, 'code=unknown'));
    expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining('GitHub answered 404')]);
    expect((await fetch(callback)).status).toBe(200);
  });

  test('answers on this machine, under its own name only', async () => {
    const { hostname, port } = new URL(page.url);
    expect(hostname).toBe('127.0.0.1');
    const status = await new Promise((done) => {
      const options = { host: '127.0.0.1', port, headers: { host: `evil.example:${port}` } };
      request(options, (answer) => done(answer.resume().statusCode)).end();
    });
    expect(status).toBe(404);
    expect((await fetch(page.url)).headers.get('content-security-policy')).toContain(
      'form-action https://github.example',
    );
  });

  test('setup serves it, stores what comes of it, and shows the webhook secret to nobody', async () => {
    const hear = (text: string) => {
      const [, url] = /Open (http:\S+)/.exec(text) ?? [];
      if (url) void confirm(url).then(({ callback }) => fetch(callback));
    };
    const { secrets, text } = await run(['--repo', REPO, '--auth', 'app', '--yes', ...URL_FLAG], { hear });
    expect(Object.keys(secrets)).toEqual([
      'GITHUB_APP_ID',
      'GITHUB_APP_PRIVATE_KEY',
      'WEBHOOK_SECRET',
      'DASHBOARD_TOKEN',
    ]);
    expect(secrets.WEBHOOK_SECRET).toBe('webhook-secret-of-lanekeeper-you');
    expect(text).not.toContain(secrets.WEBHOOK_SECRET);
    expect(text).toMatch(/Install the app on you\/homelab: \S+\/installations\/new/);
    const disk = await everythingOnDisk();
    for (const value of Object.values(secrets)) expect(disk).not.toContain(value.trim());
  });
});

describe('bindings/targets.yaml', () => {
  test('the placeholder gives way; comments stay', async () => {
    const before = await readFile(join(PROJECT, 'bindings/targets.yaml'), 'utf8');
    const after = withTarget(before, { repo: REPO });
    expect(after).toContain(`- repo: ${REPO}\n`);
    expect(after).not.toContain('your-ops-repo');
    expect(after.split('\n').filter((line) => line.includes('#'))).toEqual(
      before.split('\n').filter((line) => line.includes('#')),
    );
  });

  test('an entry that is there keeps what it is not told to change', () => {
    const before = `targets:\n  - { repo: You/Homelab, branch: trunk, inbox: on, status: true }\n  - repo: you/other # the other\n`;
    const after = withTarget(before, { repo: REPO, siblings: { workbench: 'you/workbench' } });
    expect(parseTargets(after)).toMatchObject([
      {
        repo: REPO,
        branch: 'trunk',
        inbox: 'on',
        status: true,
        siblings: { workbench: { repo: 'you/workbench', branch: 'main' } },
      },
      { repo: 'you/other' },
    ]);
    expect(after).toContain('# the other');
  });

  test('a new entry goes to the end; twice is once', () => {
    const once = withTarget('targets:\n  - repo: you/other\n', { repo: REPO, branch: 'trunk' });
    expect(parseTargets(once).map(({ repo, branch, inbox }) => [repo, branch, inbox])).toEqual([
      ['you/other', 'main', 'dry-run'],
      [REPO, 'trunk', 'dry-run'],
    ]);
    expect(withTarget(once, { repo: REPO })).toBe(once);
  });

  test.each(['', '# nothing yet\n', 'targets:\n', 'targets: []\n'])('%j is a beginning', (text) =>
    expect(parseTargets(withTarget(text, { repo: REPO }))).toMatchObject([{ repo: REPO }]),
  );

  test.each(['targets: [', '- a\n', 'targets: x\n  y: z\n'])('%j is refused', (text) =>
    expect(() => withTarget(text, { repo: REPO })).toThrow('bindings/targets.yaml'),
  );
});

describe('the command line', () => {
  test.each([
    [['--repo', 'homelab'], 'owner/name'],
    [['--sibling', 'workbench'], 'workbench=owner/name'],
    [['--auth', 'password'], 'not one of token, app'],
    [['--inbox', 'off'], 'not one of dry-run, on'],
    [['--reports', 'email'], 'not one of none, workflow, machine'],
    [['--url', 'http://x'], 'https://'],
    [['--app-id', '1'], 'go together'],
    [['--wat'], '--wat'],
  ])('%j is refused', (flags, reason) => expect(() => parseSetupArguments(flags)).toThrow(reason));
});
