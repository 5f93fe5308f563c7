import { Hono } from 'hono';
import { admit, requireToken } from '../access.ts';
import type { WebEnv } from '../app.ts';
import { problem } from '../problem.tsx';

/** `POST /api/repos/:owner/:repo/baseline`: accepts the present findings as known. The coordinator does it and logs who and why. */
export const baseline = new Hono<WebEnv>().post(
  '/api/repos/:owner/:repo/baseline',
  requireToken,
  admit('page'),
  (context) => problem(context, 501, 'Not implemented yet'),
);
