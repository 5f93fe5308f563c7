import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CloneArchive, cloneArchive } from '../../src/snapshot/clone/archive.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { type GitFixture, runGit } from '../conformance/git-fixture.ts';
import { testSnapshotPort } from '../conformance/snapshot.ts';

const made: string[] = [];
function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'snapshot-directory-'));
  made.push(directory);
  return directory;
}
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

let clone = '';
function cloneOf(fixture: GitFixture): string {
  if (clone === '') {
    clone = temporary();
    runGit(clone, 'clone', '--quiet', fixture.gitDir, '.');
    runGit(clone, 'config', 'log.follow', 'true');
    runGit(clone, 'config', 'status.showUntrackedFiles', 'no');
  }
  return clone;
}

describe('a commit of a bare clone', () => {
  const open = (fixture: GitFixture, commit: string) => directorySnapshot(fixture.gitDir, fixture.sha(commit));
  testSnapshotPort({ open, hasIds: true, hasBranches: true });
});

describe('a commit of a clone of which many are read', () => {
  let archive: CloneArchive | undefined;
  afterAll(() => archive?.close());
  const open = (fixture: GitFixture, commit: string) => {
    archive ??= cloneArchive(fixture.gitDir);
    return archive.open(fixture.sha(commit));
  };
  testSnapshotPort({ open, hasIds: true, hasBranches: true });
});

describe('a commit of a clone with a work tree', () => {
  afterAll(() => {
    clone = '';
  });
  const open = (fixture: GitFixture, commit: string) => directorySnapshot(cloneOf(fixture), fixture.sha(commit));
  testSnapshotPort({ open, hasIds: true, hasBranches: true });
});

describe('a clean work tree', () => {
  testSnapshotPort({
    hasIds: false,
    hasBranches: true,
    async open(fixture, commit) {
      runGit(cloneOf(fixture), 'checkout', '--quiet', '--detach', fixture.sha(commit));
      const snapshot = await directorySnapshot(cloneOf(fixture));
      expect(snapshot.sha).toBe(fixture.sha(commit));
      return snapshot;
    },
  });
});

describe('a directory', () => {
  let directory = '';
  const write = (path: string, text: string) => writeFileSync(join(directory, path), text);
  const git = (...args: string[]) => runGit(directory, ...args);
  const read = async (path: string) => {
    const answer = (await (await directorySnapshot(directory)).read([path])).get(path);
    return answer && 'bytes' in answer ? Buffer.from(answer.bytes).toString() : answer;
  };
  beforeEach(() => {
    directory = temporary();
    git('init', '--quiet', '--initial-branch=main');
  });
  const commitAll = () => {
    git('add', '--all');
    git('commit', '--quiet', '--message=state');
  };

  test('names every path that differs from the commit, and only those', async () => {
    for (const path of ['kept.yaml', 'modified.yaml', 'staged.yaml', 'deleted.yaml', 'mode.sh', 'moved.yaml', 'both'])
      write(path, `${path}\n`);
    write('.gitignore', 'ignored.log\n');
    commitAll();
    write('modified.yaml', 'changed\n');
    write('staged.yaml', 'changed\n');
    git('add', 'staged.yaml');
    rmSync(join(directory, 'deleted.yaml'));
    chmodSync(join(directory, 'mode.sh'), 0o755);
    git('mv', 'moved.yaml', 'moved to "here".yaml');
    write('both', 'staged\n');
    git('add', 'both');
    write('both', 'both\n');
    write('a name with spaces.txt', 'untracked\n');
    mkdirSync(join(directory, 'new folder'));
    write('new folder/ünï\n.txt', 'untracked\n');
    write('ignored.log', 'ignored\n');
    const snapshot = await directorySnapshot(directory);
    expect(snapshot.sha).toBeNull();
    expect([...(await snapshot.uncommitted())].sort()).toEqual([
      'a name with spaces.txt',
      'both',
      'deleted.yaml',
      'mode.sh',
      'modified.yaml',
      'moved to "here".yaml',
      'moved.yaml',
      'new folder/ünï\n.txt',
      'staged.yaml',
    ]);
    expect(snapshot.entries.get('mode.sh')?.mode).toBe('100755');
    expect(snapshot.entries.has('deleted.yaml')).toBe(false);
    expect(await read('ignored.log')).toBe('ignored\n');
    expect(await read('both')).toBe('both\n');
  });

  test('is read as it lies on disk, with links and without what git keeps for itself', async () => {
    write('real.yaml', 'a: 1\n');
    symlinkSync('real.yaml', join(directory, 'link.yaml'));
    symlinkSync('nowhere', join(directory, 'dangling'));
    commitAll();
    const { entries } = await directorySnapshot(directory);
    expect([...entries.keys()].sort()).toEqual(['dangling', 'link.yaml', 'real.yaml']);
    expect(entries.get('dangling')?.mode).toBe('120000');
    expect(await read('link.yaml')).toBe('real.yaml');
    rmSync(join(directory, 'real.yaml'));
    expect(await read('real.yaml')).toEqual({ unavailable: expect.stringContaining('ENOENT') });
  });

  test('is blind to what a sparse checkout leaves out, and is no commit while git does not look at all of it', async () => {
    for (const folder of ['kept', 'left']) mkdirSync(join(directory, folder));
    write('kept/a.yaml', 'a: 1\n');
    write('left/b.yaml', 'b: 1\n');
    commitAll();
    git('sparse-checkout', 'set', '--no-cone', '/kept/');
    const { entries, sha } = await directorySnapshot(directory);
    expect([...entries.keys()].sort()).toEqual(['kept/a.yaml', 'left/b.yaml']);
    expect(await read('kept/a.yaml')).toBe('a: 1\n');
    expect(await read('left/b.yaml')).toEqual({ unavailable: expect.stringContaining('git sparse-checkout disable') });
    expect(sha).toBeNull();
  });

  test.each(['--assume-unchanged', '--skip-worktree'])('is no commit where git was told %s', async (flag) => {
    write('a.yaml', 'a: 1\n');
    commitAll();
    git('update-index', flag, 'a.yaml');
    write('a.yaml', 'a: 2\n');
    expect(await directorySnapshot(directory)).toMatchObject({ sha: null });
    expect(await read('a.yaml')).toBe('a: 2\n');
    rmSync(join(directory, 'a.yaml'));
    expect(await read('a.yaml')).toEqual({ unavailable: expect.stringContaining('told not to look for it') });
  });

  test('does not enter a submodule', async () => {
    const inner = temporary();
    runGit(inner, 'init', '--quiet');
    runGit(inner, 'commit', '--quiet', '--allow-empty', '--message=inner');
    git('submodule', '--quiet', 'add', inner, 'vendor/inner');
    commitAll();
    write('vendor/inner/file.yaml', 'theirs\n');
    const { entries } = await directorySnapshot(directory);
    expect([...entries.keys()].sort()).toEqual(['.gitmodules', 'vendor/inner']);
    expect(entries.get('vendor/inner')).toEqual({
      mode: '160000',
      sha: runGit(inner, 'rev-parse', 'HEAD').trim(),
      size: null,
    });
  });

  test('before its first commit has files, all of them uncommitted, and no ancestors', async () => {
    write('a.yaml', 'a: 1\n');
    const snapshot = await directorySnapshot(directory);
    expect(snapshot.sha).toBeNull();
    expect(await snapshot.uncommitted()).toEqual(['a.yaml']);
    const answer = await snapshot.history({ after: 'HEAD', paths: ['a.yaml'], limit: null });
    expect(answer).toEqual({ isAncestor: false, commits: [] });
  });

  test('below the root of a clone is a plain folder', async () => {
    mkdirSync(join(directory, 'inside'));
    write('inside/a.yaml', 'a: 1\n');
    commitAll();
    const snapshot = await directorySnapshot(join(directory, 'inside'));
    expect([...snapshot.entries.keys()]).toEqual(['a.yaml']);
    expect(snapshot.sha).toBeNull();
    const answer = await snapshot.history({ after: 'HEAD', paths: ['a.yaml'], limit: null });
    expect(answer).toEqual({ unavailable: expect.stringContaining('not the root') });
  });

  test('without git is a plain folder', async () => {
    const plain = temporary();
    writeFileSync(join(plain, 'a.yaml'), 'a: 1\n');
    const snapshot = await directorySnapshot(plain);
    expect([...snapshot.entries.keys()]).toEqual(['a.yaml']);
    expect(await snapshot.uncommitted()).toEqual([]);
    const answer = await snapshot.history({ after: 'HEAD', paths: ['a.yaml'], limit: null });
    expect(answer).toEqual({ unavailable: expect.stringContaining('not a git repository') });
  });

  test('of git itself, bare or `.git`, is the commit at its HEAD', async () => {
    write('a.yaml', 'a: 1\n');
    commitAll();
    write('a.yaml', 'a: 2\n');
    const snapshot = await directorySnapshot(join(directory, '.git'));
    expect(snapshot.sha).toBe(git('rev-parse', 'HEAD').trim());
    expect([...snapshot.entries.keys()]).toEqual(['a.yaml']);
  });

  test('answers for itself even inside the hook of another repository', async () => {
    write('a.yaml', 'a: 1\n');
    commitAll();
    const other = temporary();
    runGit(other, 'init', '--quiet', '--bare');
    process.env.GIT_DIR = other;
    try {
      const snapshot = await directorySnapshot(directory, 'main');
      expect(await snapshot.read(['a.yaml'])).toMatchObject(new Map([['a.yaml', { bytes: { length: 5 } }]]));
    } finally {
      delete process.env.GIT_DIR;
    }
  });

  test('that was cloned without its history cannot say who is an ancestor', async () => {
    write('a.yaml', 'a: 1\n');
    commitAll();
    const boundary = git('rev-parse', 'HEAD').trim();
    write('a.yaml', 'a: 2\n');
    commitAll();
    const shallow = temporary();
    runGit(shallow, 'clone', '--quiet', '--depth=1', `file://${directory}`, '.');
    const snapshot = await directorySnapshot(shallow, 'HEAD');
    const answer = await snapshot.history({ after: boundary, paths: ['a.yaml'], limit: null });
    expect(answer).toEqual({ unavailable: expect.stringContaining('shallow') });
  });

  test('may lack an object that its tree names', async () => {
    write('a.yaml', 'a: 1\n');
    commitAll();
    const id = git('rev-parse', 'HEAD:a.yaml').trim();
    rmSync(join(directory, '.git/objects', id.slice(0, 2), id.slice(2)));
    const snapshot = await directorySnapshot(directory, 'HEAD');
    expect(snapshot.entries.get('a.yaml')).toEqual({ mode: '100644', sha: id, size: null });
    expect((await snapshot.read(['a.yaml'])).get('a.yaml')).toEqual({
      unavailable: 'the object is not in this clone',
    });
  });
});

describe('a directory that cannot be opened says why', () => {
  let directory = '';
  beforeEach(() => {
    directory = temporary();
  });
  afterEach(() => chmodSync(directory, 0o700));

  test('it is not there, or a file', async () => {
    const missing = join(directory, 'missing');
    await expect(directorySnapshot(missing)).rejects.toMatchObject({ failure: 'not-found' });
    writeFileSync(missing, '');
    await expect(directorySnapshot(missing, 'HEAD')).rejects.toMatchObject({ failure: 'not-found' });
  });

  test('it is no repository, has no commits, or not this one', async () => {
    await expect(directorySnapshot(directory, 'HEAD')).rejects.toMatchObject({
      failure: 'not-found',
      message: expect.stringContaining('not a git repository'),
    });
    runGit(directory, 'init', '--quiet', '--bare');
    await expect(directorySnapshot(directory)).rejects.toMatchObject({ failure: 'empty' });
    const work = temporary();
    runGit(work, 'init', '--quiet');
    runGit(work, 'commit', '--quiet', '--allow-empty', '--message=first');
    await expect(directorySnapshot(work, 'no-such-branch')).rejects.toMatchObject({
      failure: 'not-found',
      message: expect.stringContaining('no commit "no-such-branch"'),
    });
  });
});
