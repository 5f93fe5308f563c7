/** The search for what broke a gate: 30 planted breakages in a history of 500 commits, at GitHub. */
import { isDeepStrictEqual } from 'node:util';
import { makeRepositories } from '../../test/audit/blame/made-search.ts';
import { sum } from './numbers.ts';

export interface Culprits {
  readonly commits: number;
  readonly breakages: number;
  readonly right: number;
  /** What GitHub was asked for all, the first reading of the trees included, and for the one that took most. */
  readonly requests: number;
  readonly mostRequests: number;
  /** States of the repo in which a gate was judged. */
  readonly judged: number;
  readonly mostJudged: number;
}

/** Searches for each of them with a client that knows nothing yet. */
export async function findCulprits(): Promise<Culprits> {
  const made = await makeRepositories();
  try {
    const requests: number[] = [];
    const judged: number[] = [];
    let right = 0;
    for (const breakage of made.breakages) {
      const searched = await made.searchGitHub(breakage);
      if (isDeepStrictEqual(searched.found, breakage.expected)) right += 1;
      requests.push(searched.requests);
      judged.push(searched.judged);
    }
    return {
      commits: made.commits,
      breakages: made.breakages.length,
      right,
      requests: sum(requests),
      mostRequests: Math.max(...requests),
      judged: sum(judged),
      mostJudged: Math.max(...judged),
    };
  } finally {
    await made.close();
  }
}
