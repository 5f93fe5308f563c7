import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';

let directory = '';
const shas: string[] = [];

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', directory, ...identity, ...args], { encoding: 'utf8' }).trim();
}

async function commit(message: string, path: string, text: string): Promise<void> {
  await writeFile(join(directory, path), text);
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '--cleanup=verbatim', '-m', message);
  shas.push(git('rev-parse', 'HEAD'));
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'history-'));
  git('init', '-q', '-b', 'main');
  await mkdir(join(directory, 'ops/bindings'), { recursive: true });
  await commit('c0', 'ops/bindings/a.yaml', '1');
  await commit('c1', 'ops/bindings/a.yaml', '2');
  await commit('c2', 'README.md', 'x');
  await chmod(join(directory, 'ops/bindings/a.yaml'), 0o755);
  await commit('c3: mode\n\nGate-Mutation: x\\nGate-Run-Key: y\n', 'README.md', 'y');
  await commit('c4', 'ops/bindings/a.yaml', '3');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function historyAt(revision: string, after: string, limit: number | null = null) {
  const snapshot = await directorySnapshot(directory, revision);
  const answer = await snapshot.history({ after, paths: ['ops/bindings/a.yaml'], limit });
  if ('unavailable' in answer) throw new Error(answer.unavailable);
  return [answer.isAncestor, ...answer.commits.map(({ message }) => message.split(/[:\n]/)[0])].join(' ');
}

describe('the history of a local clone', () => {
  test('names the commits that touch a path by content or mode, newest first', async () => {
    expect(await historyAt('main', shas[0] ?? '')).toBe('true c4 c3 c1');
  });

  test('counts the limit after the paths, and takes any number for one', async () => {
    expect(await historyAt('main', shas[0] ?? '', 2)).toBe('true c4 c3');
    expect(await historyAt('main', shas[0] ?? '', 99_999_999_999)).toBe('true c4 c3 c1');
  });

  test('is the history of the snapshot, not of what is checked out', async () => {
    expect(await historyAt(shas[1] ?? '', 'HEAD')).toBe('true');
    expect(await historyAt(shas[1] ?? '', 'HEAD~1')).toBe('true c1');
    expect(await historyAt(shas[1] ?? '', shas[4] ?? '')).toBe('false');
  });

  test.each(['nope', '--all', '-n1', '', 'a b', 'HEAD:README.md', 'main..main', `${'0'.repeat(40)}`])(
    '%j is no ancestor and no error',
    async (after) => expect(await historyAt('main', after)).toBe('false'),
  );

  test('keeps messages as they are', async () => {
    const snapshot = await directorySnapshot(directory, 'main');
    const answer = await snapshot.history({ after: shas[2] ?? '', paths: ['ops/bindings/a.yaml'], limit: null });
    expect(answer).toMatchObject({
      commits: [
        { sha: shas[4] },
        { message: expect.stringContaining('c3: mode\n\nGate-Mutation: x\\nGate-Run-Key: y') },
      ],
    });
  });
});

test('a work tree tells what is edited, deleted, staged and new, but not what is ignored', async () => {
  expect(await (await directorySnapshot(directory)).uncommitted()).toEqual([]);
  await writeFile(join(directory, '.gitignore'), 'ignored.yaml\n');
  await writeFile(join(directory, 'ops/bindings/ignored.yaml'), '');
  await writeFile(join(directory, 'ops/bindings/neu ö.yaml'), '');
  await chmod(join(directory, 'ops/bindings/a.yaml'), 0o644);
  await rm(join(directory, 'README.md'));
  git('add', '.gitignore');
  const changed = await (await directorySnapshot(directory)).uncommitted();
  expect([...changed].sort()).toEqual(['.gitignore', 'README.md', 'ops/bindings/a.yaml', 'ops/bindings/neu ö.yaml']);
});
