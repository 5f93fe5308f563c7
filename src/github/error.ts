import { HOUR, MINUTE } from '../core/durations.ts';

/** GitHub's own windows last an hour; a header that says more is not believed. */
const LONGEST_SILENCE = 2 * HOUR;

/** What an unsuccessful answer means for us. Secondary limits and missing permissions both come as 403 and are told apart. */
export type GitHubFailure =
  | 'unauthorized'
  | 'forbidden'
  | 'rate-limited'
  | 'not-found'
  | 'moved'
  | 'gone'
  | 'invalid'
  | 'empty'
  | 'transport';

/** A GitHub request that gave no usable answer. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError';
  readonly failure: GitHubFailure;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** When (ms since the epoch) GitHub allows the next try; null where it said nothing. */
  readonly retryAt: number | null;

  constructor(
    failure: GitHubFailure,
    message: string,
    details: { status: number; retryAt?: number | null; cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.failure = failure;
    this.status = details.status;
    this.retryAt = details.retryAt ?? null;
  }
}

export type AnswerHeaders = Readonly<Record<string, string | number | undefined>>;

interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly message: string;
}

/**
 * Classifies an HTTP answer of GitHub. Limits: `Retry-After` first, then the reset time of an exhausted budget, then a minute; two hours at most.
 * Source: docs.github.com, REST API best practices and rate limits.
 */
export function classifyAnswer(
  { status, headers, message }: Answer,
  now: number,
): { failure: GitHubFailure; retryAt: number | null } {
  const isExhausted = isBudgetSpent(headers);
  const isSilenced = silenceIn(headers, now) !== undefined;
  const isLimit =
    status === 429 || (status === 403 && (isSilenced || isExhausted || /rate limit|abuse/i.test(message)));
  if (isLimit) return { failure: 'rate-limited', retryAt: Math.min(endOfLimit(headers, now), now + LONGEST_SILENCE) };
  if (status === 409 && /empty/i.test(message)) return { failure: 'empty', retryAt: null };
  const failure = BY_STATUS[status] ?? (status >= 500 ? 'transport' : 'invalid');
  const silence = failure === 'transport' ? silenceIn(headers, now) : undefined;
  return { failure, retryAt: silence === undefined ? null : Math.min(silence, now + LONGEST_SILENCE) };
}

function isBudgetSpent(headers: AnswerHeaders): boolean {
  return headers['x-ratelimit-remaining'] === '0' || headers['x-ratelimit-remaining'] === 0;
}

/** The end of the silence that `Retry-After` asks for, in seconds or as a date (RFC 9110, 10.2.3); undefined where it asks for none that lies ahead. */
function silenceIn(headers: AnswerHeaders, now: number): number | undefined {
  const asked = headers['retry-after'];
  const seconds = Number(asked);
  const end = Number.isNaN(seconds) ? Date.parse(String(asked)) : now + seconds * 1000;
  return end > now ? end : undefined;
}

function endOfLimit(headers: AnswerHeaders, now: number): number {
  const silence = silenceIn(headers, now);
  if (silence !== undefined) return silence;
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  return isBudgetSpent(headers) && reset > now ? reset : now + MINUTE;
}

const BY_STATUS: Readonly<Record<number, GitHubFailure>> = {
  301: 'moved',
  302: 'moved',
  307: 'moved',
  308: 'moved',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  408: 'transport',
  410: 'gone',
  451: 'forbidden',
};

/** One of the `errors` that GraphQL sends with HTTP 200. */
export interface GraphqlProblem {
  readonly type?: string | undefined;
  readonly message: string;
}

/** Classifies a GraphQL error; an exhausted budget comes with HTTP 200 too. */
export function graphqlError({ type, message }: GraphqlProblem, headers: AnswerHeaders, now: number): GitHubError {
  const isLimit = type === 'RATE_LIMITED' || /rate limit/i.test(message);
  const { failure, retryAt } = isLimit
    ? classifyAnswer({ status: 429, headers, message }, now)
    : { failure: BY_TYPE[type ?? ''] ?? ('transport' as const), retryAt: null };
  return new GitHubError(failure, `POST /graphql: ${message}`, { status: 200, retryAt });
}

const BY_TYPE: Readonly<Record<string, GitHubFailure>> = {
  NOT_FOUND: 'not-found',
  FORBIDDEN: 'forbidden',
  INSUFFICIENT_SCOPES: 'forbidden',
};

/** GitHub's own words, fit for one line: its gateways answer with whole HTML pages. */
export function shortReason(message: string): string {
  if (/^\s*</.test(message)) return 'a web page instead of an answer';
  return message.length > 300 ? `${message.slice(0, 300)}…` : message;
}
