import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { signResults } from '../../src/reported/hmac.ts';

/** The results could not be sent; the message says why. */
export class NotPosted extends Error {
  override readonly name = 'NotPosted';
}

const Token = z.object({ value: z.string() });
const Problem = z.object({ title: z.string(), detail: z.string().optional() });

/** Sends a body of results, authenticated by what the environment holds. Throws `NotPosted`. */
export async function postResults(
  body: string,
  url: string,
  repo: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const place = `${url.replace(/\/+$/, '')}/api/repos/${repo}/results`;
  const headers = { 'content-type': 'application/json', ...(await authentication(body, url, environment)) };
  const answer = await fetch(place, { method: 'POST', body, headers, signal: AbortSignal.timeout(60_000) }).catch(
    (error: unknown) => {
      throw new NotPosted(`${place} does not answer: ${error instanceof Error ? error.message : error}`);
    },
  );
  if (answer.ok) return;
  const problem = Problem.safeParse(await answer.json().catch(() => undefined));
  const said = problem.success
    ? [problem.data.title, problem.data.detail].filter(Boolean).join(': ')
    : 'no reason given';
  throw new NotPosted(`${place} answered ${answer.status}: ${said}`);
}

async function authentication(
  body: string,
  url: string,
  environment: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, string>>> {
  const key = await keyOf(environment);
  if (key !== undefined) return { 'x-lanekeeper-signature': await signResults(key, body, Date.now()) };
  const { ACTIONS_ID_TOKEN_REQUEST_URL: request, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = environment;
  if (!request || !token)
    throw new NotPosted(
      'Nothing to authenticate with: set LANEKEEPER_KEY_FILE to a file with the results key, or give the workflow `permissions: id-token: write`.',
    );
  const asked = new URL(request);
  asked.searchParams.set('audience', new URL(url).origin);
  const answer = await fetch(asked, {
    headers: { authorization: `bearer ${token}` },
    signal: AbortSignal.timeout(20_000),
  });
  const parsed = Token.safeParse(await answer.json().catch(() => undefined));
  if (!parsed.success) throw new NotPosted(`GitHub Actions gave no token (${answer.status}).`);
  return { authorization: `Bearer ${parsed.data.value}` };
}

async function keyOf({ LANEKEEPER_KEY, LANEKEEPER_KEY_FILE }: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (LANEKEEPER_KEY) return LANEKEEPER_KEY.trim();
  if (!LANEKEEPER_KEY_FILE) return undefined;
  try {
    return (await readFile(LANEKEEPER_KEY_FILE, 'utf8')).trim();
  } catch (error) {
    throw new NotPosted(`LANEKEEPER_KEY_FILE cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
