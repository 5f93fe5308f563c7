import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resultsKey, verifySignature } from '../../../src/reported/hmac.ts';
import { parseResults, type Results } from '../../../src/reported/results.ts';
import { git } from '../../../src/snapshot/clone/git.ts';
import { scriptedClone } from '../shared/scripted-clone.ts';

const COMMAND = join(import.meta.dirname, '../../../cli/report/report.ts');
/** Each gate's script, by its number. */
const SCRIPTS: Readonly<Record<string, string>> = {
  D1: 'echo "D1 PASS"',
  D2: 'echo "  FAIL: README.md:1 is stale"; echo "D2 FAIL: 1 check(s) failed"; exit 1',
  D3: 'sleep 60',
  D4: 'no-such-tool --check || true; echo "D4 PASS"',
  D5: 'no-such-tool --check',
  D6: 'echo "token=ghp_0123456789012345678901234567890123456789"; exit 1',
  D7: 'head -c 10000000 /dev/zero | tr "\\0" "x"; echo; echo "FAIL: too much"; exit 1',
  D8: 'test "$PWD" = "$SPINE_ROOT" && test ! -e uncommitted.txt && test "$(git rev-parse --show-toplevel)" = "$PWD"',
  D9: 'kill -9 $$',
  D10: 'exit 3',
  D11: 'setsid sleep 30 & echo started',
  D12: 'touch left-behind; test -z "${LANEKEEPER_KEY:-}${RESULTS_SECRET:-}${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-}"',
  D13: 'test ! -e left-behind',
  D15: 'yes "FAIL: README.md:1 is stale" | head -n 500000; exit 1',
  D14: 'rm "$FLAKY" 2>/dev/null && exit 1; exit 0',
  D16: 'if rm "$FLAKY" 2>/dev/null; then echo "FAIL: disk one"; else echo "FAIL: disk two"; fi; test -z "$SHARED" || echo "FAIL: $SHARED"; exit 1',
  D17: 'echo "FAIL: $ELSEWHERE/mailroom is not where it should be: $PWD/mailroom"; exit 1',
};
const GATE_FILE = `gates:
  - id: plan-is-empty
    run: "test -f README.md && bash verify/D2.sh"
    severity: high
    say: The plan is not empty.
  - id: quiet-failure
    run: "false"
    say: The plan is not empty.
  - { id: slow, run: sleep 30, timeout: 1 }
  - { id: needs-a-tool, run: no-such-tool --check }
`;

let scratch: string;
let clone: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-report-test-'));
  clone = join(scratch, 'ops');
  await scriptedClone(clone, SCRIPTS, { 'lanekeeper.yaml': GATE_FILE });
  await writeFile(join(clone, 'uncommitted.txt'), 'work in progress\n');
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

interface Outcome {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

function report(args: readonly string[], env: NodeJS.ProcessEnv = {}, directory = clone): Promise<Outcome> {
  return new Promise((resolve) => {
    const all = [COMMAND, directory, '--runner', 'bench', ...args];
    execFile(process.execPath, all, { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr }),
    );
  });
}

async function resultsOf(...gates: readonly string[]): Promise<Results['results']> {
  const output = join(scratch, 'results.json');
  await report([...gates.flatMap((gate) => ['--gate', gate]), '--timeout', '2', '--output', output]);
  const ids = [...Object.keys(SCRIPTS), 'plan-is-empty', 'quiet-failure', 'slow', 'needs-a-tool'];
  const known = new Map(ids.map((id) => [id, id]));
  return parseResults(await readFile(output, 'utf8'), { known, now: Date.now(), maxAge: 3_600_000 }).results;
}

describe('npm run report', () => {
  test('runs a script in a clean checkout of the commit and says what it printed as failing', async () => {
    const [pass, fail, clean] = await resultsOf('D1', 'D2', 'D8');
    expect(pass).toMatchObject({ gate: 'D1', verdict: 'pass', output: 'D1 PASS\n' });
    const findings = [
      {
        rule: 'reported',
        subject: 'README.md:# is stale',
        path: 'README.md',
        line: 1,
        message: 'README.md:1 is stale',
      },
    ];
    expect(fail).toMatchObject({ gate: 'D2', verdict: 'fail', findings });
    expect(clean).toMatchObject({ gate: 'D8', verdict: 'pass' });
  });

  test('what could not run is blind, never a pass', async () => {
    expect(await resultsOf('D3', 'D4', 'D5', 'D9')).toMatchObject([
      { gate: 'D3', verdict: 'blind', reason: 'it did not end within 2 seconds' },
      { gate: 'D4', verdict: 'blind', reason: 'it went on without no-such-tool, which is missing here' },
      { gate: 'D5', verdict: 'blind', reason: 'it ended with 127: no-such-tool is missing here' },
      { gate: 'D9', verdict: 'blind', reason: 'it was ended by SIGKILL' },
    ]);
  });

  test('secrets in output are masked, and ten megabytes of it are cut', async () => {
    const [secret, flood, lines] = await resultsOf('D6', 'D7', 'D15');
    expect(JSON.stringify(secret)).not.toContain('ghp_0123456789');
    expect(flood?.verdict).toBe('fail');
    expect(flood?.output.length).toBeLessThanOrEqual(16_000);
    expect(
      lines?.findings.map(({ message }) => message),
      'half a line is no finding',
    ).toEqual(['README.md:1 is stale']);
  });

  test('a mistake in a gate file is told, and such a run is not whole', async () => {
    const broken = join(scratch, 'broken');
    await scriptedClone(
      broken,
      { D1: 'true' },
      { 'lanekeeper.yaml': 'gates:\n  - { id: fine, run: "true" }\n  - { id: odd, run: "true", timeout: 3s }\n' },
    );
    const { status, stdout, stderr } = await report([], {}, broken);
    expect(stdout).toContain('pass  fine\n');
    expect(stderr).toContain('cannot be used: lanekeeper.yaml:3:38: `timeout` is not a number');
    expect(status).toBe(2);
  });

  test('runs the commands that lanekeeper.yaml declares, each within its own time', async () => {
    expect(await resultsOf('needs-a-tool', 'plan-is-empty', 'quiet-failure', 'slow')).toMatchObject([
      { gate: 'needs-a-tool', verdict: 'blind', reason: 'it ended with 127: no-such-tool is missing here' },
      { gate: 'plan-is-empty', verdict: 'fail', findings: [{ message: 'README.md:1 is stale', path: 'README.md' }] },
      {
        gate: 'quiet-failure',
        verdict: 'fail',
        findings: [{ subject: 'exit status', message: 'The plan is not empty.' }],
      },
      { gate: 'slow', verdict: 'blind', reason: 'it did not end within 1 seconds' },
    ]);
  });

  test('a failure without a word is a finding, and what a script leaves running does not hold up the run', async () => {
    const before = Date.now();
    expect(await resultsOf('D10', 'D11')).toMatchObject([
      { verdict: 'fail', findings: [{ message: 'It failed and printed nothing.' }] },
      { verdict: 'pass', output: 'started\n' },
    ]);
    expect(Date.now() - before).toBeLessThan(25_000);
  });

  test('a failure that does not come again is blind, and neither a failure nor a pass', async () => {
    const once = join(scratch, 'once');
    await writeFile(once, '');
    const { stdout } = await report(['--gate', 'D14'], { FLAKY: once });
    expect(stdout).toContain('blind D14 gate-d14: it failed, and did not when it was run again');
  });

  test('of two failures only what failed both times counts', async () => {
    const once = join(scratch, 'once');
    const run = async (shared: string) => {
      await writeFile(once, '');
      return (await report(['--gate', 'D16'], { FLAKY: once, SHARED: shared })).stdout;
    };
    expect(await run('')).toContain('blind D16 gate-d16: it failed twice, each time over something else');
    expect(await run('disk three')).toMatch(/^fail {2}D16 gate-d16\n {6}disk three\n0 pass/);
  });

  test('a failure that is all about the place where the clone lies is blind: the checkout lies elsewhere', async () => {
    const run = async (place: string) => (await report(['--gate', 'D17'], { ELSEWHERE: place })).stdout;
    expect(await run(clone)).toContain(`blind D17 gate-d17: it failed over ${clone}, where the clone lies`);
    expect(await run(`${clone}-of-another`)).toMatch(/^fail {2}D17/);
  });

  test('each script finds the checkout as the commit has it, and none sees what posting is authenticated by', async () => {
    const output = join(scratch, 'results.json');
    const env = { LANEKEEPER_KEY: 'a key', RESULTS_SECRET: 'a secret', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a token' };
    expect((await report(['--gate', 'D12', '--gate', 'D13', '--output', output], env)).status).toBe(0);
  });

  test('without a wish it runs what an audit leaves blind, declared commands among it', async () => {
    const { stdout } = await report(['--timeout', '1']);
    expect(stdout).toMatch(/^pass {2}D1 gate-d1$/m);
    expect(stdout).toMatch(/^fail {2}plan-is-empty\n {6}README.md:1 is stale$/m);
    expect(stdout).toMatch(/^\d+ pass, \d+ fail, \d+ blind$/m);
  });

  test('stopped halfway, it reports what has run by then', async () => {
    const output = join(scratch, 'halfway.json');
    const args = [COMMAND, clone, '--gate', 'D1', '--gate', 'D3', '--gate', 'D8', '--output', output];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    for await (const chunk of child.stdout) {
      said += chunk;
      // A second signal would end it at once.
      if (said.includes('D1') && !child.killed) child.kill('SIGTERM');
    }
    expect(said).toContain('1 pass, 0 fail, 0 blind; stopped after 1 of 3 gates');
    expect(JSON.parse(await readFile(output, 'utf8')).results).toMatchObject([{ gate: 'D1', verdict: 'pass' }]);
  });

  test('leaves the clone as it was', async () => {
    await report(['--gate', 'D1']);
    expect(await git(clone, 'status', '--porcelain')).toBe('?? uncommitted.txt\n');
    expect((await git(clone, 'worktree', 'list')).trim().split('\n')).toHaveLength(1);
  });

  test('ends with 0 where every gate passed, 1 where one did not', async () => {
    expect((await report(['--gate', 'D1'])).status).toBe(0);
    expect((await report(['--gate', 'D1', '--gate', 'D2'])).status).toBe(1);
  });

  test('prints the results key of a repository, which is the one that the Worker derives', async () => {
    const printed = await report(['--key', 'You/Ops'], { RESULTS_SECRET: 'a secret of the Worker' });
    expect([printed.status, printed.stdout.trim()]).toEqual([
      0,
      await resultsKey('a secret of the Worker', 'you/ops', 1),
    ]);
    expect((await report(['--key', 'you/ops'], { RESULTS_SECRET: '' })).stderr).toContain('Set RESULTS_SECRET');
  });

  test.each([
    [['--gate', 'D99'], '--gate D99 is not a gate with a script or command here.'],
    [['--post', 'https://x.example'], '--post needs --repo owner/name.'],
    [['--timeout', '0'], '--timeout must be a number of seconds from 1 to 3600.'],
  ])('%j ends with 2 and says why', async (args, message) => {
    const { status, stderr } = await report(args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test('posts what it found, signed with the results key; without one it says how to get one', async () => {
    const arrived: { signature: string; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      arrived.push({ signature: String(request.headers['x-lanekeeper-signature']), body });
      response.writeHead(202).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const args = ['--gate', 'D1', '--post', url, '--repo', 'you/ops'];
    expect((await report(args, { LANEKEEPER_KEY: 'a key' })).status).toBe(0);
    const [{ signature, body } = { signature: '', body: '' }] = arrived;
    await verifySignature('a key', signature, body, Date.now());
    const without = await report(args, { LANEKEEPER_KEY: '', LANEKEEPER_KEY_FILE: '' });
    expect([without.status, without.stderr]).toEqual([2, expect.stringContaining('set LANEKEEPER_KEY_FILE')]);
    await new Promise((resolve) => server.close(resolve));
  });
});
