import type { Rows, Work } from './rows.ts';

/** Lives that one commit may cost before it is reported instead of audited. */
const MAX_DEATHS = 3;

/** What is known of a commit before its audit begins. */
export interface WorkPlan {
  /** Gates that an earlier life ended in. */
  readonly leftOut: readonly string[];
  /** Whether an earlier life ended, so that each gate is noted before it is judged. */
  readonly isCareful: boolean;
}

/** An audit of this commit ends the life it runs in, each time. The message says how far it came. */
export class DeadlyCommit extends Error {
  override readonly name = 'DeadlyCommit';
}

/**
 * Counts a life that begins with the audit of a commit, before the work: one that is ended by a limit on time or memory cannot count afterwards.
 * Throws `DeadlyCommit` when three lives ended with it.
 */
export function beginWork(rows: Rows, sha: string, engine: string, isForced: boolean): WorkPlan {
  const before = rows.get('work');
  const isSame = before?.sha === sha && before.engine === engine && !isForced;
  const known: Work = isSame ? before : { sha, engine, deaths: 0, gate: null, leftOut: [] };
  if (known.deaths >= MAX_DEATHS) throw new DeadlyCommit(lastWords(known));
  // What was being judged when the last life ended is not judged again.
  const leftOut =
    known.gate === null || known.leftOut.includes(known.gate) ? known.leftOut : [...known.leftOut, known.gate];
  rows.put('work', { ...known, gate: null, leftOut, deaths: known.deaths + 1 });
  return { leftOut, isCareful: known.deaths > 0 };
}

/** Notes the gate that is judged next. */
export function noteGate(rows: Rows, gate: string): void {
  const work = rows.get('work');
  if (work) rows.put('work', { ...work, gate });
}

/** The audit came to an end, whatever it says: no life ended with it. Gates that were left out stay so for this commit. */
export function endWork(rows: Rows): void {
  const work = rows.get('work');
  if (work) rows.put('work', { ...work, deaths: 0, gate: null });
}

function lastWords({ sha, deaths, gate, leftOut }: Work): string {
  const named = [...leftOut, ...(gate !== null && !leftOut.includes(gate) ? [gate] : [])];
  const far =
    named.length > 0
      ? `it came as far as the gate ${named.join(', then ')}`
      : 'it did not come as far as the first gate';
  return `the audit of commit ${sha.slice(0, 10)} ran out of time or memory ${deaths} times (${far}); it is audited again when the branch has another commit`;
}
