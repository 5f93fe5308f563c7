import type { GraphCommit } from '../../core/commit-graph.ts';

/** Commits by sha: those that the bad end has and the good one has not. */
export type Range = ReadonlyMap<string, GraphCommit>;

/** A row of commits, each the first parent of the next. */
export interface Row {
  /** Where the row begins: the first parent of its first commit, which is no part of it. Null for the beginning of all. */
  readonly before: string | null;
  /** Oldest first. */
  readonly commits: readonly GraphCommit[];
}

/** What a person sees on a branch: the commits that first parents lead through, down to one that is not in the range or was excluded. */
export function rowTo(tip: string, range: Range, excluded: ReadonlySet<string> = new Set()): Row {
  const commits: GraphCommit[] = [];
  for (let sha: string | undefined = tip; ; ) {
    const commit: GraphCommit | undefined = sha === undefined || excluded.has(sha) ? undefined : range.get(sha);
    if (!commit) return { before: sha ?? null, commits: commits.reverse() };
    commits.push(commit);
    sha = commit.parents[0];
  }
}
