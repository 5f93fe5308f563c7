import { Hono } from 'hono';
import type { WebEnv } from '../env.ts';
import { admit, requireToken } from '../middleware/auth.ts';
import { problem } from '../views/problem.tsx';
import { Acceptance } from './schemas.ts';

/** `POST /api/repos/:owner/:repo/baseline`: accepts the present findings as known. The coordinator does it and logs who and why. */
export const baseline = new Hono<WebEnv>().post(
  '/api/repos/:owner/:repo/baseline',
  requireToken,
  admit('page'),
  async (context) => {
    const { ports, target } = context.var;
    const wish = Acceptance.safeParse(await context.req.json().catch(() => undefined));
    if (!wish.success)
      return problem(context, 400, 'The body is { "by": "who", "reason": "why" }, and "gate" for one gate alone');
    const { gate, ...rest } = wish.data;
    const isAccepted = await ports.coordinator(target.repo).accept(gate === undefined ? rest : { gate, ...rest });
    if (!isAccepted) return problem(context, 404, 'Nothing to accept', 'There is no such gate, or no audit yet.');
    const location = `/api/repos/${target.repo}/progress`;
    context.header('location', location);
    return context.json({ status: 'queued', location }, 202);
  },
);
