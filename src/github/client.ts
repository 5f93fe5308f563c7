import { RequestError } from '@octokit/request-error';
import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { classifyAnswer, GitHubError } from './error.ts';

/** What a request is for; each purpose has a budget of its own (DESIGN.md, Budget). */
export type Purpose = 'target' | 'sibling' | 'token' | 'status' | 'inbox';

export interface GitHubClient {
  /** Calls a REST route and parses the body. Throws `GitHubError`; a body that does not match `schema` is a transport failure. */
  rest<T>(route: string, parameters: Readonly<Record<string, unknown>>, schema: z.ZodType<T>): Promise<GitHubAnswer<T>>;
  /** The raw bytes that a REST route answers with. Throws `GitHubError`. */
  bytes(route: string, parameters: Readonly<Record<string, unknown>>): Promise<Uint8Array>;
  /** Runs a GraphQL query and parses its `data`. Throws `GitHubError`. */
  graphql<T>(query: string, variables: Readonly<Record<string, unknown>>, schema: z.ZodType<T>): Promise<T>;
  /** The same client, counting for another purpose. */
  for(purpose: Purpose): GitHubClient;
  /** Requests made so far, by purpose, retries included. */
  readonly counts: Readonly<Record<Purpose, number>>;
}

export interface GitHubAnswer<T> {
  readonly status: number;
  readonly data: T;
  /** `Link: rel="next"`, where there is another page. */
  readonly next: string | undefined;
}

export interface GitHubClientOptions {
  readonly baseUrl: string;
  /** What Octokit authenticates with: a token, or an app's strategy and its options. */
  readonly auth:
    | { readonly token: string }
    | {
        readonly strategy: NonNullable<ConstructorParameters<typeof Octokit>[0]>['authStrategy'];
        readonly options: object;
      };
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds until an unanswered request is given up. */
  readonly timeout?: number;
  /** Milliseconds before each repetition of a failed read. */
  readonly retryDelays?: readonly number[];
}

const API_VERSION = '2022-11-28';

/**
 * A client on Octokit without its throttling and retry plug-ins (both misbehave in Workers: the one hangs, the other repeats POST).
 * Only reads are repeated, after transport failures; limits are never slept through but thrown with the time of the next try.
 */
export function createGitHubClient(options: GitHubClientOptions): GitHubClient {
  const counts: Record<Purpose, number> = { target: 0, sibling: 0, token: 0, status: 0, inbox: 0 };
  const { auth } = options;
  const octokit = new Octokit({
    baseUrl: options.baseUrl,
    userAgent: 'lanekeeper',
    log: { debug() {}, info() {}, warn() {}, error() {} },
    ...('token' in auth ? { auth: auth.token } : { authStrategy: auth.strategy, auth: auth.options }),
  });
  return clientFor('target', octokit, options, counts);
}

function clientFor(
  purpose: Purpose,
  octokit: Octokit,
  options: GitHubClientOptions,
  counts: Record<Purpose, number>,
): GitHubClient {
  const send = async (route: string, parameters: Readonly<Record<string, unknown>>) => {
    counts[purpose] += 1;
    try {
      return await octokit.request(route, {
        ...parameters,
        headers: { 'x-github-api-version': API_VERSION, ...(parameters.headers as object | undefined) },
        request: { signal: AbortSignal.timeout(options.timeout ?? 20_000), redirect: 'manual' },
      });
    } catch (error) {
      throw asGitHubError(error, route, options.now());
    }
  };
  const call = async <T>(route: string, parameters: Readonly<Record<string, unknown>>, read: (data: unknown) => T) => {
    const isRead = route.startsWith('GET ') || route === 'POST /graphql';
    const delays = isRead ? (options.retryDelays ?? [300, 1200]) : [];
    for (let attempt = 0; ; attempt++) {
      try {
        const response = await send(route, parameters);
        if (response.status >= 300) throw moved(route, response.status);
        return { status: response.status, next: nextPage(response.headers.link), data: read(response.data) };
      } catch (error) {
        const delay = delays[attempt];
        if (delay === undefined || !(error instanceof GitHubError) || error.failure !== 'transport') throw error;
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
  };
  return {
    counts,
    for: (other) => clientFor(other, octokit, options, counts),
    rest: (route, parameters, schema) => call(route, parameters, (data) => parseBody(schema, data, route)),
    async bytes(route, parameters) {
      const accept = { ...parameters, headers: { accept: 'application/vnd.github.raw+json' } };
      const { data } = await call(route, accept, (body) => asBytes(body, route));
      return data;
    },
    async graphql(query, variables, schema) {
      const Envelope = z.object({
        data: z.unknown(),
        errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).optional(),
      });
      const read = (body: unknown) => {
        const { data, errors } = parseBody(Envelope, body, 'POST /graphql');
        if (errors?.[0]) throw graphqlError(errors[0], options.now());
        return parseBody(schema, data, 'POST /graphql');
      };
      return (await call('POST /graphql', { query, variables }, read)).data;
    },
  };
}

/** Octokit gives "" for a body that was cut and a string for one that is no JSON; the schema is what notices. */
function parseBody<T>(schema: z.ZodType<T>, data: unknown, route: string): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue ? `${issue.path.join('.') || 'body'}: ${issue.message}` : 'unknown form';
  throw new GitHubError('transport', `${route}: GitHub's answer is not what it documents (${where})`, { status: 200 });
}

function asBytes(body: unknown, route: string): Uint8Array {
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (typeof body === 'string') return new TextEncoder().encode(body);
  throw new GitHubError('transport', `${route}: GitHub's answer is no file content`, { status: 200 });
}

function asGitHubError(error: unknown, route: string, now: number): GitHubError {
  if (error instanceof GitHubError) return error;
  if (!(error instanceof RequestError) || !error.response) {
    const reason = error instanceof Error ? error.message : String(error);
    return new GitHubError('transport', `${route}: no answer from GitHub (${reason})`, { status: 0, cause: error });
  }
  const { status, headers } = error.response;
  const { failure, retryAt } = classifyAnswer({ status, headers, message: error.message }, now);
  return new GitHubError(failure, `${route}: GitHub answered ${status} (${error.message})`, {
    status,
    retryAt,
    cause: error,
  });
}

function moved(route: string, status: number): GitHubError {
  return new GitHubError('moved', `${route}: GitHub answered ${status}, it is somewhere else now`, { status });
}

/** GraphQL reports an exhausted budget with HTTP 200. */
function graphqlError({ type, message }: { type?: string | undefined; message: string }, now: number): GitHubError {
  const isLimit = type === 'RATE_LIMITED' || /rate limit/i.test(message);
  const failure = isLimit
    ? 'rate-limited'
    : type === 'NOT_FOUND'
      ? 'not-found'
      : type === 'FORBIDDEN'
        ? 'forbidden'
        : 'transport';
  return new GitHubError(failure, `POST /graphql: ${message}`, { status: 200, retryAt: isLimit ? now + 60_000 : null });
}

function nextPage(link: string | undefined): string | undefined {
  return /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
}
