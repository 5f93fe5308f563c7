import type { Rows } from './rows.ts';
import type { Work } from './work-row.ts';

/** Lives that one commit may cost before that is reported. */
const MAX_DEATHS = 3;

/** Why a gate is blind in whose judging earlier lives ended. */
export const LEFT_OUT = 'Left out: earlier audits of this commit ended while this gate was judged';

/** What is known of a commit before its audit begins. */
export interface WorkPlan {
  /** Gates that earlier lives ended in. */
  readonly leftOut: readonly string[];
  /** Whether an earlier life ended, so that each gate is noted before it is judged. */
  readonly isCareful: boolean;
}

/** An audit of this commit ends the life it runs in, each time. The message says how far it came. */
export class DeadlyCommit extends Error {
  override readonly name = 'DeadlyCommit';
  /** A gate is left out from now on, so another try is of use. */
  readonly hasRemedy: boolean;

  constructor(message: string, hasRemedy: boolean) {
    super(message);
    this.hasRemedy = hasRemedy;
  }
}

/**
 * Counts a life that begins with the audit of a commit, before the work: one that is ended by a limit on time or memory cannot count afterwards.
 * Throws `DeadlyCommit` when three lives ended with it; from then on the gate that they ended in is left out, and each further try that ends a life is reported at once.
 */
export function beginWork(rows: Rows, sha: string, engine: string): WorkPlan {
  const before = rows.get('work');
  const known: Work =
    before?.sha === sha && before.engine === engine ? before : { sha, engine, deaths: 0, gate: null, leftOut: [] };
  if (known.deaths >= MAX_DEATHS) {
    const { gate, leftOut } = known;
    const isNamed = gate !== null && !leftOut.includes(gate);
    rows.put('work', {
      ...known,
      deaths: MAX_DEATHS - 1,
      gate: null,
      leftOut: isNamed ? [...leftOut, gate] : leftOut,
    });
    throw new DeadlyCommit(lastWords(known), isNamed);
  }
  rows.put('work', { ...known, deaths: known.deaths + 1 });
  return { leftOut: known.leftOut, isCareful: known.deaths > 0 };
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

/** What keeps an audit from being whole although nothing else is wrong, as sentences. */
export function leftOutOf(rows: Rows, sha: string | null): readonly string[] {
  const { leftOut = [], sha: of } = rows.get('work') ?? {};
  if (of !== sha) return [];
  return leftOut.map(
    (gate) =>
      `The gate ${gate} is left out at ${shortSha(of)}: each audit of this commit ended while it was judged, most likely for lack of time or memory. The next commit is audited with it again.`,
  );
}

function lastWords({ sha, deaths, gate, leftOut }: Work): string {
  const far = gate === null ? 'before any gate was judged' : `while the gate ${gate} was judged`;
  const without = leftOut.length > 0 ? `, although ${leftOut.join(' and ')} was left out` : '';
  const next = gate === null ? 'The next commit is audited again.' : 'The next try leaves that gate out.';
  return `the audit of commit ${shortSha(sha)} has ended ${deaths} times without a result${without}, the last time ${far}; most likely it runs out of time or memory. ${next}`;
}

function shortSha(sha: string): string {
  return sha.slice(0, 10);
}
