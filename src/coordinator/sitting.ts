import { Adjourned, type CourtRecord } from '../audit/blame/court.ts';
import { EnoughJudged } from '../audit/blame/turn.ts';
import { holdsSecret } from '../audit/reuse.ts';
import type { CommitGraph } from '../core/commit-graph.ts';
import { type Rows, SCENE } from './rows.ts';
import { rememberedGraph } from './search-history.ts';
import type { SearchRow } from './search-rows.ts';

/** Gates that one search looks into, states that it judges for all of them, and alarms that it takes: the issues wait meanwhile. */
const MOST = { gates: 5, states: 60, parts: 12 };
/** One alarm's part of it, so that none computes longer than a Worker may: 30 s of CPU. A script takes up to 15 s. */
const PART = { milliseconds: 10_000, scripts: 8 };
/** Characters of the questions of one state, of which only the first and the last need to be known. */
const MOST_OF_FACTS = 400_000;

/** One alarm's part of a search for culprits. What it finds is on record at once, and the next one goes on from there. */
export interface Sitting {
  /** Names of the gates that are looked into. */
  readonly gates: ReadonlySet<string>;
  /** States that may still be judged. */
  readonly left: number;
  readonly record: CourtRecord;
  /** The history of a repository, of which nothing is asked twice. */
  remembering(graph: CommitGraph, repo: string): CommitGraph;
  /** A script was run. */
  ran(): void;
  /** A gate's search has come to its end, after so many states. */
  spend(states: number): void;
}

export interface SittingPorts {
  readonly rows: Rows;
  readonly now: () => number;
  readonly persist: () => Promise<void>;
  /** When this alarm began its work. */
  readonly startedAt: number;
}

/** Goes on with the search of one audit (`of`, a digest), or begins it with the first of these gates. */
export function openSitting(
  of: string,
  gates: readonly string[],
  { rows, now, persist, startedAt }: SittingPorts,
): Sitting {
  const before = rows.get('search');
  if (before && before.of !== of) endSearch(rows);
  const anew = { of, parts: 0, gates: gates.slice(0, MOST.gates), left: MOST.states };
  const goesOn = before?.of === of ? before : anew;
  let search: SearchRow = goesOn;
  const change = (part: Partial<SearchRow>) => {
    search = { ...search, ...part };
    rows.put('search', search);
  };
  change({ parts: goesOn.parts + 1 });
  let scripts = 0;
  return {
    gates: new Set(search.gates),
    get left() {
      return search.left;
    },
    remembering: (graph, repo) =>
      rememberedGraph(graph, repo, {
        known: () => search.history ?? {},
        keep: (history) => change({ history }),
      }),
    ran() {
      scripts += 1;
    },
    spend: (states) => change({ left: Math.max(0, search.left - states) }),
    record: {
      recall(scene) {
        const row = rows.get(`${SCENE}${scene}`);
        return row && { ...row, facts: new Map(row.facts) };
      },
      async keep(scene, said) {
        const facts = [...said.facts];
        const questions = facts.map(([question]) => question);
        const isKept = questions.join('').length <= MOST_OF_FACTS && !holdsSecret(questions);
        // Without them the search looks at more commits.
        rows.put(`${SCENE}${scene}`, { ...said, facts: isKept ? facts : [] });
        await persist();
      },
      mayJudge() {
        if (search.parts > MOST.parts) throw new EnoughJudged('it took too long');
        if (scripts >= PART.scripts || now() - startedAt >= PART.milliseconds)
          throw new Adjourned('the other states are judged in the next alarm');
      },
    },
  };
}

/** Forgets what is on record of a search. */
export function endSearch(rows: Rows): void {
  const scenes = rows.sceneKeys();
  if (scenes.length === 0 && rows.get('search') === undefined) return;
  rows.transaction(() => {
    for (const key of scenes) rows.delete(key);
    rows.delete('search');
  });
}
