import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSampleOpsRepo, commitBreakage, type SampleOpsRepo } from '../../../cli/demo/sample-ops-repo.ts';
import type { Report } from '../../../src/core/report.ts';
import { git } from '../../../src/snapshot/clone/git.ts';
import { governanceFiles } from '../../audit/governed-repo.ts';

const COMMAND = join(import.meta.dirname, '../../../cli/audit/audit.ts');
let scratch: string;
let sample: SampleOpsRepo;

interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function audit(...args: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, GITHUB_REPOSITORY: '' }, maxBuffer: 1 << 26 };
    execFile(process.execPath, [COMMAND, ...args], options, (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

async function reportOf(...args: readonly string[]): Promise<Report> {
  return JSON.parse((await audit(...args, '--format', 'json')).stdout);
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-cli-'));
  const now = new Date();
  sample = await buildSampleOpsRepo(join(scratch, 'homelab'), { now });
  await commitBreakage(sample, now);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('npm run audit', () => {
  test('prints lanes, then what fails as file:line, and ends with 1', async () => {
    const { status, stdout } = await audit(sample.dir, '--sibling', `workbench=${sample.workbenchDir}`);
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ infra +22\/25 · 3 fail/);
    expect(stdout).toMatch(
      /ops\/bindings\/startup\.sequencing\.yaml:3 {2}Phases have sites only from `version: 2` on\./,
    );
  });

  test('says JSON and nothing else on standard output, in the form that is promised', async () => {
    const report = await reportOf(sample.dir, '--gate', 'D138', '--now', '2026-02-17T20:00:00Z');
    expect(Object.keys(report)).toEqual([
      'schemaVersion',
      'repo',
      'sha',
      'now',
      'complete',
      'siblings',
      'lanes',
      'gates',
    ]);
    expect(report).toMatchObject({
      schemaVersion: 1,
      now: '2026-02-17T20:00:00.000Z',
      lanes: [],
      siblings: { workbench: null },
    });
    expect(report.gates[0]?.findings).toEqual([
      {
        rule: 'version-is-2',
        subject: 'version',
        repo: 'target',
        path: 'ops/bindings/startup.sequencing.yaml',
        line: 3,
        message: 'Phases have sites only from `version: 2` on.',
      },
    ]);
  });

  test('knows a commit from a work tree that differs from it', async () => {
    expect((await reportOf(sample.dir, '--gate', 'D138')).sha).toMatch(/^[0-9a-f]{40}$/);
    await writeFile(join(sample.dir, 'new.txt'), 'not committed\n');
    expect((await reportOf(sample.dir, '--gate', 'D138')).sha).toBeNull();
    expect((await reportOf(sample.dir, '--gate', 'D138', '--at', 'HEAD')).sha).toMatch(/^[0-9a-f]{40}$/);
    await rm(join(sample.dir, 'new.txt'));
  });

  test('audits a bare clone', async () => {
    const bare = join(scratch, 'bare.git');
    await git(scratch, 'clone', '-q', '--bare', sample.dir, bare);
    expect((await reportOf(bare, '--lane', 'core')).lanes).toMatchObject([{ id: 'core', total: 8 }]);
  });

  test('with a base, only what newly fails counts', async () => {
    const sibling = ['--sibling', `workbench=${sample.workbenchDir}`];
    const { status, stdout } = await audit(sample.dir, ...sibling, '--base', 'HEAD~1', '--plan');
    expect(status).toBe(1);
    expect(stdout).toContain('D138 site-parity-maintenance-order medium, 1 finding, newly failing');
    expect(stdout).toContain('would open an issue: D139 nas-baseline-coverage is failing (1 open, 0 known)');
    const before = await audit(sample.dir, ...sibling, '--at', 'HEAD~1', '--base', 'HEAD~1');
    expect(before.status).toBe(0);
  });

  test.each([['D138'], ['site-parity-maintenance-order']])(
    'with a base and --gate %s, what newly fails still counts',
    async (gate) => {
      const { status, stdout } = await audit(sample.dir, '--at', 'HEAD', '--base', 'HEAD~1', '--gate', gate, '--plan');
      expect(status).toBe(1);
      expect(stdout).toMatch(/\n\d+ new findings? since [0-9a-f]{10}, in D138\.\n/);
      expect(stdout).toContain('would open an issue: D138 site-parity-maintenance-order is failing');
    },
  );

  test('with a base and --lane, so does a gate that a lane lists and nobody registers', async () => {
    const clone = join(scratch, 'unregistered');
    await git(scratch, 'clone', '-q', sample.dir, clone);
    const profiles = join(clone, 'ops/bindings/gate.execution.topology.yaml');
    const text = await readFile(profiles, 'utf8');
    await writeFile(profiles, text.replace(/^( *- \{? *gate_id: )D138\b/m, '$1D777'));
    const identity = ['-c', 'user.name=you', '-c', 'user.email=you@example.net'];
    await git(clone, ...identity, 'commit', '-q', '-a', '-m', 'A gate that does not exist');
    const { status, stdout } = await audit(clone, '--base', 'HEAD~1', '--lane', 'infra');
    expect(stdout).toMatch(/new findings? since [0-9a-f]{10}, in D777\./);
    expect(status).toBe(1);
  });

  test('what the base repaired since the branch began is not held against the branch', async () => {
    const clone = join(scratch, 'stale');
    await git(scratch, 'clone', '-q', sample.dir, clone);
    const identity = ['-c', 'user.name=you', '-c', 'user.email=you@example.net'];
    await git(clone, ...identity, 'commit', '-q', '--allow-empty', '-m', 'On the branch');
    await git(clone, 'checkout', '-q', '-b', 'repaired', 'HEAD~1');
    await git(clone, ...identity, 'revert', '--no-edit', 'HEAD');
    const { status, stdout } = await audit(clone, '--at', 'main', '--base', 'repaired', '--gate', 'D138');
    expect(stdout).toMatch(/\nNo finding is new since/);
    expect(status).toBe(0);
  });

  test('what a waiver of the change covers does not count as new', async () => {
    const clone = join(scratch, 'waived');
    await git(scratch, 'clone', '-q', sample.dir, clone);
    const waiver = '{ gate: D138, reason: planned, owner: you, expires: 2026-03-01 }';
    await writeFile(join(clone, 'ops/bindings/audit.waivers.yaml'), `waivers:\n  - ${waiver}\n`);
    const now = ['--now', '2026-02-18T00:00:00Z'];
    const { status, stdout } = await audit(clone, '--base', 'HEAD~1', '--gate', 'D138', ...now);
    expect(stdout).toContain('1 other gate fails only for known or waived reasons.');
    expect(status).toBe(0);
  });

  test('writes summary and SARIF beside the table, also when it could not audit', async () => {
    const [summary, sarif] = [join(scratch, 'summary.md'), join(scratch, 'out.sarif')];
    const { stdout } = await audit(sample.dir, '--gate', 'D138', '--summary', summary, '--sarif', sarif);
    expect(stdout).toContain('✗ D138');
    expect(await readFile(summary, 'utf8')).toContain('D138 site-parity-maintenance-order');
    expect(JSON.parse(await readFile(sarif, 'utf8')).runs[0].results).toHaveLength(1);
    await audit(sample.dir, '--lane', 'nowhere', '--summary', summary, '--sarif', sarif);
    expect(await readFile(summary, 'utf8')).toContain('**Could not audit.**');
    expect(JSON.parse(await readFile(sarif, 'utf8')).runs[0].invocations[0].executionSuccessful).toBe(false);
  });

  test('judges what is not implemented by the script itself, provisionally: it counts nowhere', async () => {
    const clone = join(scratch, 'scripted');
    const identity = ['-c', 'user.name=you', '-c', 'user.email=you@example.net'];
    const scripts = {
      good: 'grep -q hello README.md',
      bad: 'grep -q title README.md || { echo "FAIL: README.md:1: no title"; exit 1; }',
      host: 'ssh nas true',
      branch: '[[ "$(git rev-parse --abbrev-ref HEAD)" == main ]] && cat README.md && printf "\\033[31mred\\n"',
    };
    const rows = Object.keys(scripts).map(
      (name, index) => `{ id: X${index}, name: ${name}, check_script: ${name}.sh }`,
    );
    const lanes = rows.map((_, index) => `{ gate_id: X${index}, primary_domain: docs }`);
    const files = governanceFiles({
      registry: `gates: [${rows.join(', ')}]\n`,
      topology: `gate_assignments: [${lanes.join(', ')}]\n`,
    });
    await git(scratch, 'init', '-q', '-b', 'main', clone);
    for (const [path, text] of Object.entries({ ...files, 'README.md': 'hello\n' })) {
      await mkdir(dirname(join(clone, path)), { recursive: true });
      await writeFile(join(clone, path), text);
    }
    for (const [name, text] of Object.entries(scripts))
      await writeFile(join(clone, `${name}.sh`), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
    await git(clone, 'add', '.');
    await git(clone, ...identity, 'commit', '-q', '-m', 'First');
    const { status, stdout } = await audit(clone);
    expect(stdout).toMatch(/docs +0\/4 · 3 provisional · 1 blind/);
    expect(stdout).toMatch(/X1 bad would fail, 1 finding\n {6}README\.md:1 {2}README\.md:1: no title/);
    expect(stdout).toContain('2 would pass: X0 X3');
    expect(stdout).toContain('1 blind, needs ssh: X2');
    expect(status).toBe(2);
    const trusted = await audit(clone, '--trust-scripts');
    expect(trusted.stdout).toMatch(/docs +2\/4 · 1 failing · 1 blind/);
    expect(trusted.status).toBe(1);
    expect((await audit(clone, '--no-scripts')).stdout).toMatch(/docs +0\/4 · 4 skipped/);
    const blind = (await audit(clone, '--gate', 'X2', '--explain', 'X2')).stdout;
    expect(blind).toContain('X2 host: host.sh says blind (needs ssh), and is provisional');
    expect(blind).toContain('? host.sh:2 needs ssh');
    expect(blind).toContain('`npm run report -- <clone> --gate X2` runs it on this machine.');
    const failing = (await audit(clone, '--explain', 'bad')).stdout;
    expect(failing).toMatch(/it ended with status 1, .*\n {2}looked at: bad\.sh, README\.md\n/);
    expect(failing).toMatch(/did not ask for the time\n {2}printed\n {2}\| FAIL: README\.md:1: no title\n\n/);
    const branch = (await audit(clone, '--gate', 'X3', '--explain', 'branch')).stdout;
    expect(branch).toMatch(/branch\.sh says pass, .*\n {2}it ended with status 0/);
    expect(branch).not.toContain('needs');
    expect(branch).not.toContain('\u001b');
    expect(branch).toMatch(/\| +\[31mred/);
  });

  test('explains where the verdict stands of a gate that CI, a runner or machines decide', async () => {
    const clone = join(scratch, 'elsewhere');
    await mkdir(clone);
    const file = 'checks: [pytest]\ngates: [{ id: plan-is-empty, run: bash plan.sh, severity: high }]\n';
    await writeFile(join(clone, 'lanekeeper.yaml'), file);
    await git(clone, 'init', '-q');
    await git(clone, 'add', '.');
    await git(clone, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'First');
    const sha = (await git(clone, 'rev-parse', 'HEAD')).slice(0, 10);
    const explained = async (directory: string, gate: string) =>
      (await audit(directory, '--at', 'HEAD', '--gate', gate, '--explain', gate)).stdout;
    const check = await explained(clone, 'C1');
    expect(check).toContain(`CI decides this gate. The Worker reads from GitHub how the check ended at commit ${sha};`);
    expect(check).toContain('/<owner>/<name>/gates/C1, shows what it read.');
    const run = await explained(clone, 'plan-is-empty');
    expect(run).toContain('/gates/plan-is-empty, says who ran it last, when, at which commit, and what it printed.');
    const facts = await explained(sample.dir, 'R11');
    expect(facts).toContain('R11 backups-are-fresh: skip, no host posts the facts `backups`');
    expect(facts).toContain('this command judges as if nobody ever posted anything.');
    expect(await explained(sample.dir, 'R1')).toMatch(
      /R1 [\w-]+: pass\n {2}Lanekeeper's own code judges it; docs.*\n$/,
    );
  });

  test('without a base, its plan is day one: silent but for the Gap inbox', async () => {
    const { stdout } = await audit(
      sample.dir,
      '--at',
      'HEAD~1',
      '--sibling',
      `workbench=${sample.workbenchDir}`,
      '--plan',
    );
    expect(stdout.match(/^would .*$/gm)).toEqual(['would open an issue: the Gap inbox']);
    expect(stdout).toContain('D86 vm-operating-profile-parity-lock: 13 findings become the baseline');
  });

  test('a gate file with a mistake ends with 2, and so does one that is not there; what the base has already does not count', async () => {
    const clone = join(scratch, 'mistaken');
    const commit = async (text: string) => {
      await writeFile(join(clone, 'lanekeeper.yaml'), text);
      await git(clone, 'add', '.');
      await git(clone, '-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-qm', 'gates');
    };
    await mkdir(clone);
    await git(clone, 'init', '-q');
    const odd = 'gates:\n  - { id: odd, text: { files: "*.yaml", forbid: zzz }, whyy: x }\n';
    await commit(odd);
    const { status, stdout } = await audit(clone);
    expect(status).toBe(2);
    expect(stdout).toContain('Could not audit these gates: lanekeeper.yaml:2:');
    await commit(`${odd}\n`);
    expect((await audit(clone, '--base', 'HEAD~1')).status).toBe(0);
    expect((await audit(clone, '--gates', 'nowhere.yaml')).status).toBe(2);
  });

  test('a repo in which nothing can be judged ends with 2 and says what to do', async () => {
    const bare = join(scratch, 'plain');
    await git(scratch, 'init', '-q', bare);
    await writeFile(join(bare, 'notes.txt'), 'hello\n');
    const { status, stdout } = await audit(bare);
    expect(stdout).toContain('Nothing was judged. Every gate is blind, provisional or does not apply. `npm run init');
    expect(status).toBe(2);
  });

  test.each([
    [[], 'Name one directory to audit.'],
    [['.', '--now', 'yesterday'], '--now yesterday is not an ISO 8601 time'],
    [['.', '--sibling', 'workbench'], '--sibling workbench is not of the form workbench=<dir>.'],
    [['.', '--format', 'xml'], '--format xml is not one of table, json, markdown, sarif.'],
    [['.', '--colour'], "Unknown option '--colour'"],
    [['/nowhere/at/all'], 'could not audit: /nowhere/at/all is not a directory'],
  ])('%j ends with 2 and says why', async (args, message) => {
    const { status, stdout, stderr } = await audit(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
