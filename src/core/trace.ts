import { digest } from './digest.ts';
import type { TreeEntry } from './snapshot.ts';

/**
 * Everything that a verdict rests on: what was asked, and what the answer was.
 * While every question would be answered alike, the verdict holds and need not be found again.
 */
export interface Trace {
  /** The answer by question; see `questionText` for the form of a question. */
  readonly facts: ReadonlyMap<string, string>;
  /** When (ms since the epoch) the clock first changes an answer it gave; null when time plays no part, or only from a moment that has passed. */
  readonly flipsAt: number | null;
  /** Whether the clock was asked at all: then the verdict says nothing of an earlier time. */
  readonly asksTime: boolean;
}

/** What may be asked of a repository, and of the world around it. */
export const QUESTION_KINDS = [
  /** Where a path leads: mode and blob id, `folder`, `absent`, or why nobody can tell. */
  'path',
  /** What stands at a path itself, links not followed. */
  'entry',
  /** All that lies below a folder. */
  'below',
  'glob',
  'files',
  'names',
  'history',
  /** Which commit it is, for answers that nobody can break down further. */
  'commit',
  'uncommitted',
  /** Whether a sibling is there, and whether its text may be quoted. */
  'sibling',
  /** What machines reported. */
  'reported',
  /** Something that could not be read this time. It never holds. */
  'lost',
] as const;

export interface Question {
  readonly kind: (typeof QUESTION_KINDS)[number];
  /** `target`, or the name of a sibling. */
  readonly repo: string;
  /** A path, a pattern, a query; empty where the kind says it all. */
  readonly subject: string;
}

/** A question in one text, as traces hold it: `target path ops/x.yaml`. */
export function questionText({ kind, repo, subject }: Question): string {
  return `${repo} ${kind} ${subject}`;
}

/** A question that `questionText` wrote; undefined for anything else. A sibling's name may hold spaces, a kind may not. */
export function parseQuestion(text: string): Question | undefined {
  const [, repo, word, subject] = /^(.*?) (\w+) ([\s\S]*)$/.exec(text) ?? [];
  const kind = QUESTION_KINDS.find((known) => known === word);
  return repo === undefined || subject === undefined || !kind ? undefined : { kind, repo, subject };
}

/** A trace in the making. */
export interface TraceRecorder extends Trace {
  /** Files that were asked for as YAML and are none, as sentences with file and line. */
  readonly faults: ReadonlySet<string>;
  fault(sentence: string): void;
  record(question: Question, answer: string): void;
  /** The clock was asked; `flip` says when its answer will change, if it ever will. */
  askTime(flip: number | null): void;
  /** Takes over what another gate read whose verdict was asked for. */
  include(other: Trace): void;
}

export function createTrace(): TraceRecorder {
  const facts = new Map<string, string>();
  const faults = new Set<string>();
  let flipsAt: number | null = null;
  let asksTime = false;
  const askTime = (flip: number | null) => {
    asksTime = true;
    if (flip !== null) flipsAt = Math.min(flipsAt ?? flip, flip);
  };
  return {
    facts,
    faults,
    fault(sentence) {
      faults.add(sentence);
    },
    get flipsAt() {
      return flipsAt;
    },
    get asksTime() {
      return asksTime;
    },
    record(question, answer) {
      facts.set(questionText(question), answer);
    },
    askTime,
    include(other) {
      for (const [question, answer] of other.facts) facts.set(question, answer);
      if (other.asksTime) askTime(other.flipsAt);
    },
  };
}

/** A list of paths or names, as a trace remembers it: its length and a digest. */
export function listingAnswer(list: readonly string[] | { readonly beyond: string }): string {
  return 'beyond' in list ? `beyond: ${list.beyond}` : `${list.length} ${digest(list.join('\n'))}`;
}

/** What stands at a path, as a trace remembers it. A file of a work tree has no id: of it nothing is known for later. */
export function entryAnswer(entry: Pick<TreeEntry, 'mode' | 'sha'> | 'folder' | undefined): string {
  if (entry === undefined) return 'absent';
  return entry === 'folder' ? entry : `${entry.mode} ${entry.sha ?? 'of this moment'}`;
}

const KNOWN_BELOW = new WeakMap<ReadonlyMap<string, TreeEntry>, Map<string, string>>();

/** All paths below a folder, with what stands there. */
export function belowAnswer(entries: ReadonlyMap<string, TreeEntry>, folder: string): string {
  const known = KNOWN_BELOW.get(entries) ?? new Map<string, string>();
  KNOWN_BELOW.set(entries, known);
  const before = known.get(folder);
  if (before !== undefined) return before;
  const start = folder === '' ? '' : `${folder}/`;
  const lines: string[] = [];
  for (const [path, entry] of entries) if (path.startsWith(start)) lines.push(`${path} ${entryAnswer(entry)}`);
  const answer = listingAnswer(lines.sort());
  known.set(folder, answer);
  return answer;
}
