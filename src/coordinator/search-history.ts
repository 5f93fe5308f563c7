import type { CommitGraph, GraphCommit } from '../core/commit-graph.ts';
import { digest } from '../core/digest.ts';
import { redactText } from '../core/text/redact.ts';
import type { HistoryRow } from './search-rows.ts';

/** Characters of all that is kept; beyond them, the next alarm asks again. */
const MOST_KEPT = 400_000;

type Kept = Readonly<Record<string, HistoryRow>>;

/** What a search keeps of the history, by the digest of the question. */
export interface HistoryRecord {
  readonly known: () => Kept;
  readonly keep: (known: Kept) => void;
}

/**
 * A history that GitHub is asked about once in a search, however many alarms that takes: what lies between two commits never changes.
 * Why something could not be had is not kept, since that may change.
 */
export function rememberedGraph(graph: CommitGraph, repo: string, record: HistoryRecord): CommitGraph {
  const keep = (question: string, answer: HistoryRow) => {
    const known = { ...record.known(), [question]: answer };
    if (JSON.stringify(known).length <= MOST_KEPT) record.keep(known);
  };
  return {
    async between(after, head, limit) {
      const question = digest(JSON.stringify([repo, 'between', after, head, limit]));
      const known = record.known()[question];
      if (known && 'commits' in known) return known;
      const answer = await graph.between(after, head, limit);
      if ('commits' in answer) keep(question, { commits: answer.commits.map(masked) });
      return answer;
    },
    async touching(head, commits, paths) {
      const shas = commits.map(({ sha }) => sha);
      const question = digest(JSON.stringify([repo, 'touching', head, shas, paths]));
      const known = record.known()[question];
      if (known && 'touching' in known) return new Set(known.touching);
      const answer = await graph.touching(head, commits, paths);
      if (!('unavailable' in answer)) keep(question, { touching: [...answer] });
      return answer;
    },
  };
}

/** A secret is stored nowhere, and people see these texts masked anyhow. */
function masked(commit: GraphCommit): GraphCommit {
  return { ...commit, title: redactText(commit.title), author: redactText(commit.author) };
}
