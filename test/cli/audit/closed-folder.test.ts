/** A folder of a work tree that the auditor may not list. Root may list everything, so these audits run as nobody. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Report } from '../../../src/core/report.ts';
import { git } from '../../../src/snapshot/clone/git.ts';

const COMMAND = join(import.meta.dirname, '../../../cli/audit/audit.ts');
const CLOSED = 'stacks/photos/data/postgres';
const GATES = `gates:
  - { id: exact, files: "stacks/*/compose.yaml", require: stacks/photos/compose.yaml }
  - { id: everywhere, files: "stacks/**", allow: "stacks/*/compose.yaml" }
  - { id: below, files: "${CLOSED}/base", require: "${CLOSED}/base" }
`;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lanekeeper-closed-'));
  await chmod(directory, 0o755);
  await git(directory, 'init', '-q');
  await mkdir(join(directory, CLOSED), { recursive: true });
  await writeFile(join(directory, 'stacks/photos/compose.yaml'), 'services: {}\n');
  await writeFile(join(directory, CLOSED, 'base'), 'a database\n');
  await writeFile(join(directory, 'lanekeeper.yaml'), GATES);
});
afterEach(async () => {
  await chmod(join(directory, CLOSED), 0o700);
  await rm(directory, { recursive: true, force: true });
});

/** Closes the folder and audits: what each gate says, and the whole outcome. */
async function audit() {
  await chmod(join(directory, CLOSED), 0);
  const [command = '', ...before] =
    process.getuid?.() === 0
      ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', process.execPath]
      : [process.execPath];
  const trust = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };
  const env = { ...process.env, ...trust, HOME: tmpdir(), GITHUB_REPOSITORY: '' };
  const args = [...before, '--disable-warning=ExperimentalWarning', COMMAND, directory, '--format', 'json'];
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(command, args, { env }, (_, out, err) => resolve({ stdout: out, stderr: err }));
  });
  expect(stderr).toBe('');
  const report: Report = JSON.parse(stdout);
  const declared = report.gates.filter(({ lanes }) => lanes.includes('declared'));
  return declared.map(({ name, verdict, reason = '' }) => `${name} ${verdict} ${reason}`.trim());
}

test('one that git ignores is not part of the repo: the audit goes on without it', async () => {
  await writeFile(join(directory, '.gitignore'), 'data/\n');
  expect(await audit()).toEqual([`below skip there is no ${CLOSED}/base`, 'everywhere pass', 'exact pass']);
});

test('in one that git does not ignore nobody can look: what may lie there is blind, with the reason', async () => {
  expect(await audit()).toEqual([
    expect.stringMatching(/^below blind .*cannot be listed \(EACCES\)/),
    expect.stringMatching(/^everywhere blind .*stacks\/photos\/data\/postgres, which cannot be listed \(EACCES\)/),
    'exact pass',
  ]);
});

test('one that git knows files of is blind although a pattern ignores it', async () => {
  await git(directory, 'add', '--all');
  await writeFile(join(directory, '.gitignore'), 'data/\n');
  expect((await audit())[1]).toMatch(/^everywhere blind/);
});
