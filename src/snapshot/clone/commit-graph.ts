import type { CommitGraph, GraphCommit } from '../../core/commit-graph.ts';
import { SnapshotError } from '../../core/snapshot.ts';
import { resolveCommit } from './directory.ts';
import { git, gitFed, isShallow } from './git.ts';

/** Settings of the user's that would change what `git log` says are overruled. */
const LOG = [
  '-c',
  'log.showSignature=false',
  'log',
  '--topo-order',
  '--format=%H%x00%P%x00%aI%x00%an%x00%s%x00%ct%x00',
];
const FIELDS = 6;

/** A commit with the time at which it got where it is, in ms since the epoch: what was written earlier may be committed later. */
export interface DatedCommit extends GraphCommit {
  readonly madeAt: number;
}

/** The history of a local clone. */
export function cloneCommitGraph(directory: string): CommitGraph {
  return {
    async between(after, head, limit) {
      const isAncestor = git(directory, 'merge-base', '--is-ancestor', after, head).then(
        () => true,
        () => false,
      );
      if (!(await isAncestor)) return { unavailable: await whyUnrelated(directory, after) };
      const log = await git(directory, ...LOG, `--max-count=${limit + 1}`, `${after}..${head}`, '--');
      const commits = parseLog(log);
      if (commits.length > limit) return { unavailable: `more than ${limit} commits lie in between` };
      return { commits: commits.map(({ madeAt: _, ...commit }) => commit) };
    },
    async touching(_head, commits, paths) {
      if (paths.length === 0) return new Set();
      const pairs = commits.map(({ sha, parents: [first = ''] }) => `${sha} ${first}\n`).join('');
      const options = ['--stdin', '--root', '-r', '-z', '--name-only', '--no-renames'];
      const output = await gitFed(directory, pairs, 'diff-tree', ...options, '--', ...paths);
      const named = new Set(output.split('\0'));
      return new Set(commits.flatMap(({ sha }) => (named.has(sha) ? [sha] : [])));
    },
  };
}

/** The oldest commit that first parents lead to from a revision. */
export async function firstCommit(directory: string, revision: string): Promise<string> {
  const shas = await git(directory, 'rev-list', '--first-parent', revision, '--');
  return shas.trimEnd().split('\n').at(-1) ?? '';
}

/** When a commit was made, in ms since the epoch. */
export async function commitDate(directory: string, sha: string): Promise<number> {
  return Number(await git(directory, 'show', '--no-patch', '--format=%ct', sha, '--')) * 1000;
}

/** Where the branch that leads to a revision stood at an instant (ms since the epoch); undefined where it began later. */
export async function headAt(directory: string, revision: string, instant: number): Promise<string | undefined> {
  const options = ['--first-parent', '--max-count=1', `--before=${new Date(instant).toISOString()}`];
  const sha = (await git(directory, 'rev-list', ...options, revision, '--')).trim();
  return sha === '' ? undefined : sha;
}

/** Commits of a range as git understands it, parents before children; in a shallow clone, as far as it reaches. Throws `SnapshotError` that says what is missing: the directory, a repository, any commit, this range. */
export async function commitsOf(directory: string, range: string): Promise<readonly DatedCommit[]> {
  await resolveCommit(directory, 'HEAD');
  const log = git(directory, ...LOG, '--reverse', '--end-of-options', range, '--');
  return parseLog(
    await log.catch(async (cause: Error) => {
      const why = (await isShallow(directory)) ? `; the clone is shallow (git fetch --unshallow)` : '';
      throw new SnapshotError('not-found', `${directory} has no commits ${range} (${cause.message})${why}`, { cause });
    }),
  );
}

async function whyUnrelated(directory: string, after: string): Promise<string> {
  if (await isShallow(directory)) return 'the clone is shallow and does not reach back so far (git fetch --unshallow)';
  return `the branch does not show ${after.slice(0, 10)}: perhaps somebody rewrote it`;
}

function parseLog(output: string): readonly DatedCommit[] {
  const fields = output.split('\0');
  const commits: DatedCommit[] = [];
  for (let at = 0; at + FIELDS < fields.length; at += FIELDS) {
    const [sha = '', parents = '', date = '', author = '', title = '', madeAt] = fields.slice(at, at + FIELDS);
    commits.push({
      sha: sha.trim(),
      parents: parents === '' ? [] : parents.split(' '),
      date: new Date(date).toISOString(),
      author,
      title,
      madeAt: Number(madeAt) * 1000,
    });
  }
  return commits;
}
