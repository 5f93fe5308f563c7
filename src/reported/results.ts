import { z } from 'zod';
import { MINUTE } from '../core/durations.ts';
import type { Reportable } from './reportable.ts';
import { readStrictJson } from './strict-json.ts';

/** Bytes of a request's body; a runner cuts its output to stay below. */
export const MAX_BODY = 1_000_000;
/** Characters of one gate's output that are kept. */
export const MAX_OUTPUT = 16_000;
const MAX_FINDINGS = 500;
const MAX_GATES = 1000;
const MAX_ROWS = 5000;
const MAX_TABLES = 50;
/** A runner's clock may run ahead by this many milliseconds. */
const CLOCK_SKEW = 5 * MINUTE;

const Sha = z.string().regex(/^[0-9a-f]{40}$/, 'must be a full commit id');
const Instant = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time such as 2026-02-17T20:00:00Z' });
const Cell = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);
export const FactRow = z
  .record(z.string().min(1).max(60), Cell)
  .refine((row) => Object.keys(row).length <= 40, 'has over 40 fields');

/** A path in the repository, as Git writes it: nothing that leads elsewhere once it is part of an address. */
const RepoPath = z
  .string()
  .min(1)
  .max(1000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  .regex(/^(?!\/)(?!(?:.*\/)?\.{0,2}(?:\/|$))[^\u0000-\u001f\u007f\\]+$/, 'must be a path in the repository');

export const ReportedFinding = z.strictObject({
  rule: z.string().min(1).max(200).default('reported'),
  subject: z.string().min(1).max(500),
  path: RepoPath.nullable().default(null),
  line: z.int().min(1).nullable().default(null),
  message: z.string().min(1).max(2000),
});

const Result = z.strictObject({
  /** The gate's number or name. */
  gate: z.string().min(1).max(200),
  verdict: z.enum(['pass', 'fail', 'blind']),
  /** Why it is blind. */
  reason: z.string().max(1000).optional(),
  findings: z.array(ReportedFinding).max(MAX_FINDINGS).default([]),
  output: z.string().max(MAX_OUTPUT).default(''),
});

const Table = z.strictObject({ at: Instant, rows: z.array(FactRow).max(MAX_ROWS) });

export const Results = z
  .strictObject({
    schemaVersion: z.literal(1),
    /** The commit that the gates ran at; null where only facts are posted. */
    sha: Sha.nullable(),
    at: Instant,
    runner: z.string().regex(/^[\w .:@/-]{1,100}$/, 'must be a short name of letters, digits and . : @ / - _'),
    results: z.array(Result).max(MAX_GATES),
    facts: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'must be lower-case letters, digits and -'), Table)
      .refine((tables) => Object.keys(tables).length <= MAX_TABLES, `has over ${MAX_TABLES} tables`)
      .default({}),
  })
  .meta({ id: 'Results' });

/** What a runner posts: verdicts of gates at one commit, and facts about machines. */
export type Results = z.infer<typeof Results>;
export type ReportedResult = Results['results'][number];

/** Results that are not taken; the message says why, for the person who runs the runner. */
export class ResultsRefused extends Error {
  override readonly name = 'ResultsRefused';
  /** HTTP status. */
  readonly status: 400 | 401 | 403 | 409 | 413 | 415 | 422 | 503;

  constructor(status: ResultsRefused['status'], message: string) {
    super(message);
    this.status = status;
  }
}

export interface ResultsContext {
  /** The gates of the target's last audit that may be named. */
  readonly known: Reportable;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds for which results are believed. */
  readonly maxAge: number;
}

/**
 * Reads a body that was authenticated; its gates go by their numbers from here on. Throws `ResultsRefused` for anything that is not of the form,
 * for a time in the future or older than `maxAge` ms, and for gates that nobody knows or that only an audit judges.
 */
export function parseResults(body: string, { known, now, maxAge }: ResultsContext): Results {
  const parsed = Results.safeParse(parseJson(body));
  if (!parsed.success) throw new ResultsRefused(422, mistakesOf(parsed.error));
  const { sha, at, results, facts } = parsed.data;
  const times = [['at', at], ...Object.entries(facts).map(([name, table]) => [`facts.${name}.at`, table.at])] as const;
  for (const [where, time = ''] of times) {
    if (Date.parse(time) > now + CLOCK_SKEW)
      throw new ResultsRefused(422, `${where} is in the future (${time}): set the runner's clock.`);
  }
  if (Date.parse(at) < now - maxAge)
    throw new ResultsRefused(422, `at is ${at}, older than this target's resultsMaxAge: none of it would count.`);
  if (sha === null && results.length > 0)
    throw new ResultsRefused(422, 'sha: results of gates need the commit they ran at.');
  return { ...parsed.data, results: byNumber(results, known) };
}

/** Results under the numbers of their gates, each once. */
function byNumber(results: Results['results'], known: Reportable): Results['results'] {
  const unknown = results.map(({ gate }) => gate).filter((gate) => !known.has(gate));
  if (unknown.length > 0) {
    const named = unknown.slice(0, 5).join(', ');
    throw new ResultsRefused(422, `This repository's last audit has no gate ${named}. Check the ids against its page.`);
  }
  const seen = new Set<string>();
  return results.map((result) => {
    const number = known.get(result.gate) ?? null;
    if (number === null)
      throw new ResultsRefused(422, `An audit judges ${result.gate} by itself: it takes no result of a runner.`);
    if (seen.has(number)) throw new ResultsRefused(422, `The gate ${number} is reported twice.`);
    seen.add(number);
    return { ...result, gate: number };
  });
}

function parseJson(body: string): unknown {
  const read = readStrictJson(body);
  if ('fault' in read) throw new ResultsRefused(400, read.fault);
  return read.value;
}

function mistakesOf({ issues }: z.ZodError): string {
  const shown = issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.map(String).join('.') || 'the body'}: ${message}`);
  const rest = issues.length > shown.length ? [`and ${issues.length - shown.length} more`] : [];
  return [...shown, ...rest].join('; ');
}
