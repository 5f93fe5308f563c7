/** Where a deployed Worker answers, and what opens its API. */
export interface WorkerApi {
  /** Without a slash at its end. */
  readonly url: string;
  readonly dashboardToken: string | undefined;
}

/** Asks the Worker's API, with the dashboard token. */
export function askApi({ url, dashboardToken }: WorkerApi, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${dashboardToken}`, accept: 'application/json', ...init.headers };
  return ask(`${url}/api${path}`, { ...init, headers });
}

/** Asks once, for 20 seconds at most; a redirect is an answer. */
export function ask(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(20_000) });
}

/** The JSON of an answer; undefined where it is none. */
export async function readJson(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}
