/** Results and facts from their post to the issue, with the real coordinator, web and GitHub adapters at the simulator. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createScratchRepository, type ScratchRepository } from '../../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { parseTargets } from '../../src/config/targets.ts';
import { Coordinator } from '../../src/coordinator/coordinator.ts';
import { memoryBlobCache } from '../../src/core/blob-cache.ts';
import { DAY, HOUR, MINUTE } from '../../src/core/durations.ts';
import type { Gate } from '../../src/core/gate.ts';
import type { GateReport } from '../../src/core/report.ts';
import { gates } from '../../src/gates/index.ts';
import { SOUND } from '../../src/gates/lib/resilience/examples.ts';
import { openTarget } from '../../src/open-target.ts';
import { resultsKey, signResults } from '../../src/reported/hmac.ts';
import { createWorkflowVerifier } from '../../src/reported/oidc.ts';
import { kvStore } from '../../src/store/kv.ts';
import { memoryKeyValue } from '../../src/store/memory.ts';
import { sqliteLedger } from '../../src/store/sqlite.ts';
import { createApp } from '../../src/web/app.ts';
import { governanceFiles } from '../audit/governed-repo.ts';
import { sqliteStorage } from '../coordinator/stored-nights.ts';
import { AUDIENCE, createTestIssuer, type TestIssuer } from './issuer.ts';

const REPO = 'you/homelab';
const PACKED = '\u001f\u008b\b';
const SECRET = 'a secret of the Worker';
const TOKEN = 'dashboard-token-for-tests';
const START = Date.parse('2026-02-18T04:17:00Z');

/** Needs a machine, so that only a report can decide it. */
const hostGate: Gate = {
  name: 'daemon-runs',
  mirrors: [],
  why: 'It shows a gate that only a machine can check.',
  fix: 'Start the daemon.',
  rules: {},
  reads: [],
  *check() {
    yield { blind: 'needs ssh' };
  },
  examples: { pass: [], fail: [] },
};

let scratch: ScratchRepository;
let simulator: GitHubSimulator;
let issuer: TestIssuer;
let now: number;
/** Milliseconds, where the target says so. */
let resultsMaxAge: number | undefined;
let head: string;
let coordinator: Coordinator;
let app: ReturnType<typeof createApp>;
const store = { current: kvStore(memoryKeyValue()) };

beforeEach(async () => {
  now = START;
  resultsMaxAge = undefined;
  scratch = createScratchRepository();
  head = scratch.commit(
    {
      ...governanceFiles({
        topology: 'gate_assignments: [{ gate_id: D900, primary_domain: infra }]\n',
        registry:
          'gates: [{ id: D900, name: daemon-runs, category: infra, severity: high, check_script: verify.sh }]\n',
      }),
      ...SOUND,
      'verify.sh': '#!/bin/sh\n',
    },
    { executable: ['verify.sh'] },
  );
  simulator = await startGitHubSimulator({
    repositories: [{ owner: 'you', name: 'homelab', gitDir: scratch.gitDir }],
    now: new Date(now),
  });
  issuer = await createTestIssuer(() => START);
  const targets = parseTargets(`targets: [{ repo: ${REPO}, inbox: on, checks: [pytest] }]`);
  const [target] = targets;
  if (!target) throw new Error('no target');
  const settings = parseSettings({ GITHUB_API_URL: simulator.url, GITHUB_TOKEN: simulator.token });
  const blobs = memoryBlobCache();
  store.current = kvStore(memoryKeyValue());
  coordinator = new Coordinator({
    repo: REPO,
    ledger: sqliteLedger(sqliteStorage()),
    store: store.current,
    gates: [...gates.filter(({ own }) => own), hostGate],
    defaultRegistry: { gates: [], lanes: [] },
    engine: 'test',
    now: () => now,
    wakeAt: () => {},
    persist: async () => {},
    openTarget: async () => {
      const opened = await openTarget(target, settings, blobs, () => now);
      return resultsMaxAge === undefined ? opened : { ...opened, resultsMaxAge };
    },
    log: () => {},
  });
  app = createApp(() => ({
    targets,
    store: store.current,
    webhookSecret: undefined,
    dashboardToken: TOKEN,
    resultsSecret: SECRET,
    verifyWorkflow: createWorkflowVerifier({ audience: AUDIENCE, fetch: issuer.fetch }),
    githubWebUrl: 'https://github.com',
    now: () => now,
    coordinator: () => ({
      request: async (request) => coordinator.request(request),
      receiveWebhook: async (...given) => coordinator.receiveWebhook(...given),
      accept: async (acceptance) => coordinator.accept(acceptance),
      receiveResults: async (posted, proof) => coordinator.receiveResults(posted, proof),
      forgetResults: async (runner) => coordinator.forgetResults(runner),
      progress: async () => coordinator.progress,
    }),
  }));
  simulator.reportCheckRun({ sha: head, name: 'pytest', conclusion: 'success' });
  await audit();
}, 60_000);
afterEach(async () => {
  expect(simulator.violations).toEqual([]);
  await simulator.close();
  scratch.remove();
});

/** Runs what is pending, after a cron where nothing is. */
async function audit(): Promise<void> {
  coordinator.request({ trigger: 'cron', at: now });
  await coordinator.run();
}

function pass(milliseconds: number): void {
  now += milliseconds;
  simulator.clock.advance(milliseconds);
}

async function gate(number: string): Promise<GateReport> {
  const found = (await store.current.latest(REPO))?.report.gates.find((one) => one.number === number);
  if (!found) throw new Error(`no gate ${number}`);
  return found;
}

function bodyOf(change: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    schemaVersion: 1,
    sha: head,
    at: new Date(now).toISOString(),
    runner: 'mac-mini',
    results: [{ gate: 'D900', verdict: 'pass' }],
    ...change,
  });
}

async function post(
  body: string,
  headers?: Readonly<Record<string, string>>,
): Promise<{ status: number; detail: string }> {
  const key = await resultsKey(SECRET, REPO, 1);
  const proof = headers ?? { 'x-lanekeeper-signature': await signResults(key, body, now) };
  const answer = await app.request(`/api/repos/${REPO}/results`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...proof },
  });
  const { detail = '' } = (await answer.json()) as { detail?: string };
  return { status: answer.status, detail };
}

async function report(verdict: 'pass' | 'fail', findings: readonly object[] = []): Promise<void> {
  expect(await post(bodyOf({ results: [{ gate: 'D900', verdict, findings }] }))).toMatchObject({ status: 202 });
  await coordinator.run();
}

describe('a result that is posted', () => {
  test('decides the gate that an audit could not check, and opens and closes its issue', async () => {
    expect(await gate('D900')).toMatchObject({ verdict: 'blind', reason: 'needs ssh' });
    await report('pass');
    expect(await gate('D900')).toMatchObject({ verdict: 'pass', reported: { runner: 'mac-mini' } });
    pass(HOUR);
    await report('fail', [{ subject: 'daemon', message: 'The daemon is gone.' }]);
    expect(simulator.issues().map(({ title, state }) => `${state} ${title}`)).toContain(
      'open D900 daemon-runs is failing',
    );
    pass(HOUR);
    await report('pass');
    expect(simulator.issues().map(({ title, state }) => `${state} ${title}`)).toContain(
      'closed D900 daemon-runs is failing',
    );
  });

  test('is blind again when it is too old, and when the branch has another commit; neither closes an issue', async () => {
    await report('pass');
    pass(HOUR);
    await report('fail', [{ subject: 'daemon', message: 'The daemon is gone.' }]);
    scratch.commit({ 'README.md': 'hello\n' });
    pass(HOUR);
    await audit();
    expect(await gate('D900')).toMatchObject({ verdict: 'blind', reason: expect.stringContaining('is for commit') });
    pass(2 * DAY);
    await audit();
    expect(await gate('D900')).toMatchObject({ verdict: 'blind', reason: expect.stringContaining('too old to count') });
    expect(simulator.issues().map(({ title, state }) => `${state} ${title}`)).toContain(
      'open D900 daemon-runs is failing',
    );
  });

  test('is not pushed out by any number of others that say otherwise', async () => {
    await report('fail', [{ subject: 'daemon', message: 'The daemon is gone.' }]);
    for (let other = 1; other <= 12; other++) {
      pass(MINUTE);
      await post(bodyOf({ runner: `other-${other}` }));
    }
    await coordinator.run();
    expect(await gate('D900')).toMatchObject({ verdict: 'fail', reported: { runner: 'mac-mini' } });
    pass(MINUTE);
    await report('pass');
    expect(await gate('D900')).toMatchObject({ verdict: 'pass' });
  });

  test('can come from a workflow of the audited branch', async () => {
    const authorization = `Bearer ${await issuer.token({ repository_id: String(simulator.repository().id) })}`;
    expect(await post(bodyOf(), { authorization })).toMatchObject({ status: 202 });
    expect(await post(bodyOf(), { authorization })).toMatchObject({ status: 409 });
  });

  test('is forgotten on request', async () => {
    await report('pass');
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await app.request(`/api/repos/${REPO}/results`, { method: 'DELETE' })).status).toBe(401);
    expect((await app.request(`/api/repos/${REPO}/results`, { method: 'DELETE', headers })).status).toBe(202);
    await coordinator.run();
    expect((await gate('D900')).verdict).toBe('blind');
    expect((await gate('R14')).verdict).toBe('skip');
  });
});

describe('a post that is not what it says', () => {
  test.each<[string, () => Promise<{ status: number; detail: string }>, number, string]>([
    ['nothing to prove it', () => post(bodyOf(), {}), 401, 'Send a token of GitHub Actions'],
    ['the dashboard token', () => post(bodyOf(), { authorization: `Bearer ${TOKEN}` }), 401, 'not signed by GitHub'],
    [
      'a made-up signature',
      () => post(bodyOf(), { 'x-lanekeeper-signature': `t=${now / 1000},v1=${'0'.repeat(64)}` }),
      401,
      'not one by this',
    ],
    [
      'a body that was changed',
      async () => post(bodyOf({ runner: 'x' }), { 'x-lanekeeper-signature': await signed(bodyOf()) }),
      401,
      'not one by this',
    ],
    [
      'an old signature',
      async () => post(bodyOf(), { 'x-lanekeeper-signature': await signed(bodyOf(), now - 6 * MINUTE) }),
      401,
      'five minutes old',
    ],
    [
      'another key',
      async () => post(bodyOf(), { 'x-lanekeeper-signature': await signed(bodyOf(), now, 'you/other') }),
      401,
      'not one by this',
    ],
    ['an unknown gate', () => post(bodyOf({ results: [{ gate: 'D1', verdict: 'pass' }] })), 422, 'no gate D1'],
    [
      'the future',
      () => post(bodyOf({ at: new Date(now + 10 * MINUTE).toISOString() })),
      422,
      "set the runner's clock",
    ],
    ['no JSON', () => post('{'), 400, 'not JSON'],
    [
      'a pack of zeros',
      async () => post(PACKED, { 'x-lanekeeper-signature': await signed(PACKED), 'content-encoding': 'gzip' }),
      415,
      'Compressed bodies are not taken',
    ],
    [
      'lists in lists',
      () => post(`{"schemaVersion":1,"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
      400,
      'nested',
    ],
    ['a commit under two names', () => post(bodyOf().replace('"sha":', '"sha":"x","SHA":')), 422, 'sha'],
    ['keys of every object', () => post(bodyOf().replace('{', '{"__proto__":{"sha":null},')), 400, '__proto__'],
    [
      'a token of another branch',
      async () =>
        post(bodyOf(), {
          authorization: `Bearer ${await issuer.token({ ref: 'refs/pull/1/merge', repository_id: String(simulator.repository().id) })}`,
        }),
      403,
      'only runs on the branch',
    ],
    [
      'a token of another number',
      async () => post(bodyOf(), { authorization: `Bearer ${await issuer.token({ repository_id: '1' })}` }),
      403,
      'another repository',
    ],
    [
      'a token for another Worker',
      async () => post(bodyOf(), { authorization: `Bearer ${await issuer.token({ aud: 'https://x.example' })}` }),
      401,
      'its aud',
    ],
    [
      'the same gate twice',
      () =>
        post(
          bodyOf({
            results: [
              { gate: 'D900', verdict: 'pass' },
              { gate: 'daemon-runs', verdict: 'pass' },
            ],
          }),
        ),
      422,
      'twice',
    ],
    [
      'a path out of the repository',
      () =>
        post(
          bodyOf({
            results: [{ gate: 'D900', verdict: 'fail', findings: [{ subject: 'x', message: 'x', path: '../x' }] }],
          }),
        ),
      422,
      'a path in the repository',
    ],
    [
      'ten megabytes',
      () => post(bodyOf({ results: [{ gate: 'D900', verdict: 'fail', output: 'x'.repeat(10_000_000) }] })),
      413,
      'larger than',
    ],
  ])('%s is refused', async (_, send, status, detail) => {
    expect(await send()).toEqual({ status, detail: expect.stringContaining(detail) });
    expect((await gate('D900')).verdict).toBe('blind');
  });

  test('the same post a second time is refused', async () => {
    const body = bodyOf();
    const headers = { 'x-lanekeeper-signature': await signed(body) };
    expect((await post(body, headers)).status).toBe(202);
    expect(await post(body, headers)).toMatchObject({ status: 409 });
  });

  test('a repository that is not a target looks like one that may not be reported for', async () => {
    const answer = await app.request('/api/repos/you/secret/results', {
      method: 'POST',
      body: bodyOf(),
      headers: {
        'content-type': 'application/json',
        'x-lanekeeper-signature': await signed(bodyOf(), now, 'you/secret'),
      },
    });
    expect(answer.status).toBe(401);
  });

  async function signed(body: string, at = now, repo = REPO): Promise<string> {
    return signResults(await resultsKey(SECRET, repo, 1), body, at);
  }
});

describe('facts from machines', () => {
  async function night(hoursOld: number): Promise<void> {
    const time = (hours: number) => new Date(now - hours * HOUR).toISOString();
    const archive = (vmid: number, host: string, age = 2) => ({
      kind: 'vzdump',
      vmid,
      host,
      bytes: 1000,
      time: time(age),
    });
    const rows = [archive(200, 'pve', hoursOld), archive(105, 'home-pve'), archive(200, 'nas')];
    const facts = { backups: { at: new Date(now).toISOString(), rows } };
    expect((await post(bodyOf({ sha: null, results: [], facts }))).status).toBe(202);
    await coordinator.run();
  }

  test('a backup goes stale, an issue opens; a fresh archive closes it', async () => {
    expect((await gate('R11')).verdict).toBe('skip');
    await night(2);
    expect((await gate('R11')).verdict).toBe('pass');
    pass(DAY);
    await night(26);
    expect((await gate('R11')).findings).toMatchObject([{ rule: 'newest-archive-is-fresh', subject: 'vm:200' }]);
    expect(simulator.issues().map(({ title, state }) => `${state} ${title}`)).toContain(
      'open R11 backups-are-fresh is failing',
    );
    pass(HOUR);
    await night(1);
    expect(simulator.issues().map(({ title, state }) => `${state} ${title}`)).toContain(
      'closed R11 backups-are-fresh is failing',
    );
  });

  test('when nothing arrives any more, that is said once, and over when something does', async () => {
    await night(2);
    const title = 'R14 reports-keep-arriving is failing';
    for (let day = 0; day < 4; day++) {
      pass(DAY);
      await audit();
    }
    expect((await gate('R11')).verdict).toBe('blind');
    expect(simulator.issues().filter((issue) => issue.title === title)).toMatchObject([
      { state: 'open', comments: [] },
    ]);
    await night(2);
    expect(simulator.issues().filter((issue) => issue.title === title)).toMatchObject([{ state: 'closed' }]);
  });
});

describe("the dead man's switch", () => {
  const TITLE = 'R14 reports-keep-arriving is failing';

  async function postFacts(): Promise<void> {
    const facts = { guests: { at: new Date(now).toISOString(), rows: [] } };
    expect((await post(bodyOf({ sha: null, results: [], facts, runner: 'pve' }))).status).toBe(202);
    await coordinator.run();
  }

  test('a runner that goes on reporting results does not hide a host that posts no facts any more', async () => {
    await postFacts();
    for (let day = 0; day < 3; day++) {
      pass(DAY);
      await report('pass');
    }
    expect((await gate('R14')).findings).toMatchObject([
      { subject: 'facts:pve', message: expect.stringContaining('`pve` has posted no facts for 36 hours. Its newest') },
    ]);
    expect(simulator.issues().filter(({ title }) => title === TITLE)).toMatchObject([{ state: 'open', comments: [] }]);
    pass(MINUTE);
    await postFacts();
    expect(simulator.issues().filter(({ title }) => title === TITLE)).toMatchObject([{ state: 'closed' }]);
  });

  test('a host that goes on posting facts does not hide that results of gates stopped', async () => {
    await report('pass');
    for (let day = 0; day < 3; day++) {
      pass(DAY);
      await postFacts();
    }
    expect((await gate('R14')).findings).toMatchObject([{ subject: 'results' }]);
    expect((await gate('D900')).verdict).toBe('blind');
    pass(MINUTE);
    await report('pass');
    expect((await gate('R14')).verdict).toBe('pass');
  });

  test('a host that was given up is forgotten, and with it the alarm', async () => {
    await postFacts();
    await report('pass');
    pass(2 * DAY);
    await report('pass');
    expect((await gate('R14')).verdict).toBe('fail');
    const headers = { authorization: `Bearer ${TOKEN}` };
    await app.request(`/api/repos/${REPO}/results?runner=pve`, { method: 'DELETE', headers });
    await coordinator.run();
    expect((await gate('R14')).verdict).toBe('pass');
    expect(simulator.issues().filter(({ title }) => title === TITLE)).toMatchObject([{ state: 'closed' }]);
  });

  test('a target that believes results for another time is judged by that one at once', async () => {
    await report('pass');
    pass(2 * HOUR);
    await audit();
    expect((await gate('R14')).verdict).toBe('pass');
    resultsMaxAge = HOUR;
    await audit();
    expect((await gate('R14')).verdict).toBe('fail');
    resultsMaxAge = 3 * HOUR;
    await audit();
    expect((await gate('R14')).verdict).toBe('pass');
    expect((await gate('D900')).verdict).toBe('pass');
  });
});

describe('checks of CI', () => {
  test('are gates of a lane of their own, and are looked at again until they have ended', async () => {
    expect(await gate('C1')).toMatchObject({ name: 'check: pytest', verdict: 'pass', lanes: ['checks'] });
    const sha = scratch.commit({ 'README.md': 'hello\n' });
    simulator.reportCheckRun({ sha, name: 'pytest', conclusion: null });
    await audit();
    expect(await gate('C1')).toMatchObject({ verdict: 'blind', reason: 'The check pytest has not ended yet.' });
    const annotations = [{ level: 'failure', path: 'README.md', line: 1, title: null, message: 'no heading' }] as const;
    simulator.reportCheckRun({ sha, name: 'pytest', conclusion: 'failure', annotations });
    pass(HOUR);
    await audit();
    expect((await gate('C1')).findings).toMatchObject([{ path: 'README.md', line: 1, message: 'no heading' }]);
    expect(simulator.issues().map(({ title, state }) => `${state} ${title}`)).toContain(
      'open C1 check: pytest is failing',
    );
  });
});
