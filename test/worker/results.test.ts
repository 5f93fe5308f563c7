/** What CI, runners and machines say, from their post to the issue, in workerd. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, inject, test, vi } from 'vitest';
import type { GateReport } from '../../src/core/report.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { resultsKey, signResults } from '../../src/reported/hmac.ts';

const REPO = 'you/reporting';
const AGING = 'you/aging';
const SECRET = 'a results secret for tests';
const AUDIENCE = 'https://lanekeeper.example.workers.dev';
const authorized = { authorization: 'Bearer dashboard-token-for-tests' };
const HEAD = inject('reportingHead');
const SIGNATURE = 'x-lanekeeper-signature';

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(`http://lanekeeper.test${path}`, { headers: authorized, ...init });
}

async function latest(repo: string): Promise<StoredAudit | undefined> {
  const answer = await ask(`/api/repos/${repo}/latest`);
  return answer.ok ? ((await answer.json()) as StoredAudit) : undefined;
}

/** Audits until this holds of the last audit. */
async function untilAudited(repo: string, holds: (audit: StoredAudit) => boolean): Promise<StoredAudit> {
  const coordinator = env.COORDINATORS.get(env.COORDINATORS.idFromName(repo));
  return vi.waitFor(
    async () => {
      await runDurableObjectAlarm(coordinator);
      const audit = await latest(repo);
      if (!audit || !holds(audit)) throw new Error('not yet');
      return audit;
    },
    { timeout: 30_000, interval: 100 },
  );
}

async function auditNow(repo: string): Promise<StoredAudit> {
  const before = (await latest(repo))?.id;
  await ask('/api/audits', { method: 'POST', body: JSON.stringify({ repo }), headers: authorized });
  return untilAudited(repo, ({ id }) => id !== before);
}

function gateIn({ report }: StoredAudit, number: string): GateReport {
  const found = report.gates.find((one) => one.number === number || one.name === number);
  if (!found) throw new Error(`no gate ${number}`);
  return found;
}

async function onStage<T>(path: string, body: unknown = {}): Promise<T> {
  const answer = await fetch(`${inject('stageUrl')}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return answer.json();
}

function token(claims: Readonly<Record<string, unknown>> = {}, more: Readonly<Record<string, unknown>> = {}) {
  return onStage<string>('/token', { claims: { jti: crypto.randomUUID(), repository: REPO, ...claims }, ...more });
}

function bodyOf(change: Readonly<Record<string, unknown>> = {}): string {
  const results = [{ gate: 'D900', verdict: 'pass' }];
  const head = { schemaVersion: 1, sha: HEAD, at: new Date().toISOString(), runner: 'mac-mini' };
  return JSON.stringify({ ...head, results, ...change });
}

async function signed(body: string, { at = Date.now(), repo = REPO, secret = SECRET } = {}): Promise<string> {
  return signResults(await resultsKey(secret, repo, 1), body, at);
}

interface Answer {
  readonly status: number;
  readonly detail: string;
}

async function send(body: BodyInit, headers: Readonly<Record<string, string>>, repo = REPO): Promise<Answer> {
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
  const answer = await ask(`/api/repos/${repo}/results`, init);
  const { detail = '' } = await answer.json<{ detail?: string }>();
  return { status: answer.status, detail };
}

async function post(body: string, repo = REPO): Promise<Answer> {
  return send(body, { [SIGNATURE]: await signed(body, { repo }) }, repo);
}

async function byToken(body: string, jwt: string): Promise<Answer> {
  return send(body, { authorization: `Bearer ${jwt}` });
}

/** A body that is sent without a length, in pieces of so many bytes. */
function inPieces(text: string, size = 64_000): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let start = 0;
  return new ReadableStream({
    pull(controller) {
      if (start >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(start, start + size));
      start += size;
    },
  });
}

async function packed(text: string): Promise<ArrayBuffer> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
}

async function issuesOf(repo: string): Promise<readonly { title: string; state: string; comments: number }[]> {
  const headers = { 'user-agent': 'test', authorization: `Bearer ${inject('githubToken')}` };
  return (await fetch(`${inject('githubUrl')}/repos/${repo}/issues?state=all`, { headers })).json();
}

async function issue(title: string, repo = REPO) {
  return (await issuesOf(repo)).filter((one) => one.title === title);
}

beforeAll(async () => {
  await auditNow(REPO);
  await auditNow(AGING);
}, 60_000);

describe("CI's checks that the repo names", () => {
  test.each([
    ['success', 'pass', undefined],
    ['failure', 'fail', undefined],
    ['neutral', 'blind', 'ended as neutral'],
    ['cancelled', 'blind', 'was cancelled'],
    ['skipped', 'blind', 'was skipped'],
    ['timed_out', 'blind', 'ran out of time'],
    ['action_required', 'blind', 'waits for somebody'],
    ['startup_failure', 'blind', 'could not start'],
    ['stale', 'blind', 'was given up'],
    ['pending', 'blind', 'has not ended yet'],
    ['missing', 'blind', 'No check called missing ran'],
  ])('%s is %s', async (name, verdict, reason) => {
    const audit = await latest(REPO);
    const gate = audit && gateIn(audit, `check: ${name}`);
    expect(gate).toMatchObject({ verdict, lanes: ['checks'] });
    if (reason !== undefined) expect(gate?.reason).toContain(reason);
    if (verdict === 'fail')
      expect(gate?.findings).toMatchObject([{ path: 'plan.sh', line: 1, message: 'no such file' }]);
  });
});

describe('a forgery', () => {
  type Forge = () => Promise<Answer>;
  const withClaims = (claims: Readonly<Record<string, unknown>>) => async () => byToken(bodyOf(), await token(claims));
  const withResults =
    (...results: readonly object[]) =>
    () =>
      post(bodyOf({ results }));
  const now = () => Math.floor(Date.now() / 1000);
  const encode = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const claimsOf = (jwt: string) => jwt.split('.')[1] ?? '';

  /** A token whose signature is an HMAC by the issuer's public key, for verifiers that believe what a header says of its algorithm. */
  async function confused(): Promise<string> {
    const { keys } = await onStage<{ keys: readonly object[] }>('/jwk');
    const text = `${encode({ alg: 'HS256', kid: 'test-key' })}.${claimsOf(await token())}`;
    const usage = { name: 'HMAC', hash: 'SHA-256' };
    const secret = new TextEncoder().encode(JSON.stringify(keys[0]));
    const key = await crypto.subtle.importKey('raw', secret, usage, false, ['sign']);
    const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)));
    return `${text}.${btoa(String.fromCharCode(...mac))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')}`;
  }

  test.each<[string, number, string, Forge]>([
    ['without a proof', 401, 'Send a token', () => send(bodyOf(), {})],
    ['with the dashboard token', 401, 'not signed by GitHub', () => send(bodyOf(), authorized)],
    ['by a token of another repository', 403, 'token is for you/other', withClaims({ repository: 'you/other' })],
    ['by a token of a namesake', 403, 'another repository', withClaims({ repository_id: '1' })],
    ['by a token of another branch', 403, 'only runs on the branch main', withClaims({ ref: 'refs/heads/x' })],
    ['by a token of a pull request', 403, 'only runs on the branch main', withClaims({ ref: 'refs/pull/1/merge' })],
    ['by a token of a tag', 403, 'only runs on the branch main', withClaims({ ref: 'refs/tags/main' })],
    ['by a token for another audience', 401, 'its aud', withClaims({ aud: 'https://elsewhere.example' })],
    [
      'by a token of another issuer',
      401,
      'its iss',
      withClaims({ iss: 'https://token.actions.githubusercontent.com' }),
    ],
    ['by a token that has expired', 401, 'it has expired', withClaims({ exp: now() - 120 })],
    ['by a token of the future', 401, 'its nbf', withClaims({ nbf: now() + 600 })],
    ['by a token without an end', 401, 'its exp', withClaims({ exp: null })],
    ['by a token without an id', 401, 'it lacks claims', withClaims({ jti: null })],
    ["by a stranger's key", 401, 'not signed by', async () => byToken(bodyOf(), await token({}, { stranger: true }))],
    [
      'by a token that nobody signed',
      401,
      'not signed by',
      async () => byToken(bodyOf(), `${encode({ alg: 'none' })}.${claimsOf(await token())}.`),
    ],
    ['by the public key as a secret', 401, 'not signed by', async () => byToken(bodyOf(), await confused())],
    ['by a token that is cut', 401, 'not signed by', async () => byToken(bodyOf(), (await token()).slice(0, -8))],
    [
      'by a token with other claims',
      401,
      'not signed by',
      async () =>
        byToken(bodyOf(), (await token({ ref: 'refs/heads/x' })).replace(/\.[^.]+\./, `.${claimsOf(await token())}.`)),
    ],
    [
      'by a signature of another body',
      401,
      "not one by this repository's",
      async () => send(bodyOf({ runner: 'x' }), { [SIGNATURE]: await signed(bodyOf()) }),
    ],
    [
      'by a signature that is cut',
      401,
      'must be of the form',
      async () => send(bodyOf(), { [SIGNATURE]: (await signed(bodyOf())).slice(0, -2) }),
    ],
    [
      'by a signature the other way round',
      401,
      'must be of the form',
      async () => send(bodyOf(), { [SIGNATURE]: (await signed(bodyOf())).split(',').reverse().join(',') }),
    ],
    [
      'by a signature with two',
      401,
      'must be of the form',
      async () => send(bodyOf(), { [SIGNATURE]: `${await signed(bodyOf())},v1=${'0'.repeat(64)}` }),
    ],
    [
      'by a signature of ten minutes ago',
      401,
      'over five minutes old',
      async () => send(bodyOf(), { [SIGNATURE]: await signed(bodyOf(), { at: Date.now() - 600_000 }) }),
    ],
    [
      'by a signature of the future',
      401,
      'clock of the runner is wrong',
      async () => send(bodyOf(), { [SIGNATURE]: await signed(bodyOf(), { at: Date.now() + 600_000 }) }),
    ],
    [
      "by another repository's key",
      401,
      "not one by this repository's",
      async () => send(bodyOf(), { [SIGNATURE]: await signed(bodyOf(), { repo: AGING }) }),
    ],
    [
      "by another Worker's key",
      401,
      "not one by this repository's",
      async () => send(bodyOf(), { [SIGNATURE]: await signed(bodyOf(), { secret: 'a secret of someone else' }) }),
    ],
    ['for a repository that is none', 401, '', () => post(bodyOf(), 'you/nothing')],
    [
      'as a form',
      415,
      'application/json',
      async () => {
        const body = bodyOf();
        return send(body, { [SIGNATURE]: await signed(body), 'content-type': 'application/x-www-form-urlencoded' });
      },
    ],
    ['that is no JSON', 400, 'not JSON', () => post('{"schemaVersion":1')],
    ['of ten megabytes', 413, 'larger than', () => post(bodyOf({ padding: 'x'.repeat(10_000_000) }))],
    [
      'of the future',
      422,
      "set the runner's clock",
      () => post(bodyOf({ at: new Date(Date.now() + 600_000).toISOString() })),
    ],
    [
      'that is too old',
      422,
      'older than',
      () => post(bodyOf({ at: new Date(Date.now() - 40 * 3_600_000).toISOString() })),
    ],
    ['of another version', 422, 'schemaVersion', () => post(bodyOf({ schemaVersion: 2 }))],
    ['without a commit', 422, 'need the commit', () => post(bodyOf({ sha: null }))],
    ['of a commit that is no hex', 422, 'full commit id', () => post(bodyOf({ sha: 'z'.repeat(40) }))],
    ['of a short commit', 422, 'full commit id', () => post(bodyOf({ sha: HEAD.slice(0, 12) }))],
    ['of a gate that does not exist', 422, 'no gate D1', withResults({ gate: 'D1', verdict: 'pass' })],
    ['of a gate in another case', 422, 'no gate d900', withResults({ gate: 'd900', verdict: 'pass' })],
    [
      'of one gate twice',
      422,
      'reported twice',
      withResults({ gate: 'D900', verdict: 'fail' }, { gate: 'daemon-runs', verdict: 'pass' }),
    ],
    ['of a gate of ours', 422, 'An audit judges R11', withResults({ gate: 'R11', verdict: 'pass' })],
    ['of a check of CI', 422, 'An audit judges C2', withResults({ gate: 'C2', verdict: 'pass' })],
    ['of an unknown verdict', 422, 'results.0.verdict', withResults({ gate: 'D900', verdict: 'PASS' })],
    ['by a runner with markup', 422, 'short name', () => post(bodyOf({ runner: '<script>' }))],
    [
      'by a token whose issuer has a slash at its end',
      401,
      'its iss',
      async () => byToken(bodyOf(), await token({ iss: `${inject('stageUrl')}/` })),
    ],
    [
      'by a token for several audiences that are not this one',
      401,
      'its aud',
      withClaims({ aud: [`${AUDIENCE}/`, AUDIENCE.toUpperCase(), `${AUDIENCE}.evil.example`] }),
    ],
    [
      'by a token whose key id is a path',
      401,
      'not signed by',
      async () => byToken(bodyOf(), await token({}, { header: { kid: '../../test-key' } })),
    ],
    [
      "by a stranger's token that brings its key along",
      401,
      'not signed by',
      async () => {
        const { keys } = await onStage<{ keys: readonly object[] }>('/jwk');
        const header = { jwk: keys[0], jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x' };
        return byToken(bodyOf(), await token({}, { stranger: true, header }));
      },
    ],
    [
      'by a run about a pull request on the branch itself',
      403,
      'about a pull request',
      withClaims({ event_name: 'pull_request_target' }),
    ],
    ['by a token of a merge queue', 403, 'only runs on', withClaims({ ref: 'refs/heads/gh-readonly-queue/main/pr-1' })],
    ['by a token of a branch in another case', 403, 'only runs on', withClaims({ ref: 'refs/heads/Main' })],
    ['by a token of a fork', 403, 'token is for stranger/reporting', withClaims({ repository: 'stranger/reporting' })],
    ['by a token with a list for a name', 401, 'it lacks claims', withClaims({ repository: [REPO] })],
    [
      'by two signatures',
      401,
      'must be of the form',
      async () => send(bodyOf(), { [SIGNATURE]: `${await signed(bodyOf())}, ${await signed(bodyOf())}` }),
    ],
    ...['t=1e9', 't=-1', 't= 1771388220', 't=0x699', 't=1771388220.0', 't=9999999999999'].map(
      (time): [string, number, string, Forge] => [
        `by a signature of the time ${time}`,
        401,
        'must be of the form',
        async () => send(bodyOf(), { [SIGNATURE]: (await signed(bodyOf())).replace(/^t=\d+/, time) }),
      ],
    ),
    [
      'by an empty key',
      401,
      "not one by this repository's",
      async () => {
        const t = now();
        const text = new TextEncoder().encode(`${t}.${bodyOf()}`);
        const usage = { name: 'HMAC', hash: 'SHA-256' };
        // An empty key is one of zeros, however many.
        const key = await crypto.subtle.importKey('raw', new Uint8Array(64), usage, false, ['sign']);
        const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, text));
        const hex = [...mac].map((byte) => byte.toString(16).padStart(2, '0')).join('');
        return send(bodyOf(), { [SIGNATURE]: `t=${t},v1=${hex}` });
      },
    ],
    [
      'of the next generation of keys',
      401,
      "not one by this repository's",
      async () =>
        send(bodyOf(), { [SIGNATURE]: await signResults(await resultsKey(SECRET, REPO, 2), bodyOf(), Date.now()) }),
    ],
    [
      'that is compressed, and says so',
      415,
      'Compressed bodies are not taken',
      async () => send(await packed(bodyOf()), { [SIGNATURE]: await signed(bodyOf()), 'content-encoding': 'gzip' }),
    ],
    [
      'that is compressed, and does not say so',
      400,
      'not UTF-8',
      async () => send(await packed(bodyOf()), { [SIGNATURE]: await signed(bodyOf()) }),
    ],
    [
      'of a hundred megabytes in a hundred kilobytes',
      415,
      'Compressed bodies are not taken',
      async () =>
        send(await packed('0'.repeat(100_000_000)), { [SIGNATURE]: await signed('0'), 'content-encoding': 'gzip' }),
    ],
    ['with a key twice', 400, '"results" stands twice', () => post(bodyOf().replace(/}$/, ',"results":[]}'))],
    [
      'with a table twice',
      400,
      '"guests" stands twice',
      () => {
        const table = `"guests":{"at":"${new Date().toISOString()}","rows":[]}`;
        return post(bodyOf({ results: [] }).replace(/}$/, `,"facts":{${table},${table}}}`));
      },
    ],
    ['of lists in lists', 400, 'nested more than', () => post(`${'['.repeat(450_000)}${']'.repeat(450_000)}`)],
    [
      'of objects in objects under a key that stands twice',
      400,
      'nested more than',
      () => post(bodyOf().replace('{', `{"sha":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)},`)),
    ],
    ...['', 'text/plain', 'application/jsonl', 'application/json; charset=utf-16', 'application/json, text/html'].map(
      (type): [string, number, string, Forge] => [
        `of the type ${JSON.stringify(type)}`,
        415,
        'must be application/json, in UTF-8',
        async () => send(bodyOf(), { [SIGNATURE]: await signed(bodyOf()), 'content-type': type }),
      ],
    ),
    ['in UTF-16, signed as it is', 400, 'null bytes, as UTF-16', () => post([...bodyOf()].join('\0'))],
    ['behind a mark of byte order, signed as it is', 400, 'byte order mark', () => post(`\ufeff${bodyOf()}`)],
    [
      'in pieces without a length, of ten megabytes',
      413,
      'larger than',
      async () => send(inPieces('x'.repeat(10_000_000)), { [SIGNATURE]: await signed('x') }),
    ],
    [
      'with bytes that are no text in place of a letter',
      400,
      'not UTF-8',
      async () => {
        const body = bodyOf({ results: [{ gate: 'D900', verdict: 'pass', output: '\ufffd' }] });
        const bytes = [...new TextEncoder().encode(body)];
        const at = bytes.indexOf(0xef);
        bytes.splice(at, 3, 0xff);
        return send(Uint8Array.from(bytes), { [SIGNATURE]: await signed(body) });
      },
    ],
    [
      'with a mark of byte order before it',
      401,
      "not one by this repository's",
      async () => send(`\ufeff${bodyOf()}`, { [SIGNATURE]: await signed(bodyOf()) }),
    ],
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', ' D900', 'D900\n', ''].map(
      (gate): [string, number, string, Forge] => [
        `of a gate called ${JSON.stringify(gate)}`,
        422,
        '',
        withResults({ gate, verdict: 'pass' }),
      ],
    ),
    [
      'of a gate of ours by its name',
      422,
      'An audit judges backups-are-fresh',
      withResults({ gate: 'backups-are-fresh', verdict: 'pass' }),
    ],
    ["of the dead man's switch", 422, 'An audit judges R14', withResults({ gate: 'R14', verdict: 'pass' })],
    ...['../../../evil/repo', '/etc/passwd', 'a/../../b', 'a//b', 'a\\..\\b', 'a\nb', './a', ''].map(
      (path): [string, number, string, Forge] => [
        `with a finding at ${JSON.stringify(path)}`,
        422,
        'results.0.findings.0.path',
        withResults({ gate: 'D900', verdict: 'fail', findings: [{ subject: 'x', message: 'x', path }] }),
      ],
    ),
    [
      'with a finding at a line without end',
      422,
      'findings.0.line',
      withResults({ gate: 'D900', verdict: 'fail', findings: [{ subject: 'x', message: 'x', line: 1e300 }] }),
    ],
    [
      'with a number beyond all numbers',
      422,
      'facts.guests.rows.0.vmid',
      () =>
        post(
          bodyOf({ facts: { guests: { at: new Date().toISOString(), rows: [{ vmid: 7 }] } } }).replace(
            '"vmid":7',
            '"vmid":1e999',
          ),
        ),
    ],
    [
      'with facts of the future',
      422,
      'facts.guests.at is in the future',
      () => post(bodyOf({ facts: { guests: { at: '9999-12-31T23:59:59Z', rows: [] } } })),
    ],
    ...[
      'yesterday',
      '2026-02-18',
      '2026-02-18T04:17:00',
      '2026-02-30T04:17:00Z',
      '2026-02-18T24:00:01Z',
      '-000001-01-01T00:00:00Z',
    ].map((at): [string, number, string, Forge] => [
      `of the time ${at}`,
      422,
      'at: must be',
      () => post(bodyOf({ at })),
    ]),
    [
      'with a table called like what all objects have',
      422,
      'constructor',
      () => post(bodyOf({ facts: { 'constructor!': { at: '2026-02-18T04:17:00Z', rows: [] } } })),
    ],
  ])('%s is refused with %i', async (_, status, detail, forge) => {
    const before = await latest(REPO);
    expect(await forge()).toEqual({ status, detail: expect.stringContaining(detail) });
    expect((await latest(REPO))?.id).toBe(before?.id);
  });

  test('by sending what was taken once again is refused, by signature and by token', async () => {
    const body = bodyOf({ results: [] });
    const headers = { [SIGNATURE]: await signed(body) };
    expect([(await send(body, headers)).status, (await send(body, headers)).status]).toEqual([202, 409]);
    const jwt = await token();
    expect([(await byToken(body, jwt)).status, (await byToken(body, jwt)).status]).toEqual([202, 409]);
  });
});

describe('what looks odd and harms nobody', () => {
  test('names that every object has are data like any other, but for the one that would get lost', async () => {
    const rows = [{ constructor: 'x', toString: 'y', host: 'pve' }];
    const body = bodyOf({ results: [], facts: { odd: { at: new Date().toISOString(), rows } } });
    expect((await post(body)).status).toBe(202);
    const lost = body.replace('{"constructor"', '{"__proto__":{"polluted":true},"constructor"');
    expect(await post(lost)).toEqual({ status: 400, detail: expect.stringContaining('"__proto__"') });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('a body in pieces, without a length and cut within a letter, is one', async () => {
    const body = bodyOf({ results: [], facts: { odd: { at: new Date().toISOString(), rows: [{ name: 'für 🐧' }] } } });
    expect(await send(inPieces(body, 1), { [SIGNATURE]: await signed(body) })).toEqual({ status: 202, detail: '' });
  });

  test('a type in capitals, with its letters named, is the same type', async () => {
    const body = bodyOf({ results: [] });
    const headers = { [SIGNATURE]: await signed(body), 'content-type': 'Application/JSON; charset="UTF-8"' };
    expect((await send(body, headers)).status).toBe(202);
  });

  test('the header in another case is the same proof, and is taken once', async () => {
    const body = bodyOf({ results: [] });
    const signature = await signed(body);
    expect((await send(body, { 'X-Lanekeeper-SIGNATURE': signature })).status).toBe(202);
    expect((await send(body, { [SIGNATURE]: signature })).status).toBe(409);
    expect((await send(body, { [SIGNATURE]: ` ${signature} ` })).status).toBe(409);
  });
});

describe('a result', () => {
  test('of a command and of a script decides, opens an issue and closes it', async () => {
    for (const [verdict, state] of [
      ['pass', undefined],
      ['fail', 'open'],
      ['pass', 'closed'],
    ] as const) {
      const results = ['D900', 'plan-is-empty'].map((gate) => ({ gate, verdict }));
      expect((await post(bodyOf({ results }))).status).toBe(202);
      await untilAudited(REPO, (audit) => gateIn(audit, 'plan-is-empty').reported?.verdict === verdict);
      const [found] = await issue('plan-is-empty is failing');
      expect(found?.state).toBe(state);
    }
  });

  test('shows the end of what was printed, masked, and of a pass nothing', async () => {
    const output = `${'a line\n'.repeat(2000)}\u001b[31mFAIL\u001b[0m nas <b>is</b> away\npassword: hunter2-hunter2\n`;
    await post(bodyOf({ results: [{ gate: 'D900', verdict: 'fail', output }] }));
    const failed = await untilAudited(REPO, (audit) => gateIn(audit, 'D900').verdict === 'fail');
    const shown = gateIn(failed, 'D900').reported?.output ?? [];
    expect(shown).toHaveLength(40);
    expect(shown.slice(-2)).toEqual(['FAIL nas <b>is</b> away', 'password: •••']);
    const page = await ask(`/${REPO}/gates/D900`, { headers: { ...authorized, accept: 'text/html' } });
    const text = await page.text();
    expect(text).toContain('The end of its output, 40 lines');
    expect(text).toContain('FAIL nas &lt;b&gt;is&lt;/b&gt; away');
    expect(text).not.toContain('hunter2');
    await post(bodyOf({ results: [{ gate: 'D900', verdict: 'pass', output }] }));
    const passed = await untilAudited(REPO, (audit) => gateIn(audit, 'D900').verdict === 'pass');
    expect(gateIn(passed, 'D900').reported).not.toHaveProperty('output');
  });

  test('never overrules: the audit’s own failure stays, and the page says that a runner differs', async () => {
    expect((await post(bodyOf({ results: [{ gate: 'D131', verdict: 'pass' }] }))).status).toBe(202);
    const audit = await untilAudited(REPO, (one) => gateIn(one, 'D131').reported !== undefined);
    expect(gateIn(audit, 'D131').verdict).toBe('fail');
    const page = await ask(`/${REPO}/gates/D131`, { headers: { ...authorized, accept: 'text/html' } });
    expect(await page.text()).toContain('mac-mini reports that it passes at this commit');
  });

  test('of another runner that differs does not close the issue: the failure counts', async () => {
    await post(bodyOf({ results: [{ gate: 'D900', verdict: 'fail' }] }));
    await untilAudited(REPO, (audit) => gateIn(audit, 'D900').verdict === 'fail');
    await post(bodyOf({ runner: 'nas', results: [{ gate: 'D900', verdict: 'pass' }] }));
    const audit = await untilAudited(REPO, (one) => gateIn(one, 'D900').reported?.otherwise?.includes('nas') ?? false);
    expect(gateIn(audit, 'D900').verdict).toBe('fail');
    expect(await issue('D900 daemon-runs is failing')).toMatchObject([{ state: 'open' }]);
  });

  test('of a commit that is not audited decides nothing and closes nothing', async () => {
    const sha = 'c'.repeat(40);
    expect((await post(bodyOf({ sha, results: [{ gate: 'D900', verdict: 'pass' }] }))).status).toBe(202);
    expect(gateIn(await auditNow(REPO), 'D900').verdict).toBe('fail');
    await onStage('/commit', { 'README.md': 'A commit later.\n' });
    const audit = await auditNow(REPO);
    expect(audit.report.sha).not.toBe(HEAD);
    expect(gateIn(audit, 'D900')).toMatchObject({ verdict: 'blind', reason: expect.stringContaining('is for commit') });
    expect(gateIn(audit, 'check: failure').verdict).toBe('blind');
    for (const title of ['D900 daemon-runs is failing']) expect(await issue(title)).toMatchObject([{ state: 'open' }]);
  });

  test('of a runner that was killed halfway decides what it ran, and nothing else', async () => {
    const { sha } = (await latest(REPO))?.report ?? {};
    expect((await post(bodyOf({ sha, results: [{ gate: 'plan-is-empty', verdict: 'pass' }] }))).status).toBe(202);
    const audit = await untilAudited(REPO, (one) => gateIn(one, 'plan-is-empty').verdict === 'pass');
    expect(gateIn(audit, 'D900').verdict).toBe('blind');
  });

  test('can come from a workflow of the audited branch', async () => {
    const { sha } = (await latest(REPO))?.report ?? {};
    const answer = await byToken(bodyOf({ sha, runner: 'github-actions' }), await token());
    expect(answer).toEqual({ status: 202, detail: '' });
    await untilAudited(REPO, (one) => gateIn(one, 'D900').verdict === 'pass');
  });
});

describe('what is older than the target believes', () => {
  const SECONDS = 1000;
  const R14 = 'R14 reports-keep-arriving is failing';

  async function postFacts(): Promise<StoredAudit> {
    const time = new Date(Date.now() - 2 * 3_600_000).toISOString();
    const archive = (vmid: number, host: string) => ({ kind: 'vzdump', vmid, host, bytes: 1000, time });
    const rows = [archive(200, 'pve'), archive(105, 'home-pve'), archive(200, 'nas')];
    const facts = { backups: { at: new Date().toISOString(), rows } };
    const { sha } = (await auditNow(AGING)).report;
    expect((await post(bodyOf({ sha, facts }), AGING)).status).toBe(202);
    return untilAudited(AGING, (audit) => gateIn(audit, 'R11').verdict === 'pass');
  }

  test('is blind again, and the switch of the dead man opens one issue once and closes it', async () => {
    expect(gateIn(await postFacts(), 'D900').verdict).toBe('pass');
    await new Promise((resolve) => setTimeout(resolve, 8 * SECONDS));
    for (let night = 0; night < 3; night++) {
      const audit = await auditNow(AGING);
      expect(gateIn(audit, 'D900')).toMatchObject({
        verdict: 'blind',
        reason: expect.stringContaining('too old to count'),
      });
      expect(gateIn(audit, 'R11')).toMatchObject({
        verdict: 'blind',
        reason: expect.stringContaining('too old to count'),
      });
    }
    expect(await issue(R14, AGING)).toMatchObject([{ state: 'open', comments: 0 }]);
    await postFacts();
    await untilAudited(AGING, (audit) => gateIn(audit, 'R14').verdict === 'pass');
    expect(await issue(R14, AGING)).toMatchObject([{ state: 'closed' }]);
  });
});
