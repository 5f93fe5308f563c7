/**
 * Everything a gate read, so that its verdict can be reused while the trace still holds:
 * one fact per question asked (`target file ops/x.yaml`), answered by mode and blob sha, absence, or a list of matches.
 */
export interface Trace {
  readonly facts: ReadonlyMap<string, string>;
  /** When (ms since the epoch) the clock first changes an answer it gave; null when time plays no part. */
  readonly flipsAt: number | null;
}

export interface TraceRecorder extends Trace {
  /** Files that were asked for as YAML and are none, as sentences with file and line. */
  readonly faults: ReadonlySet<string>;
  fault(sentence: string): void;
  record(question: string, answer: string): void;
  flips(instant: number): void;
}

export function createTrace(): TraceRecorder {
  const facts = new Map<string, string>();
  const faults = new Set<string>();
  let flipsAt: number | null = null;
  return {
    facts,
    faults,
    fault(sentence) {
      faults.add(sentence);
    },
    get flipsAt() {
      return flipsAt;
    },
    record(question, answer) {
      facts.set(question, answer);
    },
    flips(instant) {
      flipsAt = Math.min(flipsAt ?? instant, instant);
    },
  };
}
