import { Hono } from 'hono';
import type { WebEnv } from '../env.ts';
import { admit, requireToken } from '../middleware/auth.ts';
import { httpProblem } from '../views/http-problem.tsx';
import { Acceptance } from './schemas.ts';

/** `POST /api/repos/:owner/:repo/baseline`: accepts the present findings as known. The coordinator does it and logs who and why. */
export const baseline = new Hono<WebEnv>().post(
  '/api/repos/:owner/:repo/baseline',
  requireToken,
  admit('page'),
  async (context) => {
    const { ports, target } = context.var;
    const wanted = Acceptance.safeParse(await context.req.json().catch(() => undefined));
    if (!wanted.success)
      return httpProblem(
        context,
        400,
        'The body must be { "by": "who", "reason": "why" }, with "gate" for one gate alone',
      );
    const { gate, ...rest } = wanted.data;
    const isAccepted = await ports.coordinator(target.repo).accept(gate === undefined ? rest : { gate, ...rest });
    if (!isAccepted) return httpProblem(context, 404, 'Nothing to accept', 'There is no such gate, or no audit yet.');
    const location = `/api/repos/${target.repo}/progress`;
    context.header('location', location);
    return context.json({ status: 'queued', location }, 202);
  },
);
