/** What every adapter of the Snapshot port has to do, whatever it reads from. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryAnswer, Snapshot } from '../../src/core/snapshot.ts';
import { createGitFixture, type FixtureFile, type GitFixture } from './git-fixture.ts';
import { COMMITS, MESSAGE, UNCHANGED_FILES } from './snapshot-commits.ts';

export interface SnapshotAdapter {
  /** Opens a commit of the fixture by its name. */
  open(fixture: GitFixture, commit: string): Promise<Snapshot>;
  /** Whether its entries carry git's ids. */
  readonly hasIds: boolean;
  /** Whether it knows branches, merges and all commits, or just the line that leads to `head`. */
  readonly hasBranches: boolean;
}

const HEAD_FILES: Readonly<Record<string, FixtureFile>> = {
  ...UNCHANGED_FILES,
  'tracked.yaml': { mode: '100644', content: 'v: 5\n' },
  'other.yaml': { mode: '100644', content: 'v: 3\n' },
};

/** Declares the suite for one adapter. */
export function testSnapshotPort(adapter: SnapshotAdapter): void {
  let fixture: GitFixture;
  let head: Snapshot;
  beforeAll(async () => {
    fixture = createGitFixture(COMMITS);
    head = await adapter.open(fixture, 'head');
  });
  afterAll(() => fixture.remove());

  const named = (answer: HistoryAnswer) => {
    if ('unavailable' in answer) return answer;
    const names = new Map(COMMITS.map(({ name }) => [fixture.sha(name), name]));
    return answer.isAncestor ? answer.commits.map(({ sha }) => names.get(sha)) : 'no ancestor';
  };

  describe('entries', () => {
    test('are all files, links and submodules, and nothing else', () => {
      const added = ['folder/deep/inner.yaml', 'star*.yaml', 'star-like.yaml', 'unrelated.md'];
      expect([...head.entries.keys()].sort()).toEqual([...Object.keys(HEAD_FILES), ...added].sort());
    });

    test('have their mode and size', () => {
      for (const [path, { mode, content }] of Object.entries(HEAD_FILES)) {
        expect(head.entries.get(path), path).toMatchObject({ mode });
        const size = mode === '160000' ? null : Buffer.from(content).length;
        if (mode !== '120000') expect(head.entries.get(path)?.size, path).toBe(size);
      }
    });

    test.runIf(adapter.hasIds)('have the ids that git gave them', () => {
      const listed = fixture.git('ls-tree', '-r', '-z', fixture.sha('head')).split('\0').filter(Boolean);
      for (const record of listed) {
        const [, id, path = ''] = /^\d+ \w+ (\w+)\t([\s\S]+)$/.exec(record) ?? [];
        expect(head.entries.get(path)?.sha, path).toBe(id);
      }
    });
  });

  describe('read', () => {
    test('gives every file as it is, byte by byte', async () => {
      const files = Object.entries(HEAD_FILES).filter(([, { mode }]) => mode !== '160000');
      const contents = await head.read(files.map(([path]) => path));
      expect(contents.size).toBe(files.length);
      for (const [path, { content }] of files) {
        const answer = contents.get(path);
        if (!answer || !('bytes' in answer)) throw new Error(`${path}: ${JSON.stringify(answer)}`);
        expect(Buffer.compare(answer.bytes, Buffer.from(content)), path).toBe(0);
      }
    });

    test('says that a submodule has no content', async () => {
      const contents = await head.read(['vendor/module', 'empty.yaml']);
      expect(contents.get('vendor/module')).toEqual({ unavailable: expect.stringContaining('submodule') });
      expect(contents.get('empty.yaml')).toMatchObject({ bytes: { length: 0 } });
    });

    test('gives the same answer twice', async () => {
      const paths = ['ops/bindings/vms.yaml', 'ops/bindings/copy-of-vms.yaml', 'nul.bin', 'big/600-kB.yaml'];
      const [first, second] = [await head.read(paths), await head.read([...paths].reverse())];
      for (const path of paths) expect(second.get(path), path).toEqual(first.get(path));
    });

    test('gives nothing for nothing', async () => {
      expect((await head.read([])).size).toBe(0);
    });
  });

  test('nothing is uncommitted', async () => {
    expect(await head.uncommitted()).toEqual([]);
  });

  describe('log', () => {
    test.runIf(adapter.hasIds)('tells people, dates and parents as git does, newest first', async () => {
      for (const paths of [[], ['tracked.yaml'], ['other.yaml', 'tracked.yaml']]) {
        const answer = await head.log({ paths, limit: 200 });
        const told = 'commits' in answer ? answer.commits : [];
        const format = '--format=%H|%P|%an|%ae|%at|%cn|%ce|%ct|%s';
        const args = ['log', format, fixture.sha('head'), '--', ...paths];
        const lines = told.map(({ sha, parents, author, committer, message }) =>
          [
            ...[sha, parents.join(' '), author.name, author.email, author.at],
            ...[committer.name, committer.email, committer.at, message.split('\n')[0]],
          ].join('|'),
        );
        expect(lines).toEqual(fixture.git(...args).split('\n'));
      }
    });

    test.runIf(adapter.hasIds)('takes no more than was asked for', async () => {
      const answer = await head.log({ paths: [], limit: 3 });
      expect('commits' in answer && answer.commits).toHaveLength(3);
    });
  });

  describe('history', () => {
    const since = async (after: string, paths: readonly string[], limit: number | null = null, from = head) =>
      named(await from.history({ after, paths, limit }));
    const all = ['skewed', 'add again', 'delete', 'revert', 'break', 'mode', 'both', 'one'];

    test('lists what touched a path, newest first: mode changes, reverts, deletions', async () => {
      expect(await since(fixture.sha('boundary'), ['tracked.yaml'])).toEqual(all);
    });

    test('leaves out the boundary and what came before', async () => {
      expect(await since(fixture.sha('other'), ['other.yaml'])).toEqual(['both']);
      expect(await since(fixture.sha('both'), ['other.yaml'])).toEqual([]);
      expect(await since(fixture.sha('skewed'), ['tracked.yaml'])).toEqual([]);
    });

    test('lists a commit once that touched several paths', async () => {
      const both = await since(fixture.sha('boundary'), ['tracked.yaml', 'other.yaml']);
      expect(both).toEqual([...all.slice(0, 7), 'other', 'one']);
      expect(await since(fixture.sha('boundary'), ['other.yaml', 'tracked.yaml'])).toEqual(both);
    });

    test('applies the limit to what touched the paths', async () => {
      expect(await since(fixture.sha('boundary'), ['tracked.yaml'], 3)).toEqual(all.slice(0, 3));
      expect(await since(fixture.sha('boundary'), ['tracked.yaml', 'other.yaml'], 8)).toHaveLength(8);
      expect(await since(fixture.sha('boundary'), ['tracked.yaml'], 0)).toEqual([]);
    });

    test('takes a folder for all that is in it', async () => {
      expect(await since(fixture.sha('boundary'), ['folder'])).toEqual(['in a folder']);
      expect(await since(fixture.sha('boundary'), ['fold'])).toEqual([]);
    });

    test('takes a path as it is, not as a pattern', async () => {
      expect(await since(fixture.sha('boundary'), ['star*.yaml'])).toEqual(['odd name']);
      expect(await since(fixture.sha('boundary'), [':(top)tracked.yaml'])).toEqual([]);
    });

    test('finds nothing for no path and for one that never was', async () => {
      expect(await since(fixture.sha('boundary'), [])).toEqual([]);
      expect(await since(fixture.sha('boundary'), ['never.yaml'])).toEqual([]);
    });

    test('knows an abbreviated sha, and the snapshot itself by sha and as HEAD', async () => {
      expect(await since(fixture.sha('boundary').slice(0, 10), ['tracked.yaml'])).toEqual(all);
      expect(await since(fixture.sha('head'), ['tracked.yaml'])).toEqual([]);
      expect(await since('HEAD', ['tracked.yaml'])).toEqual([]);
    });

    test.each(['0'.repeat(40), '1234567', 'no-such-branch', '', '--all', 'a..b', ' ', '4b825dc642cb6'])(
      'has no ancestor %j',
      async (after) => {
        expect(await head.history({ after, paths: ['tracked.yaml'], limit: null })).toEqual({
          isAncestor: false,
          commits: [],
        });
      },
    );

    test('keeps messages as they are, but for line breaks at the end', async () => {
      const answer = await head.history({ after: fixture.sha('boundary'), paths: ['tracked.yaml'], limit: null });
      const messages = 'commits' in answer ? answer.commits.map(({ message }) => message) : [];
      expect(messages[7]).toBe(MESSAGE.trimEnd());
      expect(messages[6]).toBe('no line break');
    });

    describe.runIf(adapter.hasBranches)('with branches', () => {
      test('has no ancestor on another branch, in a foreign history or in the future', async () => {
        expect(await since(fixture.sha('aside'), ['tracked.yaml'])).toBe('no ancestor');
        expect(await since(fixture.sha('stranger'), ['tracked.yaml'])).toBe('no ancestor');
        const earlier = await adapter.open(fixture, 'both');
        expect(await since(fixture.sha('head'), ['tracked.yaml'], null, earlier)).toBe('no ancestor');
        expect(await since(fixture.sha('boundary'), ['tracked.yaml'], null, earlier)).toEqual(['both', 'one']);
      });

      test('reads HEAD as the commit it shows', async () => {
        const earlier = await adapter.open(fixture, 'both');
        expect(await since('HEAD', ['tracked.yaml'], null, earlier)).toEqual([]);
        expect(await since('HEAD~3', ['tracked.yaml'], null, earlier)).toEqual(['both', 'one']);
        expect(await since('@^', ['tracked.yaml', 'other.yaml'], null, earlier)).toEqual(['both']);
      });

      test('leaves a merge out where one side has all of it', async () => {
        const joined = await adapter.open(fixture, 'joined');
        expect(await since(fixture.sha('boundary'), ['tracked.yaml'], null, joined)).toEqual(['left']);
        expect(await since(fixture.sha('boundary'), ['other.yaml'], null, joined)).toEqual(['right']);
        const taken = await adapter.open(fixture, 'taken');
        expect(await since(fixture.sha('boundary'), ['tracked.yaml'], null, taken)).toEqual(['left']);
      });

      test('lists a merge that resolved a conflict, and both sides', async () => {
        const resolved = await adapter.open(fixture, 'resolved');
        const found = await since(fixture.sha('boundary'), ['tracked.yaml'], null, resolved);
        expect(found).toEqual(['resolved', 'left', 'aside']);
        expect(await since(fixture.sha('left'), ['tracked.yaml'], null, resolved)).toEqual(['resolved', 'aside']);
      });

      test('what touches several paths across a merge is what git says, or said to lack merges', async () => {
        const paths = ['tracked.yaml', 'other.yaml'];
        for (const commit of ['joined', 'taken', 'resolved']) {
          const snapshot = await adapter.open(fixture, commit);
          const boundary = fixture.sha('boundary');
          const answer = await snapshot.history({ after: boundary, paths, limit: null });
          if ('unavailable' in answer) throw new Error(answer.unavailable);
          const log = fixture.git('log', '--format=%H', `${boundary}..${fixture.sha(commit)}`, '--', ...paths);
          if (answer.mayLackMerges === undefined) expect(answer.commits.map(({ sha }) => sha)).toEqual(log.split('\n'));
          else expect(log.split('\n')).toEqual(expect.arrayContaining(answer.commits.map(({ sha }) => sha)));
        }
        const line = await head.history({ after: fixture.sha('boundary'), paths, limit: null });
        expect('commits' in line && line.mayLackMerges).toBeUndefined();
      });

      test('the log of several paths at a merge is what git says, or is not known', async () => {
        for (const commit of ['joined', 'taken', 'resolved']) {
          const snapshot = await adapter.open(fixture, commit);
          const paths = ['tracked.yaml', 'other.yaml'];
          const answer = await snapshot.log({ paths, limit: 200 });
          const lines = fixture.git('log', '--format=%H', fixture.sha(commit), '--', ...paths).split('\n');
          if ('commits' in answer) expect(answer.commits.map(({ sha }) => sha)).toEqual(lines);
          else expect(answer.unavailable).toContain('across a merge');
        }
      });
    });
  });
}
