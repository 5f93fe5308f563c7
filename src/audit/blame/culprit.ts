import { ancestry, type CommitGraph, type GraphCommit } from '../../core/commit-graph.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { type Range, rowTo } from './branch.ts';
import type { Court, Judged, Scene } from './court.ts';
import { placesRead, relevantChanges } from './relevant.ts';
import { EnoughJudged, findTurn } from './turn.ts';

/** One repository whose commits are searched, while everything else stands still. */
export interface Ground {
  /** `target`, or the sibling's name. */
  readonly repo: string;
  readonly graph: CommitGraph;
  readonly open: (sha: string) => Promise<Snapshot>;
  /** The scene with that state of the repository in it. */
  readonly sceneWith: (snapshot: Snapshot) => Scene;
}

/** Where the search begins. */
export interface Beginning {
  readonly sha: string;
  /** What the gate said there, where that is known to be good. */
  readonly good: Judged | null;
}

export type Culprit =
  | {
      readonly kind: 'commit';
      readonly commit: GraphCommit;
      readonly mergedBy?: GraphCommit;
      /** At its first parent, where it is good, and at the commit itself. */
      readonly before: Judged;
      readonly after: Judged;
    }
  | CommitRange;

/** Commits of which one did it. */
interface CommitRange {
  readonly kind: 'range';
  readonly from: string;
  readonly to: string;
  /** How many they are, where the history is known. */
  readonly commits?: number;
  readonly reason: string;
}

/** What one search knows. */
interface Search {
  readonly range: Range;
  readonly beginning: Beginning;
  /** Commits to look at first; all of them where null. */
  readonly touching: ReadonlySet<string> | null;
  readonly judgeAt: (sha: string) => Promise<Judged>;
}

/**
 * Finds the commit at which a gate turned bad, between a beginning and `bad`: bad by itself, good at its first parent.
 * First along the branch; where a merge brought it, on the branch that was merged. Null where no state on the branch is good.
 * A range where the history cannot be had, states in between say nothing, or there are too many. Throws `SnapshotError`.
 */
export async function findCulprit(
  { graph, open, repo, sceneWith }: Ground,
  court: Court,
  beginning: Beginning,
  bad: Judged & { readonly sha: string },
  mostCommits: number,
): Promise<Culprit | null> {
  const answer = await graph.between(beginning.sha, bad.sha, mostCommits);
  if ('unavailable' in answer) return { kind: 'range', from: beginning.sha, to: bad.sha, reason: answer.unavailable };
  const known = new Map<string, Judged>([[bad.sha, bad]]);
  if (beginning.good) known.set(beginning.sha, beginning.good);
  const search: Search = {
    range: new Map(answer.commits.map((commit) => [commit.sha, commit])),
    beginning,
    touching: await touchingIn(answer.commits, { graph, repo }, beginning, bad),
    async judgeAt(sha) {
      const judged = known.get(sha) ?? (await court.judge(sceneWith(await open(sha))));
      known.set(sha, judged);
      return judged;
    },
  };
  try {
    return await seek(bad.sha, new Set(), search);
  } catch (error) {
    if (!(error instanceof EnoughJudged)) throw error;
    return rangeOf(beginning.sha, bad.sha, search.range, `${court.judged} states were judged, and no more are`);
  }
}

async function touchingIn(
  commits: readonly GraphCommit[],
  { graph, repo }: Pick<Ground, 'graph' | 'repo'>,
  { good }: Beginning,
  bad: Judged & { readonly sha: string },
): Promise<ReadonlySet<string> | null> {
  if (commits.length < 2) return null;
  const paths = good ? relevantChanges(repo, stateOf(good, repo), stateOf(bad, repo)) : placesRead(repo, bad.facts);
  if (paths === null || paths.length === 0) return null;
  const touching = await graph.touching(bad.sha, commits, paths);
  return 'unavailable' in touching ? null : touching;
}

function stateOf({ scene, facts }: Judged, repo: string) {
  const snapshot = repo === 'target' ? scene.target : scene.siblings[repo];
  if (!snapshot) throw new Error(`${repo} is not in the scene`);
  return { snapshot, facts };
}

/** Searches the row of first parents that leads to a bad tip, without what was excluded. */
async function seek(tip: string, excluded: ReadonlySet<string>, search: Search): Promise<Culprit | null> {
  const { before, commits } = rowTo(tip, search.range, excluded);
  const row = [...(before === null ? [] : [before]), ...commits.map(({ sha }) => sha)];
  const found = await searchRow(row, search.touching, search);
  if (found === null) return throughMerge(commits, search);
  return found.kind === 'range' ? found : intoMerged(found, search);
}

/** The last turn on a row, which ends with a bad state; null where none of its states is good. */
async function searchRow(
  row: readonly string[],
  touching: ReadonlySet<string> | null,
  search: Search,
): Promise<Culprit | null> {
  const { judgeAt, range, beginning } = search;
  // Between two commits that touch what the gate reads nothing changes for it: such a stretch is judged at its newest commit.
  const starts = row.flatMap((sha, index) => (index > 0 && (touching === null || touching.has(sha)) ? [index] : []));
  const ends = [...starts.map((start) => start - 1), row.length - 1];
  const shaAt = (index: number) => row[index] ?? '';
  const turn = await findTurn(ends.length - 1, async (stretch) => (await judgeAt(shaAt(ends[stretch] ?? 0))).mark);
  const among = (from: number, to: number) => searchRow(row.slice(from, to + 1), null, search);
  if (!turn) {
    const isGoodAtFirst = beginning.good !== null && row[0] === beginning.sha;
    return isGoodAtFirst && (ends[0] ?? 0) > 0 && touching !== null ? among(0, ends[0] ?? 0) : null;
  }
  const good = ends[turn.good] ?? 0;
  const first = starts[turn.bad - 1] ?? 0;
  const last = ends[turn.bad] ?? first;
  const after = await judgeAt(shaAt(first));
  if (after.mark === 'good') return among(first, last);
  const commit = range.get(shaAt(first));
  if (after.mark === 'bad' && commit && turn.bad - turn.good === 1)
    return { kind: 'commit', commit, before: await judgeAt(shaAt(good)), after };
  const reason = turn.isCutShort ? 'there are too many states to judge' : 'the gate could not be judged in between';
  return rangeOf(shaAt(good), shaAt(after.mark === 'bad' ? first : last), range, reason);
}

function rangeOf(from: string, to: string, range: Range, reason: string): CommitRange {
  const before = ancestry(from, range);
  const commits = [...ancestry(to, range)].filter((sha) => !before.has(sha)).length;
  return { kind: 'range', from, to, ...(commits > 1 ? { commits } : {}), reason };
}

/** Where a merge brought it: the commit on the branch that was merged. A merge of good branches that is bad did it itself. */
async function intoMerged(found: Extract<Culprit, { kind: 'commit' }>, search: Search): Promise<Culprit> {
  const { commit } = found;
  const [first = '', ...merged] = commit.parents;
  const before = ancestry(first, search.range);
  for (const tip of merged) {
    if (!search.range.has(tip) || before.has(tip)) continue;
    if ((await search.judgeAt(tip)).mark !== 'bad') continue;
    const deeper = await seek(tip, before, search);
    if (deeper?.kind === 'commit') return { ...deeper, mergedBy: commit };
    if (deeper) return deeper;
  }
  return found;
}

/** Where the row itself was never good: the good beginning joined it by a merge, and lies on the other side. */
async function throughMerge(commits: readonly GraphCommit[], search: Search): Promise<Culprit | null> {
  const { beginning, range, judgeAt } = search;
  if (!beginning.good) return null;
  for (const commit of commits) {
    const side = commit.parents.slice(1).find((parent) => leadsTo(beginning.sha, parent, range));
    if (side === undefined) continue;
    const joined = await judgeAt(side);
    if (joined.mark === 'bad') return seek(side, new Set(), search);
    if (joined.mark === 'good') return { kind: 'commit', commit, before: joined, after: await judgeAt(commit.sha) };
    return rangeOf(side, commit.sha, range, 'the gate could not be judged in between');
  }
  return null;
}

function leadsTo(ancestor: string, tip: string, range: Range): boolean {
  if (tip === ancestor) return true;
  return [...ancestry(tip, range)].some((sha) => range.get(sha)?.parents.includes(ancestor) ?? false);
}
