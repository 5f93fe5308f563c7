import type { Commit } from '../../core/snapshot.ts';

export interface DatedCommit extends Commit {
  /** ISO 8601, in UTC. */
  readonly date: string;
}

/**
 * One list out of several that are each newest first, without repetitions.
 * The order of each list is kept, whatever its dates say; between lists the place in `latest` decides, then the date.
 */
export function mergeNewestFirst(
  lists: readonly (readonly DatedCommit[])[],
  latest: readonly string[],
): readonly DatedCommit[] {
  const places = new Map(latest.map((sha, index) => [sha, index]));
  const place = ({ sha }: DatedCommit) => places.get(sha) ?? latest.length;
  const isNewer = (one: DatedCommit, other: DatedCommit) =>
    place(one) === place(other) ? one.date > other.date : place(one) < place(other);
  const merged: DatedCommit[] = [];
  let rest = lists.filter((list) => list.length > 0);
  while (rest.length > 0) {
    const heads = rest.flatMap((list) => list.slice(0, 1));
    const free = heads.filter(({ sha }) => !rest.some((list) => list.findIndex((commit) => commit.sha === sha) > 0));
    const next = (free.length > 0 ? free : heads).reduce((best, head) => (isNewer(head, best) ? head : best));
    merged.push(next);
    rest = rest.map((list) => list.filter(({ sha }) => sha !== next.sha)).filter((list) => list.length > 0);
  }
  return merged;
}
