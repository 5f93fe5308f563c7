import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGitFixture, type FixtureCommit, type GitFixture, runGit } from '../../conformance/git-fixture.ts';

const GATES = `data:
  vms: { files: vms.yaml, each: vms }
gates:
  - id: every-vm-has-a-site
    each: vms
    must: row.site != ""
    say: "{row.name} has no site."
`;
const vms = (site: string, note = 0) => `# ${note}\nvms:\n  - { name: web, site: "${site}" }\n`;
const COMMITS: readonly FixtureCommit[] = [
  { name: 'start', files: { 'README.md': 'hello\n' } },
  { name: 'first', files: { 'lanekeeper.yaml': GATES, 'vms.yaml': vms('home') } },
  { name: 'touch', files: { 'vms.yaml': vms('home', 1) } },
  {
    name: 'break',
    files: { 'vms.yaml': vms('', 1) },
    message: 'Forget the site\u001b[31m @ronny\n',
    author: 'Eve @eve',
  },
  { name: 'more', files: { 'vms.yaml': vms('', 2) } },
  { name: 'mend', files: { 'vms.yaml': vms('home', 2) } },
  { name: 'break again', files: { 'vms.yaml': vms('', 3) } },
  { name: 'head', files: { 'README.md': 'bye\n' } },
];

let fixture: GitFixture;
let clone: string;
beforeAll(async () => {
  fixture = createGitFixture(COMMITS);
  clone = await mkdtemp(join(tmpdir(), 'blame-'));
  runGit(clone, 'clone', '--quiet', fixture.gitDir, '.');
});
afterAll(async () => {
  fixture.remove();
  await rm(clone, { recursive: true, force: true });
});

function audit(...args: readonly string[]) {
  return auditOf(clone, ...args);
}

function auditOf(
  directory: string,
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const command = join(import.meta.dirname, '../../../cli/audit/audit.ts');
  const all = ['--disable-warning=ExperimentalWarning', command, directory, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, (error, out, err) => resolve({ status: Number(error?.code ?? 0), out, err }));
  });
}

describe('audit --blame', () => {
  test('names the commit after which it failed without a break, and how many states were judged', async () => {
    const { status, out } = await audit('--blame', '--gate', 'every-vm-has-a-site');
    expect(status).toBe(1);
    expect(out).toContain(`broken by ${fixture.sha('break again').slice(0, 10)} "break again" (Ronny, 2026-02-17)`);
    expect(out).toMatch(/\+ vms\.yaml:3 {2}/);
    expect(out).toMatch(/: \d+ states judged/);
  });

  test('says at an earlier commit what broke it then; what people wrote is nothing but text', async () => {
    const { out } = await audit('--blame', '--gate', 'every-vm-has-a-site', '--at', fixture.sha('more'));
    expect(out).toContain(`broken by ${fixture.sha('break').slice(0, 10)} "Forget the site`);
    expect(out).toContain('(Eve @eve, ');
    expect(out).not.toContain('\u001b');
  });

  test('with a base is about what newly fails, in every format', async () => {
    const base = ['--blame', '--base', fixture.sha('mend'), '--at', fixture.sha('head')];
    const { out } = await audit(...base, '--format', 'json');
    const report = JSON.parse(out) as {
      gates: { name: string; brokenBy?: { kind: string; commit: { sha: string } } }[];
    };
    const gate = report.gates.find(({ name }) => name === 'every-vm-has-a-site');
    expect(gate?.brokenBy).toMatchObject({ kind: 'commit', commit: { sha: fixture.sha('break again') } });
    for (const format of ['markdown', 'sarif'])
      expect((await audit(...base, '--format', format)).out.toLowerCase()).toContain('broken');
  });
});

describe('audit --replay', () => {
  test('prints each turn with its commit, and what could not be audited in one line', async () => {
    const { status, out } = await audit('--replay', 'main');
    expect(status).toBe(0);
    const turns = out.split('\n').filter((line) => line.includes('every-vm-has-a-site'));
    expect(turns.map((line) => [line.slice(0, 10), /(pass|fail)→(pass|fail)/.exec(line)?.[0]])).toEqual([
      [fixture.sha('break').slice(0, 10), 'pass→fail'],
      [fixture.sha('mend').slice(0, 10), 'fail→pass'],
      [fixture.sha('break again').slice(0, 10), 'pass→fail'],
    ]);
    expect(out).toContain('8 commits without governance files');
    expect(out).toMatch(/8 commits in [\d.]+ s, 3 turns/);
  });
  test('says that a shallow clone does not hold the older commits, where the range reaches that far', async () => {
    const shallow = await mkdtemp(join(tmpdir(), 'shallow-'));
    try {
      runGit(shallow, 'clone', '--quiet', '--depth=3', `file://${fixture.gitDir}`, '.');
      const whole = await auditOf(shallow, '--replay', 'main');
      expect(whole.out).toContain('the clone is shallow: older commits are not in it');
      expect(whole.out).toMatch(/^3 commits in/m);
      expect((await auditOf(shallow, '--replay', 'main~1..main')).out).not.toContain('shallow');
      const beyond = await auditOf(shallow, '--replay', 'main~5..main');
      expect([beyond.status, beyond.err]).toEqual([2, expect.stringContaining('the clone is shallow')]);
    } finally {
      await rm(shallow, { recursive: true, force: true });
    }
  });
});
