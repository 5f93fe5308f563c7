import { createMiddleware } from 'hono/factory';
import type { WebEnv } from '../env.ts';
import { httpProblem } from '../views/http-problem.tsx';

/** A browser sends a password along with whatever another site makes it send: writes must come from our own pages, or from no browser. */
export const refuseOtherSites = createMiddleware<WebEnv>(async (context, next) => {
  const { method, url } = context.req;
  const origin = context.req.header('origin');
  const site = context.req.header('sec-fetch-site');
  const isForeign =
    (origin !== undefined && origin !== new URL(url).origin) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none');
  if (method !== 'GET' && method !== 'HEAD' && isForeign)
    return httpProblem(context, 403, 'Request from another site refused');
  return next();
});
