import { RequestError } from '@octokit/request-error';
import { Octokit } from '@octokit/rest';
import type { z } from 'zod';
import { type AnswerHeaders, classifyAnswer, GitHubError, shortReason } from './error.ts';
import { type Parts, parse, readParts } from './graphql.ts';

/** What a request is for; each purpose has a budget of its own (DESIGN.md, Budget). */
export type Purpose = 'target' | 'sibling' | 'token' | 'status' | 'inbox';

type Parameters = Readonly<Record<string, unknown>>;

export interface GitHubClient {
  /** Calls a REST route and parses the body. Throws `GitHubError`; a body that does not match `schema` is a transport failure. */
  rest<T>(route: string, parameters: Parameters, schema: z.ZodType<T>): Promise<GitHubAnswer<T>>;
  /** The pages of a list, a hundred entries each, one after another as they are asked for. Throws `GitHubError`. */
  pages<T>(route: string, parameters: Parameters, schema: z.ZodType<readonly T[]>): AsyncIterable<readonly T[]>;
  /** The raw bytes that a REST route answers with; what is not `isIntact` is a transport failure. Throws `GitHubError`. */
  bytes(route: string, parameters: Parameters, isIntact: (bytes: Uint8Array) => Promise<boolean>): Promise<Uint8Array>;
  /**
   * Runs a GraphQL query and parses its `data`. Throws `GitHubError`.
   * Where GitHub ran out of resources it leaves nulls; only with `partial` is the rest taken for an answer.
   */
  graphql<T>(query: string, variables: Parameters, schema: z.ZodType<T>, options?: { partial: boolean }): Promise<T>;
  /**
   * Runs a query of several parts: its `data` as it came, and what was refused where.
   * Throws `GitHubError` for what is about no part alone: limits, lost access, no answer.
   */
  parts(query: string, variables: Parameters): Promise<Parts>;
  /**
   * The same client, counting for another purpose. Reads follow a renamed repository once;
   * only the inbox's do not, as an issue that moved is no longer ours.
   */
  for(purpose: Purpose): GitHubClient;
  /** Requests made so far, by purpose, retries included. */
  readonly counts: Record<Purpose, number>;
}

export interface GitHubAnswer<T> {
  readonly status: number;
  readonly data: T;
  /** `Link: rel="next"`, where there is another page. */
  readonly next: string | undefined;
}

export interface GitHubClientOptions {
  readonly baseUrl: string;
  /** A personal token, an installation's token, or an app's JWT. */
  readonly auth: { readonly token: string };
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
  const octokit = new Octokit({
    baseUrl: options.baseUrl,
    userAgent: 'lanekeeper',
    log: { debug() {}, info() {}, warn() {}, error() {} },
    auth: options.auth.token,
  });
  return clientFor('target', octokit, options, counts);
}

/** An answer whose body nobody has read yet. */
interface Unread {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Response;
}

function clientFor(
  purpose: Purpose,
  octokit: Octokit,
  options: GitHubClientOptions,
  counts: Record<Purpose, number>,
): GitHubClient {
  async function request(route: string, parameters: Parameters): Promise<Unread> {
    counts[purpose] += 1;
    const { status, headers, data } = await octokit.request(route, {
      ...parameters,
      // Workers ask for no compression by themselves.
      headers: { 'x-github-api-version': API_VERSION, 'accept-encoding': 'gzip', ...headersOf(parameters) },
      request: {
        signal: AbortSignal.timeout(options.timeout ?? 20_000),
        redirect: 'manual',
        // Octokit decodes raw files as text and takes a body that was cut for an empty one.
        parseSuccessResponseBody: false,
      },
    });
    return { status, headers, body: new Response(data instanceof ReadableStream ? data : null) };
  }

  async function follow(route: string, parameters: Parameters): Promise<Unread> {
    const answer = await request(route, parameters);
    if (answer.status < 300) return answer;
    await answer.body.body?.cancel();
    const place = route.startsWith('GET ') && purpose !== 'inbox' ? renamedTo(answer, options.baseUrl) : undefined;
    const again = place && (await request(`GET ${place}`, { headers: headersOf(parameters) }));
    if (again && again.status < 300) return again;
    const message = `${route}: GitHub answered ${answer.status}, it is somewhere else now`;
    throw new GitHubError('moved', message, { status: answer.status });
  }

  async function attempt<T>(
    route: string,
    parameters: Parameters,
    read: (answer: Unread) => Promise<T>,
  ): Promise<GitHubAnswer<T>> {
    try {
      const answer = await follow(route, parameters);
      return { status: answer.status, next: nextPage(answer.headers.link), data: await read(answer) };
    } catch (error) {
      throw asGitHubError(error, route, options.now());
    }
  }

  async function call<T>(
    route: string,
    parameters: Parameters,
    read: (answer: Unread) => Promise<T>,
    isRead = route.startsWith('GET '),
  ): Promise<GitHubAnswer<T>> {
    const delays = isRead ? (options.retryDelays ?? [300, 1200]) : [];
    for (const delay of delays) {
      try {
        return await attempt(route, parameters, read);
      } catch (error) {
        if (!(error instanceof GitHubError) || error.failure !== 'transport') throw error;
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
    return attempt(route, parameters, read);
  }

  function rest<T>(route: string, parameters: Parameters, schema: z.ZodType<T>): Promise<GitHubAnswer<T>> {
    return call(route, parameters, async (answer) => parse(schema, await bodyOf(answer)));
  }

  return {
    counts,
    for: (other) => clientFor(other, octokit, options, counts),
    rest,
    async *pages(route, parameters, schema) {
      for (let page = 1, more = true; more; page++) {
        const { data, next } = await rest(route, { ...parameters, per_page: 100, page }, schema);
        yield data;
        more = next !== undefined;
      }
    },
    async bytes(route, parameters, isIntact) {
      const accept = { ...parameters, headers: { accept: 'application/vnd.github.raw+json' } };
      const { data } = await call(route, accept, async ({ body }) => {
        const bytes = new Uint8Array(await body.arrayBuffer());
        if (await isIntact(bytes)) return bytes;
        throw new GitHubError('transport', `${route}: GitHub sent something else`, { status: 200 });
      });
      return data;
    },
    async graphql(query, variables, schema, { partial } = { partial: false }) {
      const read = async (answer: Unread) => {
        const { data, refusals } = readParts(await bodyOf(answer), answer.headers, options.now());
        const problems = refusals.map(({ error }) => error);
        const refusal = problems.find(({ failure }) => failure !== 'transport') ?? problems[0];
        const isRest = partial && refusal?.failure === 'transport' && schema.safeParse(data).success;
        if (refusal && !isRest) throw refusal;
        return parse(schema, data);
      };
      const isRead = !query.trimStart().startsWith('mutation');
      return (await call('POST /graphql', { query, variables }, read, isRead)).data;
    },
    async parts(query, variables) {
      let latest: Parts | undefined;
      const read = async (answer: Unread): Promise<Parts> => {
        const { data, refusals } = readParts(await bodyOf(answer), answer.headers, options.now());
        const general = refusals.find(({ path, error }) => path.length === 0 || error.failure === 'rate-limited');
        if (general) throw general.error;
        latest = { data, refusals };
        const passing = refusals.find(({ error }) => error.failure === 'transport');
        if (passing) throw passing.error;
        return latest;
      };
      try {
        return (await call('POST /graphql', { query, variables }, read, true)).data;
      } catch (error) {
        // A part that keeps failing does not take the others with it.
        if (latest && error instanceof GitHubError && error.failure === 'transport') return latest;
        throw error;
      }
    },
  };
}

function headersOf({ headers }: Parameters): object {
  return typeof headers === 'object' && headers !== null ? headers : {};
}

/** JSON parsed, anything else as text. */
async function bodyOf({ headers, body }: Unread): Promise<unknown> {
  const text = await body.text();
  return /\bjson\b/.test(String(headers['content-type'])) && text !== '' ? JSON.parse(text) : text;
}

/** Where GitHub keeps a renamed repository: the same route by its number, at the same place. */
function renamedTo({ headers }: Unread, baseUrl: string): string | undefined {
  const base = `${baseUrl.replace(/\/$/, '')}/repositories/`;
  const location = String(headers.location ?? '');
  return location.startsWith(base) ? location : undefined;
}

function asGitHubError(error: unknown, route: string, now: number): GitHubError {
  if (error instanceof GitHubError) return error;
  const reason = shortReason(error instanceof Error ? error.message : String(error));
  if (!(error instanceof RequestError))
    return new GitHubError('transport', `${route}: GitHub's answer is broken or not what it documents (${reason})`, {
      status: 200,
      cause: error,
    });
  if (!error.response)
    return new GitHubError('transport', `${route}: no answer from GitHub (${reason})`, { status: 0, cause: error });
  const { status, headers } = error.response;
  const { failure, retryAt } = classifyAnswer({ status, headers, message: error.message }, now);
  const message = `${route}: GitHub answered ${status} (${reason})`;
  return new GitHubError(failure, message, { status, retryAt, cause: error });
}

function nextPage(link: string | number | undefined): string | undefined {
  return /<([^>]+)>;\s*rel="next"/.exec(String(link ?? ''))?.[1];
}
