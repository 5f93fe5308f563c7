/** What every adapter of the commit log has to do, wherever the history lies. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommitGraph, GraphCommit } from '../../src/core/commit-graph.ts';
import { createGitFixture, type FixtureCommit, type GitFixture } from './git-fixture.ts';

const COMMITS: readonly FixtureCommit[] = [
  { name: 'first', files: { 'a.yaml': 'a: 1\n', 'deep/er/b.yaml': 'b: 1\n', 'run.sh': 'true\n' } },
  { name: 'a2', files: { 'a.yaml': 'a: 2\n' }, author: 'Zoë @zoe b', message: 'Fix *a*\nand #1\n\nWith a body.\n' },
  { name: 'side', branch: 'side', from: 'a2', files: { 'deep/er/b.yaml': 'b: 2\n' } },
  { name: 'other', branch: 'side', files: { 'c.yaml': 'c: 1\n' } },
  { name: 'main', from: 'a2', files: { 'd.yaml': 'd: 1\n' } },
  { name: 'merge', from: 'main', merge: 'other', files: { 'deep/er/b.yaml': 'b: 2\n', 'c.yaml': 'c: 1\n' } },
  { name: 'mode', files: { 'run.sh': { mode: '100755', content: 'true\n' } } },
  { name: 'moved', files: { 'a.yaml': null, 'moved/a.yaml': 'a: 2\n' } },
  { name: 'evil', branch: 'main', from: 'moved', merge: 'other', files: { 'd.yaml': 'd: 2\n' } },
  ...Array.from({ length: 320 }, (_, index) => ({ name: `noise ${index}`, files: { 'noise.md': `${index}\n` } })),
  { name: 'head', files: { 'a.yaml': 'a: 3\n' } },
  { name: 'rewritten', branch: 'rewritten', from: 'first', files: { 'a.yaml': 'a: 9\n' } },
  { name: 'unrelated', branch: 'unrelated', from: null, files: { 'a.yaml': 'a: 9\n' } },
];

/** Declares the suite for one adapter; `open` gives the log of a bare repository. */
export function testCommitGraph(open: (fixture: GitFixture) => Promise<CommitGraph>): void {
  let fixture: GitFixture;
  let log: CommitGraph;
  beforeAll(async () => {
    fixture = createGitFixture(COMMITS);
    log = await open(fixture);
  });
  afterAll(() => fixture.remove());

  const commits = async (after: string, head: string): Promise<readonly GraphCommit[]> => {
    const answer = await log.between(fixture.sha(after), fixture.sha(head), 1000);
    if ('unavailable' in answer) throw new Error(answer.unavailable);
    return answer.commits;
  };
  const names = (shas: Iterable<string>) => {
    const wanted = new Set(shas);
    return COMMITS.flatMap(({ name }) => (wanted.has(fixture.sha(name)) ? [name] : []));
  };
  const touching = async (after: string, head: string, paths: readonly string[]) => {
    const answer = await log.touching(fixture.sha(head), await commits(after, head), paths);
    if ('unavailable' in answer) throw new Error(answer.unavailable);
    return names(answer);
  };

  describe('commits between two', () => {
    test('are those that the one has and the other has not, merged ones included', async () => {
      expect(names((await commits('first', 'merge')).map(({ sha }) => sha))).toEqual([
        'a2',
        'side',
        'other',
        'main',
        'merge',
      ]);
      expect(await commits('merge', 'merge')).toEqual([]);
    });

    test('come with parents, title, author and date, as they are written there', async () => {
      const [a2] = await commits('first', 'a2');
      expect(a2).toEqual({
        sha: fixture.sha('a2'),
        parents: [fixture.sha('first')],
        title: 'Fix *a* and #1',
        author: 'Zoë @zoe b',
        date: '2026-02-17T00:01:00.000Z',
      });
      const merge = (await commits('main', 'merge')).find(({ sha }) => sha === fixture.sha('merge'));
      expect(merge?.parents).toEqual([fixture.sha('main'), fixture.sha('other')]);
    });

    test('are complete, however many', async () => {
      expect(await commits('first', 'head')).toHaveLength(COMMITS.length - 3);
    });

    test('are unavailable beyond the limit', async () => {
      expect(await log.between(fixture.sha('first'), fixture.sha('head'), 100)).toEqual({
        unavailable: 'more than 100 commits lie in between',
      });
    });

    test('are unavailable where the branch was rewritten, and where nobody knows the commit', async () => {
      for (const after of [fixture.sha('rewritten'), fixture.sha('unrelated'), 'f'.repeat(40)])
        expect(await log.between(after, fixture.sha('head'), 1000)).toEqual({
          unavailable: `the branch does not show ${after.slice(0, 10)}: perhaps somebody rewrote it`,
        });
    });
  });

  describe('commits that touch paths', () => {
    test('are those that change them, and the merges that bring such a change', async () => {
      expect(await touching('first', 'merge', ['deep/er/b.yaml'])).toEqual(['side', 'merge']);
      expect(await touching('first', 'head', ['a.yaml'])).toEqual(['a2', 'moved', 'head']);
      expect(await touching('first', 'head', ['moved/a.yaml', 'd.yaml'])).toEqual(['main', 'moved', 'evil']);
    });

    test('folders count, modes count, and a name is a name', async () => {
      expect(await touching('first', 'evil', ['deep'])).toEqual(['side', 'merge']);
      expect(await touching('first', 'evil', ['run.sh'])).toEqual(['mode']);
      expect(await touching('first', 'evil', ['*.yaml', 'never.yaml'])).toEqual([]);
    });

    test('are found behind hundreds of others, and nothing touches no path', async () => {
      expect(await touching('evil', 'head', ['noise.md'])).toHaveLength(320);
      expect(await touching('first', 'head', [])).toEqual([]);
    });
  });
}
