/** Places that are no clone, or not what somebody meant: one line says so, and nothing passes that nobody read. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestFor } from '../../../cli/shared/audit-clone.ts';
import { git } from '../../../src/snapshot/clone/git.ts';

const COMMAND = join(import.meta.dirname, '../../../cli/audit/audit.ts');
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-places-'));
  for (const name of ['clone', 'unborn', 'plain']) await mkdir(join(scratch, name, 'docs'), { recursive: true });
  await writeFile(join(scratch, 'file'), '');
  for (const name of ['clone', 'plain']) await writeFile(join(scratch, name, 'docs/a.yaml'), 'a: 1\n');
  for (const name of ['clone', 'unborn']) await git(join(scratch, name), 'init', '-q', '-b', 'main');
  await git(join(scratch, 'clone'), 'add', '--all');
  await git(join(scratch, 'clone'), '-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-q', '-m', 'one');
  await mkdir(join(scratch, 'clone/unpacked'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

function audit(name: string, ...args: readonly string[]) {
  const command = ['--disable-warning=ExperimentalWarning', COMMAND, join(scratch, name), ...args];
  // What hangs is ended by a signal, and has no status.
  const options = { env: { ...process.env, GITHUB_REPOSITORY: '' }, timeout: 60_000 };
  return new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) =>
      resolve({ status: error ? error.code : 0, stdout, stderr }),
    );
  });
}

test.each([
  ['a folder of a clone', 'clone/docs', [], 'clone; paths in gates begin at its root, so name that'],
  ['a replay of what is not there', 'missing', ['--replay', 'main'], 'is not a directory'],
  ['a replay of a file', 'file', ['--replay', 'main'], 'is not a directory'],
  ['a replay without a repository', 'plain', ['--replay', 'main'], 'not a git repository'],
  ['a replay without a commit', 'unborn', ['--replay', 'main'], 'has no commit yet'],
  ['a replay of a range that there is not', 'clone', ['--replay', 'v1..main'], 'has no commits v1..main'],
])('%s ends with 2 and one line', async (_, name, args, line) => {
  const { status, stdout, stderr } = await audit(name, ...args);
  expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 });
  expect(stderr).toMatch(/^could not (audit|replay): /);
  expect(stderr).toContain(line);
});

test('a folder that is no clone is judged as it lies there, and told to be none', async () => {
  const { status, stdout, stderr } = await audit('plain', '--format', 'json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ sha: null });
  expect(stderr).toMatch(/^\S+plain is not a git repository \(.*\n$/);
});

test('a sibling is a whole clone, too; a folder in a clone of which git knows nothing is its own', async () => {
  const place = (name: string) => join(scratch, name);
  const request = (name: string, sibling: string) =>
    requestFor({ directory: place(name), siblings: [['workbench', place(sibling)]], now: 0 });
  await expect(request('clone', 'clone/docs')).rejects.toThrow('is a folder of the clone');
  await expect(request('clone/unpacked', 'plain')).resolves.toMatchObject({ now: 0 });
});
