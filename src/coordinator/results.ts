import { keptSubject } from '../audit/redact-report.ts';
import { MINUTE } from '../core/durations.ts';
import type { Arrival, FactTable, ReportedFacts } from '../core/facts.ts';
import { redactText } from '../core/text/redact.ts';
import { withoutColours } from '../core/text/terminal.ts';
import type { Reported } from '../reported/fill.ts';
import type { Results } from '../reported/results.ts';
import type { Rows } from './rows.ts';

/** Proofs that are remembered until they could not be sent again. */
const MAX_PROOFS = 1000;
/** Results of one gate that are kept: of several runners, at several commits. */
const MOST_A_GATE = 8;
/** Lines of a gate's output that are kept, and characters of each. */
const MOST_LINES = 40;
const LONGEST_LINE = 300;
/** Characters of all results that are kept, and of all facts. */
const MOST_KEPT = 4_000_000;

/** What tells one proof of authority from any other, and until when it could be sent again (ms since the epoch). */
export interface Proof {
  readonly id: string;
  readonly expiresAt: number;
}

/** What became of a post: taken, refused because its proof was used before, or because all facts together would be too much to keep. */
export type Receipt = 'taken' | 'replayed' | 'too-much';

/** Keeps what was reported: of each gate the newest result by every runner at every commit, of each table the newest by every runner. */
export function receiveResults(rows: Rows, posted: Results, proof: Proof, now: number): Receipt {
  const proofs = (rows.get('proofs') ?? []).filter(({ expiresAt }) => expiresAt + MINUTE > now);
  if (proofs.some(({ id }) => id === proof.id)) return 'replayed';
  const facts = withPostedFacts(rows.get('facts') ?? [], posted);
  if (JSON.stringify(facts).length > MOST_KEPT) return 'too-much';
  rows.transaction(() => {
    rows.put('proofs', [...proofs, { id: proof.id, expiresAt: proof.expiresAt }].slice(-MAX_PROOFS));
    rows.put('results', withPostedResults(rows.get('results') ?? [], posted));
    rows.put('facts', facts);
    rows.put('reportedAt', now);
  });
  return 'taken';
}

interface KeptTable extends FactTable {
  readonly table: string;
}

function withPostedFacts(before: readonly KeptTable[], { facts, runner }: Results): KeptTable[] {
  const kept = new Map(before.map((one) => [`${one.table} ${one.runner}`, one]));
  for (const [table, { at: time, rows }] of Object.entries(facts)) {
    const at = Date.parse(time);
    const earlier = kept.get(`${table} ${runner}`);
    if (!(earlier && earlier.at > at)) kept.set(`${table} ${runner}`, { table, runner, at, rows });
  }
  return [...kept.values()];
}

function withPostedResults(before: readonly Reported[], { results, runner, sha, at: time }: Results) {
  const at = Date.parse(time);
  const keyOf = (one: Reported) => `${one.gate} ${one.runner} ${one.sha}`;
  const kept = new Map(before.map((one) => [keyOf(one), one]));
  if (sha === null) return [...before];
  for (const result of results) {
    const one = { ...redacted(result), output: excerptOf(result), sha, at, runner };
    const earlier = kept.get(keyOf(one));
    if (!(earlier && earlier.at > at)) kept.set(keyOf(one), one);
  }
  return within(inOrderOfWeight([...kept.values()]));
}

/**
 * What is kept first where there is not room for all: the last verdict of each runner, failures before passes; then whatever else it said.
 * So no number of others that pass pushes a failure out.
 */
function inOrderOfWeight(results: readonly Reported[]): readonly Reported[] {
  const newestFirst = results.toSorted((one, other) => other.at - one.at);
  const verdicts = newestFirst.filter(({ verdict }) => verdict !== 'blind');
  const byRunner = Map.groupBy(verdicts, ({ gate, runner }) => JSON.stringify([gate, runner]));
  const last = new Set([...byRunner.values()].map(([first]) => first));
  const weightOf = (one: Reported) => {
    if (!last.has(one)) return 0;
    return one.verdict === 'fail' ? 2 : 1;
  };
  return newestFirst.toSorted((one, other) => weightOf(other) - weightOf(one));
}

/** A result without what looks like a secret: what a runner printed may hold more than it meant to say. */
function redacted(result: Results['results'][number]): Results['results'][number] {
  const { reason, findings } = result;
  return {
    ...result,
    ...(reason === undefined ? {} : { reason: redactText(reason) }),
    findings: findings.map((finding) => {
      return { ...finding, subject: keptSubject(finding.subject), message: redactText(finding.message) };
    }),
  };
}

/** The end of what a gate printed that did not pass, masked and without what only a terminal understands: there it says why. */
function excerptOf({ verdict, output }: Results['results'][number]): string {
  if (verdict === 'pass') return '';
  const lines = redactText(withoutColours(output)).split(/\r?\n/);
  const said = lines.filter((line) => line.trim() !== '').slice(-MOST_LINES);
  return said.map((line) => line.slice(0, LONGEST_LINE)).join('\n');
}

/** The first results, as far as there is room for them. */
function within(inOrder: readonly Reported[]): Reported[] {
  const counts = new Map<string, number>();
  const kept: Reported[] = [];
  let size = 0;
  for (const one of inOrder) {
    const count = (counts.get(one.gate) ?? 0) + 1;
    size += JSON.stringify(one).length;
    if (size > MOST_KEPT) break;
    if (count > MOST_A_GATE) continue;
    counts.set(one.gate, count);
    kept.push(one);
  }
  return kept;
}

/** Forgets all that was reported, and that anything ever was; of one runner alone, only what it said. */
export function forgetResults(rows: Rows, runner?: string): void {
  rows.transaction(() => {
    if (runner !== undefined) {
      rows.put(
        'results',
        (rows.get('results') ?? []).filter((one) => one.runner !== runner),
      );
      rows.put(
        'facts',
        (rows.get('facts') ?? []).filter((one) => one.runner !== runner),
      );
      return;
    }
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
  const arrivals = [...newestArrivals('results', rows.get('results') ?? []), ...newestArrivals('facts', facts)];
  return { tables: (name) => facts.filter(({ table }) => table === name), arrivals, maxAge };
}

function newestArrivals(kind: Arrival['kind'], reported: readonly Omit<Arrival, 'kind'>[]): readonly Arrival[] {
  const byRunner = Map.groupBy(reported, ({ runner }) => runner);
  return [...byRunner].map(([runner, all]) => ({ kind, runner, at: Math.max(...all.map(({ at }) => at)) }));
}
