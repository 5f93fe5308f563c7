import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DoctorOptions, doctor, examine } from '../../../cli/doctor/doctor.ts';
import { DIAGNOSES, type DiagnosisName } from '../../../cli/shared/diagnosis/diagnoses.ts';
import { type Line, printLine } from '../../../cli/shared/diagnosis/lines.ts';
import { troubleshootingPage } from '../../../cli/shared/diagnosis/page.ts';
import type { Run } from '../../../cli/shared/run.ts';
import { createScratchRepository, type ScratchRepository } from '../../../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../../simulator/server.ts';
import { asBlock, formatMarker } from '../../../src/inbox/github/marker.ts';
import { governanceFiles } from '../../audit/governed-repo.ts';

const REPO = 'you/homelab';
const SECRET = 'a webhook secret for tests';
const TOKEN = 'dashboard-token-for-tests';
const WRANGLER_TOML =
  '[triggers]\ncrons = ["17 4 * * *"]\n[vars]\nDASHBOARD_URL = "https://lanekeeper.you.workers.dev"\n';
const TARGET = `targets:\n  - { repo: ${REPO}, inbox: on, siblings: { workbench: { repo: you/workbench } } }\n`;

/** Every problem that some test has seen; the last test compares. */
const seen = new Set<DiagnosisName>();

let ops: ScratchRepository;
let empty: ScratchRepository;
let simulator: GitHubSimulator;
let directory: string;
/** Anything that listens and has to stop after a test. */
const servers: ServerType[] = [];

beforeAll(async () => {
  ops = createScratchRepository();
  const registry = 'gates:\n  - { id: D1, name: a, category: b, severity: high, inline: true }\n';
  const topology = 'gate_assignments: [{ gate_id: D1, primary_domain: infra }]\n';
  ops.commit(governanceFiles({ registry, topology }));
  const files = Object.keys(governanceFiles({ registry, topology }));
  ops.commit(Object.fromEntries(files.map((path) => [path, null])), { branch: 'ungoverned' });
  ops.commit({ 'ops/bindings/gate.registry.yaml': registry }, { branch: 'half-governed' });
  ops.commit({ 'lanekeeper.yaml': 'checks: [tests]\n' }, { branch: 'ci-gates' });
  empty = createScratchRepository();
  directory = await mkdtemp(join(tmpdir(), 'lanekeeper-doctor-'));
  await mkdir(join(directory, 'bindings'));
}, 60_000);

beforeEach(async () => {
  simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'you', name: 'homelab', gitDir: ops.gitDir, private: true, roles: { 'lanekeeper-bot': 'write' } },
      { owner: 'you', name: 'workbench', gitDir: ops.gitDir },
      { owner: 'you', name: 'empty', gitDir: empty.gitDir, roles: { 'lanekeeper-bot': 'write' } },
    ],
    jwtClock: 'system',
  });
});

afterEach(async () => {
  expect(simulator.violations).toEqual([]);
  await simulator.close();
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
});

afterAll(async () => {
  ops.remove();
  empty.remove();
  await rm(directory, { recursive: true });
});

interface Case extends Partial<DoctorOptions> {
  readonly targets?: string;
  readonly wranglerToml?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds by which this machine's clock is ahead. */
  readonly ahead?: number;
  /** What wrangler prints, by its first words; logged out without it. */
  readonly wrangler?: Readonly<Record<string, string>>;
}

function portsOf({ environment = { GITHUB_TOKEN: simulator.token }, wrangler = {}, ahead = 0 }: Case) {
  const run: Run = async ([, ...words]) => {
    const output = wrangler[words.slice(0, 2).join(' ')];
    return output === undefined ? { code: 1, output: '{"loggedIn":false}' } : { code: 0, output };
  };
  return {
    directory,
    environment: { GITHUB_API_URL: simulator.url, ...environment },
    run,
    now: () => Date.now() + ahead,
  };
}

async function run(options: Case = {}): Promise<readonly Line[]> {
  const { targets = TARGET, wranglerToml = WRANGLER_TOML, url, readOnly = false } = options;
  await writeFile(join(directory, 'bindings/targets.yaml'), targets);
  await writeFile(join(directory, 'wrangler.toml'), wranglerToml);
  const lines: Line[] = [];
  for await (const line of examine({ url, readOnly }, portsOf(options))) lines.push(line);
  for (const { diagnosis } of lines) if (diagnosis) seen.add(diagnosis);
  const printed = lines.map(printLine).join('');
  for (const [name, value] of Object.entries(portsOf(options).environment))
    if (/TOKEN|SECRET|KEY$/.test(name)) expect(printed).not.toContain(value);
  return lines;
}

/** The problems found beside the two that every run without Cloudflare has. */
async function problems(options: Case = {}): Promise<readonly string[]> {
  const expected: readonly (DiagnosisName | null)[] = [null, 'logged-out', 'no-url'];
  return (await run(options))
    .filter(({ diagnosis }) => !expected.includes(diagnosis))
    .map(({ state, diagnosis, about }) => `${state} ${about} ${diagnosis}`);
}

describe('where all is well', () => {
  test('a line for each thing that an audit needs, and nothing left behind', async () => {
    const lines = (await run()).filter(({ state }) => state === 'ok').map(({ about, text }) => `${about}: ${text}`);
    const sha = ops.git('rev-parse', 'main').slice(0, 10);
    expect(lines).toEqual([
      'config: 1 target in bindings/targets.yaml',
      'config: cron "17 4 * * *" (UTC); every deploy registers it',
      'config: issues link to https://lanekeeper.you.workers.dev',
      `${REPO}: GitHub knows us as lanekeeper-bot`,
      `${REPO}: the branch main stands at ${sha}`,
      `${REPO}: 3 files can be read`,
      `${REPO}: 1 gates are registered, in 1 lanes`,
      `${REPO}: the sibling workbench, you/workbench, stands at ${sha}`,
      `${REPO}: issues can be read`,
      `${REPO}: none of our labels is there yet; the first issue brings them`,
      `${REPO}: issues can be written; the inbox is on`,
    ]);
    expect([simulator.issues(), simulator.statuses()]).toEqual([[], []]);
    expect(simulator.labels().some(({ name }) => name.startsWith('audit'))).toBe(false);
  });

  test('--read-only asks GitHub for nothing but reads', async () => {
    expect(await problems({ readOnly: true, targets: `targets: [{ repo: ${REPO}, status: true }]` })).toEqual([]);
    const writes = simulator.requests.filter(
      ({ method, requestBody }) =>
        method !== 'GET' && !/^query /.test(JSON.stringify(requestBody).replace(/^\{"query":"/, '')),
    );
    expect(writes).toEqual([]);
  });

  test('an app does as well as a token, with the key as GitHub hands it out', async () => {
    const { app, privateKey } = simulator.installApp('keeper');
    const file = join(directory, 'app.pem');
    await writeFile(file, privateKey);
    const environment = { GITHUB_APP_ID: String(app.id), GITHUB_APP_PRIVATE_KEY_FILE: file };
    const targets = `targets: [{ repo: ${REPO}, inbox: on, status: true }]`;
    expect(await problems({ environment, targets })).toEqual([]);
    expect(simulator.statuses()).toEqual([]);
  });

  test('prints, and gives 0 or 1', async () => {
    await run();
    let text = '';
    const print = (more: string) => {
      text += more;
    };
    expect(await doctor({ url: undefined, readOnly: false }, portsOf({}), print)).toBe(0);
    expect(text).toMatch(/^ok {7}config: 1 target/);
    expect(text).toMatch(/\nwarning {2}cloudflare: wrangler is not logged in.*\n {9}→ `npx wrangler login`\.\n/);
    expect(text).toMatch(/\n11 ok, 2 warnings, 0 wrong\n$/);
    expect(
      await doctor({ url: undefined, readOnly: false }, portsOf({ environment: { GITHUB_TOKEN: 'x' } }), print),
    ).toBe(1);
  });
});

describe('the configuration', () => {
  test.each<[string, Case, string]>([
    ['a mistake', { targets: 'targets:\n  - repo: homelab\n' }, 'wrong config targets-mistaken'],
    [
      'the placeholder',
      { targets: 'targets: [{ repo: your-name/your-ops-repo }]', environment: {} },
      'wrong config targets-placeholder',
    ],
    ['no cron', { wranglerToml: WRANGLER_TOML.replace('"17 4 * * *"', '') }, 'wrong config no-cron'],
    ['no address', { wranglerToml: WRANGLER_TOML.replace(/https:[^"]*/, '') }, 'warning config no-dashboard-url'],
    ['no credentials', { environment: {} }, 'warning github no-credentials'],
    ['an app without its key', { environment: { GITHUB_APP_ID: '1' } }, 'wrong github credentials-mistaken'],
    [
      'a key file that is not there',
      { environment: { GITHUB_APP_ID: '1', GITHUB_APP_PRIVATE_KEY_FILE: '/no/file' } },
      'wrong github credentials-mistaken',
    ],
  ])('%s', async (_, given, expected) => expect(await problems(given)).toContain(expected));

  test('a mistake is named with its line', async () => {
    const lines = await run({ targets: 'targets:\n  - repo: homelab\n' });
    expect(lines[0]?.text).toContain('bindings/targets.yaml:2: targets.0.repo: must be of the form owner/name');
  });
});

describe('GitHub', () => {
  const limited = (permissions: Record<string, 'read' | 'write'>) => {
    simulator.addToken({ token: 'token-with-limits', login: 'lanekeeper-bot', permissions });
    return { environment: { GITHUB_TOKEN: 'token-with-limits' } };
  };
  const stranger = () => {
    simulator.addToken({ token: 'token-of-a-stranger', login: 'stranger' });
    return { environment: { GITHUB_TOKEN: 'token-of-a-stranger' } };
  };
  const fault = (operation: string, kind: 'error-503' | 'secondary-limit') => {
    simulator.faults.add({ match: { operation }, kind, times: 9 });
    return {};
  };
  const app = (permissions: undefined, repositories: string[]) => {
    const { app: installed, privateKey } = simulator.installApp('keeper', permissions, repositories);
    return { environment: { GITHUB_APP_ID: String(installed.id), GITHUB_APP_PRIVATE_KEY: privateKey } };
  };
  const target = (more: string) => ({ targets: `targets: [{ repo: ${REPO}, ${more} }]` });

  test.each<[string, () => Case, readonly string[]]>([
    [
      'a token that was revoked',
      () => ({ environment: { GITHUB_TOKEN: 'token-that-is-gone' } }),
      ['wrong you/homelab credentials-refused'],
    ],
    [
      'a key that is none',
      () => ({ environment: { GITHUB_APP_ID: '1', GITHUB_APP_PRIVATE_KEY: 'no PRIVATE KEY' } }),
      ['wrong you/homelab credentials-refused'],
    ],
    [
      'an app that is installed elsewhere',
      () => app(undefined, ['you/workbench']),
      ['wrong you/homelab app-not-installed'],
    ],
    ['a token that does not reach it', stranger, ['wrong you/homelab repo-invisible']],
    ['no permission to read files', () => limited({ issues: 'write' }), ['wrong you/homelab contents-unreadable']],
    ['no permission for issues', () => limited({ contents: 'read' }), ['wrong you/homelab issues-unreadable']],
    [
      'issues that may only be read',
      () => limited({ contents: 'read', issues: 'read' }),
      ['wrong you/homelab issues-unwritable'],
    ],
    [
      'the same in a dry run',
      () => ({ ...limited({ contents: 'read', issues: 'read' }), ...target('inbox: dry-run') }),
      ['warning you/homelab issues-unwritable'],
    ],
    [
      'no permission for statuses',
      () => ({ ...limited({ contents: 'read', issues: 'write' }), ...target('status: true') }),
      ['wrong you/homelab statuses-unwritable'],
    ],
    [
      'no permission for the checks of CI',
      () => ({ ...limited({ contents: 'read', issues: 'write' }), ...target('checks: [tests]') }),
      ['wrong you/homelab checks-unreadable'],
    ],
    [
      'the same where the repository itself names checks',
      () => ({ ...limited({ contents: 'read', issues: 'write' }), ...target('branch: ci-gates, governance: none') }),
      ['wrong you/homelab checks-unreadable'],
    ],
    ['no such branch', () => target('branch: trunk'), ['wrong you/homelab branch-missing']],
    ['no commit yet', () => ({ targets: 'targets: [{ repo: you/empty }]' }), ['wrong you/empty branch-missing']],
    [
      'a branch without a part of its governance',
      () => target('branch: half-governed'),
      ['wrong you/homelab governance-missing'],
    ],
    ['a branch without governance', () => target('branch: ungoverned'), []],
    ['the same where nobody wants it', () => target('branch: half-governed, governance: none'), []],
    [
      'a sibling that is not there',
      () => target('siblings: { workbench: { repo: you/gone } }'),
      ['wrong you/homelab sibling-unreadable'],
    ],
    ['GitHub on a bad day', () => fault('repos/get', 'error-503'), ['wrong you/homelab github-silent']],
    ['a limit', () => fault('repos/get', 'secondary-limit'), ['warning you/homelab rate-limited']],
  ])('%s', async (_, arrange, expected) => expect(await problems(arrange())).toEqual(expected));

  test('issues of a former account are named, until the account is', async () => {
    const repositoryId = simulator.repository().id;
    const marker = { about: 'alpha', repositoryId, sha: 'a', key: 'alpha', findings: [], known: [] };
    const body = asBlock(formatMarker(marker), 'It fails.');
    const number = simulator.actAs('old-bot').openIssue({ title: 'alpha is failing', body, labels: ['audit'] });
    expect(await problems()).toEqual(['wrong you/homelab former-author']);
    expect(await problems(target('formerAuthors: [old-bot]'))).toEqual([]);
    simulator.actAs('you').close(number);
    expect(await problems()).toEqual([]);
  });

  test('issues that are switched off', async () => {
    simulator.repository().hasIssues = false;
    expect(await problems()).toEqual(['wrong you/homelab issues-off']);
  });

  test('an archived repository', async () => {
    simulator.repository().archived = true;
    expect(await problems()).toEqual(['wrong you/homelab repo-archived']);
  });

  test('a renamed repository', async () => {
    simulator.renameRepository('lab');
    expect(await problems()).toContain('wrong you/homelab repo-renamed');
  });

  test('a file that lacks governance is named', async () => {
    const lines = await run(target('branch: half-governed'));
    expect(lines.find(({ state }) => state === 'wrong')?.text).toContain(
      'ops/bindings/gate.execution.topology.yaml: this governance file is missing',
    );
  });
});

describe('Cloudflare', () => {
  const loggedIn = { 'whoami --json': '{"loggedIn":true,"email":"you@example.com"}' };
  const secrets = (...names: string[]) => JSON.stringify(names.map((name) => ({ name, type: 'secret_text' })));

  test('a Worker with all its secrets', async () => {
    const held = secrets('GITHUB_TOKEN', 'WEBHOOK_SECRET', 'DASHBOARD_TOKEN');
    const lines = await run({ wrangler: { ...loggedIn, 'secret list': held } });
    expect(lines.map(({ text }) => text)).toContain('the Worker holds GITHUB_TOKEN, WEBHOOK_SECRET, DASHBOARD_TOKEN');
  });

  test('a Worker that lacks some', async () => {
    const lines = await run({ wrangler: { ...loggedIn, 'secret list': secrets('GITHUB_APP_ID', 'WEBHOOK_SECRET') } });
    const missing = lines
      .filter(({ diagnosis }) => diagnosis === 'secret-missing')
      .map(({ text }) => text.split(': ')[1]);
    expect(missing).toEqual(['GITHUB_APP_PRIVATE_KEY', 'DASHBOARD_TOKEN']);
  });

  test('no Worker yet', async () => {
    expect(await problems({ wrangler: loggedIn })).toEqual(['warning cloudflare not-deployed']);
  });
});

describe('the deployed Worker', () => {
  const delivery = { mode: 'on', planned: 0, errors: [] };
  const audit = (hours: number, more = {}) => {
    const now = new Date(Date.now() - hours * 3_600_000).toISOString();
    return { trigger: 'cron', report: { now, complete: true }, delivery, ...more };
  };

  const problem = (title: string) => ({ type: 'about:blank', title });

  /** A Worker that answers as the real one would; `answers` replaces bodies and statuses by path. */
  async function worker(answers: Readonly<Record<string, readonly [number, unknown]>> = {}): Promise<string> {
    const usual: Record<string, readonly [number, unknown]> = {
      '/healthz': [200, { status: 'ok', targets: 1 }],
      [`/api/repos/${REPO}/progress`]: [200, { stage: 'done', auditId: 'a' }],
      [`/api/repos/${REPO}/latest`]: [200, audit(2)],
      '/api/targets': [200, { targets: [{ repo: REPO }] }],
      '/webhooks/github': [200, { status: 'pong' }],
      [`/api/repos/${REPO}/results`]: [401, problem('The results were refused')],
    };
    const app = new Hono().all('*', (context) => {
      const [status, body] = answers[context.req.path] ?? usual[context.req.path] ?? [404, { title: 'Not found' }];
      return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
    });
    return new Promise((done) => {
      const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
        done(`http://127.0.0.1:${port}`),
      );
      servers.push(server);
    });
  }

  const environment = { DASHBOARD_TOKEN: TOKEN, WEBHOOK_SECRET: SECRET };
  const unavoidable = ['no-credentials', 'deliveries-unseen'];

  async function found(url: string, given: Readonly<Record<string, string>> = environment): Promise<readonly string[]> {
    const lines = await problems({ url, environment: given });
    return lines.filter((line) => !unavoidable.some((name) => line.endsWith(name)));
  }

  test('that is well', async () => {
    const url = await worker();
    const lines = await run({ url: `${url}/`, environment });
    const said = lines.filter(({ about }) => ['worker', 'webhook', REPO].includes(about)).map(({ text }) => text);
    expect(said[0]).toBe(`${url} answers, and its storage can be read`);
    expect(said[1]).toMatch(/^the last audit is of .*, 2 h ago, by cron$/);
    expect(said[2]).toBe('a ping with this secret is taken');
  });

  test.each<[string, Parameters<typeof worker>[0], readonly string[]]>([
    [
      'a target it does not know',
      { [`/api/repos/${REPO}/progress`]: [404, problem('No such target')] },
      ['wrong you/homelab target-not-deployed'],
    ],
    [
      'no audit yet',
      { [`/api/repos/${REPO}/latest`]: [404, problem('No audit')] },
      ['warning you/homelab audit-pending'],
    ],
    [
      'an audit of the day before yesterday',
      { [`/api/repos/${REPO}/latest`]: [200, audit(40)] },
      ['wrong you/homelab audit-stale'],
    ],
    [
      'an audit that could not audit',
      {
        [`/api/repos/${REPO}/latest`]: [
          200,
          audit(1, { report: { now: '2026-11-22T00:00:00Z', complete: false, error: 'no access' } }),
        ],
      },
      ['wrong you/homelab audit-failed'],
    ],
    [
      'writes that failed',
      {
        [`/api/repos/${REPO}/latest`]: [200, audit(1, { delivery: { ...delivery, planned: 1, errors: ['refused'] } })],
      },
      ['wrong you/homelab delivery-failed'],
    ],
    [
      'another dashboard token',
      { [`/api/repos/${REPO}/progress`]: [401, problem('A token is needed')] },
      ['wrong worker dashboard-token-refused'],
    ],
    [
      'no dashboard token set',
      { [`/api/repos/${REPO}/progress`]: [503, problem('No access')] },
      ['wrong worker secret-missing'],
    ],
    [
      'another webhook secret',
      { '/webhooks/github': [401, problem('The signature does not match')] },
      ['wrong webhook webhook-secret-refused'],
    ],
    [
      'no webhook secret set',
      { '/webhooks/github': [503, problem('not set')] },
      ['wrong webhook webhook-secret-unset'],
    ],
    [
      'a target that was taken out',
      { '/api/targets': [200, { targets: [{ repo: REPO }, { repo: 'you/old' }], former: ['you/older'] }] },
      ['warning you/old left-behind', 'warning you/older left-behind'],
    ],
    [
      'a Worker without settings',
      { '/healthz': [503, problem('Lanekeeper is not set up')] },
      ['wrong worker not-set-up'],
    ],
    ['a Worker that fails', { '/healthz': [500, problem('Internal error')] }, ['wrong worker worker-broken']],
    ['something else', { '/healthz': [200, 'hello'] }, ['wrong worker not-lanekeeper']],
    ['a stale one', { '/healthz': [503, { status: 'stale' }] }, []],
  ])('%s', async (_, answers, expected) => expect(await found(await worker(answers))).toEqual(expected));

  describe('what runners and machines report', () => {
    const RESULTS = `/api/repos/${REPO}/results`;
    const SECRET_HERE = { ...environment, RESULTS_SECRET: 'a results secret for tests' };
    const run = {
      number: 'L1',
      name: 'plan-is-empty',
      verdict: 'blind',
      ours: true,
      runs: 'bash plan.sh',
      findings: [],
    };
    const quiet = { number: 'R14', name: 'reports-keep-arriving', verdict: 'skip', ours: true, findings: [] };
    const silent = { ...quiet, verdict: 'fail', findings: [{ message: 'Nothing has been reported since Monday.' }] };
    const facts = { ...quiet, number: 'R11', name: 'backups-are-fresh', verdict: 'blind', facts: ['backups'] };
    const saying = (...gates: readonly unknown[]) => {
      const { report, ...rest } = audit(2);
      return { [`/api/repos/${REPO}/latest`]: [200, { ...rest, report: { ...report, gates } }] as const };
    };
    const unset = { [RESULTS]: [503, problem('The results were refused')] as const };

    test.each<[string, Parameters<typeof worker>[0], Readonly<Record<string, string>>, readonly string[]]>([
      ['no secret, and nothing that would need one', { ...saying(quiet), ...unset }, environment, []],
      [
        'no secret, and a gate that waits for a runner',
        { ...saying(run, quiet), ...unset },
        environment,
        ['warning you/homelab results-secret-unset', 'warning you/homelab nothing-reported'],
      ],
      ['no secret there, but one here', unset, SECRET_HERE, ['warning you/homelab results-secret-unset']],
      ['another secret', {}, SECRET_HERE, ['wrong you/homelab results-secret-refused']],
      ['the same secret', { [RESULTS]: [422, problem('The results were refused')] }, SECRET_HERE, []],
      ['an older Worker', { [RESULTS]: [404, problem('Not found')] }, environment, ['wrong you/homelab worker-broken']],
      ["the dead-man's switch", saying(run, silent), environment, ['wrong you/homelab reports-silent']],
      ['results that arrive, for another gate', saying(run, { ...quiet, verdict: 'pass' }), environment, []],
      [
        'facts that are too old',
        saying({ ...facts, reason: 'pve posted backups 40 hours ago' }, { ...quiet, verdict: 'pass' }),
        environment,
        ['warning you/homelab facts-unusable'],
      ],
      ['facts that nobody posts', saying({ ...facts, verdict: 'skip' }, quiet), environment, []],
    ])('%s', async (_, answers, given, expected) =>
      expect(await found(await worker(answers), given)).toEqual(expected),
    );

    test.each([
      [30_000, []],
      [120_000, ['warning clock clock-differs']],
      [-3_600_000, ['wrong clock clock-differs']],
    ] as const)('a clock that is %i ms ahead', async (ahead, expected) => {
      const url = await worker();
      const lines = await problems({ url, environment: SECRET_HERE, ahead });
      expect(lines.filter((line) => line.includes('clock'))).toEqual(expected);
      // A right key is refused, too, while the clock is that wrong.
      if (ahead < 0) expect(lines).not.toContain('wrong you/homelab results-secret-refused');
    });
  });

  test('nothing at the address', async () => {
    expect(await found('http://127.0.0.1:9')).toEqual(['wrong worker worker-unreachable']);
  });

  test('what is not given here is not tried', async () => {
    expect(await found(await worker(), {})).toEqual([
      'warning worker no-dashboard-token',
      'warning webhook no-webhook-secret',
    ]);
  });
});

describe('the table of troubles', () => {
  test('every problem is one that some test has produced', () => {
    expect(Object.keys(DIAGNOSES).filter((name) => !seen.has(name as DiagnosisName))).toEqual([]);
  });

  test('every problem has a remedy, and a row of docs/troubleshooting.md', () => {
    const [doctor = ''] = troubleshootingPage().split('\n## ');
    const rows = doctor.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(Object.keys(DIAGNOSES).length + 1);
    for (const { says, remedy } of Object.values(DIAGNOSES)) {
      expect(says).toMatch(/^[^A-Z].*[^.]$|^`|^GitHub|^Cloudflare/);
      expect(remedy).toMatch(/\.$/);
    }
  });

  test('code on the page shows its angle brackets, prose has them escaped', () => {
    expect(troubleshootingPage()).toContain('`npx wrangler secret put <name>`');
    expect(troubleshootingPage()).not.toContain('&lt;');
  });
});
