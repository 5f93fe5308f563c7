import { MINUTE } from '../core/durations.ts';
import type { ReportedFacts } from '../core/facts.ts';
import type { Reported } from '../reported/fill.ts';
import type { Results } from '../reported/results.ts';
import type { Rows } from './rows.ts';

/** Proofs that are remembered until they could not be sent again. */
const MAX_PROOFS = 1000;

/** What tells one proof of authority from any other, and until when it could be sent again (ms since the epoch). */
export interface Proof {
  readonly id: string;
  readonly expiresAt: number;
}

/** Keeps what was reported, newer beside older: one result a gate, one table a runner. False where this proof was used before. */
export function receiveResults(rows: Rows, posted: Results, proof: Proof, now: number): boolean {
  const proofs = (rows.get('proofs') ?? []).filter(({ expiresAt }) => expiresAt + MINUTE > now);
  if (proofs.some(({ id }) => id === proof.id)) return false;
  const at = Date.parse(posted.at);
  const { runner, sha } = posted;
  const results = new Map((rows.get('results') ?? []).map((one) => [one.gate, one]));
  for (const result of posted.results) {
    const before = results.get(result.gate);
    if (sha !== null && !(before && before.at > at))
      results.set(result.gate, { ...result, output: '', sha, at, runner });
  }
  const facts = new Map((rows.get('facts') ?? []).map((one) => [`${one.table} ${one.runner}`, one]));
  for (const [table, { at: time, rows: told }] of Object.entries(posted.facts)) {
    const before = facts.get(`${table} ${runner}`);
    const since = Date.parse(time);
    if (!(before && before.at > since)) facts.set(`${table} ${runner}`, { table, runner, at: since, rows: told });
  }
  rows.transaction(() => {
    rows.put('proofs', [...proofs, { id: proof.id, expiresAt: proof.expiresAt }].slice(-MAX_PROOFS));
    rows.put('results', [...results.values()]);
    rows.put('facts', [...facts.values()]);
    rows.put('reportedAt', now);
  });
  return true;
}

/** Forgets all that was reported, and that anything ever was. */
export function forgetResults(rows: Rows): void {
  rows.transaction(() => {
    for (const key of ['results', 'facts', 'reportedAt'] as const) rows.delete(key);
  });
}

/** What was reported of gates, by number or name. */
export function reportedResults(rows: Rows): readonly Reported[] {
  return rows.get('results') ?? [];
}

/** What machines posted, as gates may ask for it; `maxAge` in ms. */
export function reportedFacts(rows: Rows, maxAge: number): ReportedFacts {
  const facts = rows.get('facts') ?? [];
  return {
    tables: (name) => facts.filter(({ table }) => table === name),
    lastArrival: rows.get('reportedAt') ?? null,
    maxAge,
  };
}
