import { type Context, Hono } from 'hono';
import type { Target } from '../../config/targets.ts';
import { HOUR, MINUTE } from '../../core/durations.ts';
import { resultsKey, verifySignature } from '../../reported/hmac.ts';
import type { AcceptedToken } from '../../reported/oidc.ts';
import { reportableIn } from '../../reported/reportable.ts';
import { MAX_BODY, parseResults, ResultsRefused } from '../../reported/results.ts';
import type { WebEnv } from '../env.ts';
import { admit, requireToken } from '../middleware/auth.ts';
import { findTarget } from '../middleware/lookup.ts';
import { httpProblem } from '../views/http-problem.tsx';

const TOO_MUCH =
  'The facts of all runners together would be too large. Post shorter tables, or forget what was reported: DELETE at this address.';

/** What proves that somebody may report for a target: what tells this proof from any other, and until when it could be sent again. */
type Proof = Pick<AcceptedToken, 'id' | 'expiresAt'>;

/**
 * `POST /api/repos/:owner/:repo/results`: takes verdicts from where gates can run, and facts about machines. Authenticated by a token of GitHub Actions
 * (OIDC) or by the repository's results key; an audit that takes them into account follows. `DELETE` forgets all that was reported, or with `?runner=` what one runner said.
 */
export const results = new Hono<WebEnv>()
  .post('/api/repos/:owner/:repo/results', async (context) => {
    const { store, coordinator, now } = context.var.ports;
    try {
      const target = findTarget(context);
      // A token is checked before the body is read; a signature is one of the body. Both are the same for a target that does not exist.
      const signature = context.req.header('x-lanekeeper-signature');
      const token = signature === undefined ? await tokenProof(context, target) : undefined;
      const body = await readBody(context);
      const proof = token ?? (await signatureProof(context, target, signature ?? '', body));
      if (!target) throw new ResultsRefused(401, 'Nothing here proves that you may report for this repository.');
      const gates = (await store.latest(target.repo))?.report.gates ?? [];
      const known = reportableIn(gates);
      const posted = parseResults(body, { known, now: now(), maxAge: target.resultsMaxAge * HOUR });
      const receipt = await coordinator(target.repo).receiveResults(posted, proof);
      if (receipt === 'replayed') throw new ResultsRefused(409, 'This was received before; sign every report anew.');
      if (receipt === 'too-much') throw new ResultsRefused(413, TOO_MUCH);
      return context.json(
        { status: 'accepted', results: posted.results.length, facts: Object.keys(posted.facts) },
        202,
      );
    } catch (error) {
      if (!(error instanceof ResultsRefused)) throw error;
      return httpProblem(context, error.status, 'The results were refused', error.message);
    }
  })
  .delete('/api/repos/:owner/:repo/results', requireToken, admit('page'), async (context) => {
    const { ports, target } = context.var;
    await ports.coordinator(target.repo).forgetResults(context.req.query('runner'));
    return context.json({ status: 'forgotten' }, 202);
  });

async function signatureProof(
  context: Context<WebEnv>,
  target: Target | undefined,
  signature: string,
  body: string,
): Promise<Proof> {
  const { resultsSecret, now } = context.var.ports;
  if (!resultsSecret)
    throw new ResultsRefused(503, 'The secret RESULTS_SECRET is not set at this Worker, so no results key is valid.');
  const key = await resultsKey(resultsSecret, target?.repo ?? '', target?.resultsKey ?? 0);
  await verifySignature(key, signature, body, now());
  return { id: signature, expiresAt: now() + 10 * MINUTE };
}

async function tokenProof(context: Context<WebEnv>, target: Target | undefined): Promise<Proof> {
  const { verifyWorkflow, store, now } = context.var.ports;
  const [, token] = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '') ?? [];
  if (token === undefined)
    throw new ResultsRefused(401, 'Send a token of GitHub Actions as a bearer, or sign the body with the results key.');
  if (!verifyWorkflow)
    throw new ResultsRefused(
      401,
      'This Worker takes no tokens: its DASHBOARD_URL is not set. Sign the body with the results key.',
    );
  const summary = target && (await store.targets()).find(({ repo }) => repo === target.repo);
  const repositoryId = summary?.repositoryId ?? null;
  return verifyWorkflow(token, { repo: target?.repo ?? '', repositoryId, branch: target?.branch ?? '' }, now());
}

/** JSON, which is UTF-8 whether it says so or not. */
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

async function readBody(context: Context<WebEnv>): Promise<string> {
  const encoding = context.req.header('content-encoding') ?? 'identity';
  if (!/^identity$/i.test(encoding))
    throw new ResultsRefused(415, 'Compressed bodies are not taken: send it without a content encoding.');
  if (!JSON_TYPE.test(context.req.header('content-type') ?? ''))
    throw new ResultsRefused(415, 'The content type must be application/json, in UTF-8.');
  const tooLarge = new ResultsRefused(413, `The body is larger than ${MAX_BODY} bytes.`);
  if (Number(context.req.header('content-length') ?? 0) > MAX_BODY) throw tooLarge;
  // What is signed are bytes: a body that has to be mended to be text is refused, compressed ones included.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new ResultsRefused(400, 'The body is not UTF-8 text. Compressed bodies are not taken.');
    }
  };
  let text = '';
  let length = 0;
  for await (const chunk of context.req.raw.body ?? []) {
    length += chunk.length;
    if (length > MAX_BODY) throw tooLarge;
    text += decode(chunk);
  }
  return text + decode();
}
