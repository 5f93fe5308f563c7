import { describe, expect, test } from 'vitest';
import type { FileMode } from '../../src/core/snapshot.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import type { FixtureFile } from '../conformance/git-fixture.ts';
import { testSnapshotPort } from '../conformance/snapshot.ts';
import { COMMITS } from '../conformance/snapshot-commits.ts';

const line = COMMITS.filter(({ branch }) => branch === undefined);

describe('a repository in memory', () => {
  testSnapshotPort({
    hasIds: false,
    hasBranches: false,
    async open(fixture) {
      const files: Record<string, string | Uint8Array> = {};
      const modes: Record<string, FileMode> = {};
      for (const [path, file] of Object.entries(Object.assign({}, ...line.map((commit) => commit.files)))) {
        const { mode, content } = asFile(file);
        files[path] = content;
        modes[path] = mode;
      }
      const commits = line.map(({ name, message = name, files: changed }) => ({
        sha: fixture.sha(name),
        message,
        paths: Object.keys(changed),
      }));
      return memorySnapshot({ sha: fixture.sha('head'), files, modes, commits: commits.reverse() });
    },
  });

  test('holds what tests want it to hold', async () => {
    const snapshot = memorySnapshot({
      files: { 'a.yaml': 'a', 'b.yaml': 'b' },
      unavailable: { 'b.yaml': 'GitHub is down' },
      uncommitted: ['a.yaml'],
      history: () => ({ unavailable: 'a shallow clone' }),
    });
    expect(await snapshot.read(['b.yaml'])).toEqual(new Map([['b.yaml', { unavailable: 'GitHub is down' }]]));
    expect(await snapshot.uncommitted()).toEqual(['a.yaml']);
    const query = { after: 'HEAD', paths: ['a.yaml'], limit: null };
    expect(await snapshot.history(query)).toEqual({ unavailable: 'a shallow clone' });
    expect(snapshot).toMatchObject({ repo: 'memory', sha: null });
  });

  test('has no history unless it is given one', async () => {
    const { history } = memorySnapshot({ files: {} });
    expect(await history({ after: 'HEAD', paths: [], limit: null })).toEqual({ isAncestor: false, commits: [] });
  });
});

function asFile(file: unknown): FixtureFile {
  return typeof file === 'string' ? { mode: '100644', content: file } : (file as FixtureFile);
}
