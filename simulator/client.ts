/** The smallest client there is, for the simulator's own tests. */
import { expect } from 'vitest';
import type { GitHubSimulator } from './server.ts';

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; `any` path into it is up to the test. */
  json: Body;
}

/** JSON as a test reads it: any field may be asked for. */
export interface Body {
  readonly [key: string | number]: Body;
}

export type Client = (method: string, path: string, options?: CallOptions) => Promise<Reply>;

export interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
  /** Null calls without a token. */
  token?: string | null;
}

/** A client of this simulator with its default token. */
export function connect(simulator: GitHubSimulator): Client {
  return async (method, path, { body, headers = {}, token = simulator.token } = {}) => {
    const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(path.startsWith('http') ? path : `${simulator.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { 'user-agent': 'test', ...authorization, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : {} };
  };
}

/** Empties the violations, after checking that each expected one was found. */
export function expectViolations(simulator: GitHubSimulator, ...expected: (string | RegExp)[]): void {
  const found = simulator.violations
    .splice(0)
    .map(({ where, operation, problem }) => `${where} ${operation} ${problem}`);
  expect(found).toEqual(expected.map((each) => expect.stringMatching(each)));
}

/** The target of the link with this `rel`. */
export function linkTo(reply: Reply, rel: string): string | undefined {
  const links = reply.headers.get('link') ?? '';
  return new RegExp(`<([^>]+)>; rel="${rel}"`).exec(links)?.[1];
}
