import type { NamedCommit } from './broken-by.ts';

export interface GraphCommit extends NamedCommit {
  /** Shas; the first one is where the branch stood before. */
  readonly parents: readonly string[];
}

/** Commits, or why they could not be had. */
export type GraphAnswer = { readonly commits: readonly GraphCommit[] } | { readonly unavailable: string };

/** The history of one repository, as a search for a commit needs it. Both methods throw `SnapshotError` when nothing can be read now. */
export interface CommitGraph {
  /**
   * Every commit that `head` has and `after` has not, in any order.
   * Unavailable where `after` is no ancestor of `head`, where the history does not reach back to it, and where there are more than `limit`.
   */
  between(after: string, head: string, limit: number): Promise<GraphAnswer>;
  /**
   * Which of `commits`, all of them ancestors of `head` or `head` itself, may differ from their first parent in one of `paths`, files or folders.
   * It may name commits that do not, and where branches were merged it may miss some whose change did not survive: it says where to look first.
   */
  touching(
    head: string,
    commits: readonly GraphCommit[],
    paths: readonly string[],
  ): Promise<ReadonlySet<string> | { readonly unavailable: string }>;
}

/** A commit and everything that it descends from, as far as `range` (by sha) holds it. */
export function ancestry(tip: string, range: ReadonlyMap<string, GraphCommit>): ReadonlySet<string> {
  const found = new Set<string>();
  const ahead = [tip];
  for (let sha = ahead.pop(); sha !== undefined; sha = ahead.pop()) {
    const commit = range.get(sha);
    if (!commit || found.has(sha)) continue;
    found.add(sha);
    ahead.push(...commit.parents);
  }
  return found;
}
