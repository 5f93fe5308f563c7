import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leftOut } from '../../../cli/demo/left-out.ts';
import { git } from '../../../src/snapshot/clone/git.ts';

const COMMAND = join(import.meta.dirname, '../../../cli/demo/demo.ts');
let scratch: string;

function demo(...args: readonly string[]): Promise<{ status: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr }),
    );
  });
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-demo-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('npm start -- <clone> says in one line why a folder cannot be played', () => {
  test('one that does not exist, and one that is not a clone', async () => {
    for (const folder of ['/nowhere/at/all', scratch]) {
      const { status, stdout, stderr } = await demo(folder);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toBe(`${folder} is not a git repository. Name the folder of a local clone.\n`);
    }
  });

  test('a clone without a commit, and one without a branch', async () => {
    const clone = join(scratch, 'clone');
    await git(scratch, 'init', '-q', '-b', 'main', clone);
    expect((await demo(clone)).stderr).toBe(`${clone} has no commit yet, so there is nothing to audit.\n`);
    const identity = ['-c', 'user.name=you', '-c', 'user.email=you@example.net'];
    await git(clone, ...identity, 'commit', '-q', '--allow-empty', '-m', 'First');
    await git(clone, 'checkout', '-q', '--detach');
    const { status, stderr } = await demo(clone);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^.* has no branch checked out .* switch -c main\n$/)]);
  });
});

test('what is not committed is named, since the demo audits the last commit', async () => {
  const clone = join(scratch, 'unfinished');
  await git(scratch, 'init', '-q', '-b', 'main', clone);
  expect(await leftOut(clone)).toBe('');
  for (const name of ['lanekeeper.yaml', 'a', 'b', 'c']) await writeFile(join(clone, name), '');
  expect(await leftOut(clone)).toBe('The last commit is audited, without what is not committed: a, b, c and 1 more\n');
});
