import { Hono } from 'hono';
import type { WebEnv } from '../env.ts';
import { requireToken } from '../middleware/auth.ts';
import { httpProblem } from '../views/http-problem.tsx';
import { AuditRequest } from './schemas.ts';

/** `POST /api/audits`: requests an audit; the location in the answer tells how far it has come. */
export const audits = new Hono<WebEnv>().post('/api/audits', requireToken, async (context) => {
  const { targets, coordinator, now } = context.var.ports;
  const wanted = AuditRequest.safeParse(await context.req.json().catch(() => undefined));
  if (!wanted.success) return httpProblem(context, 400, 'The body must be { "repo": "owner/name" }');
  const target = targets.find(({ repo }) => repo.toLowerCase() === wanted.data.repo.toLowerCase());
  if (!target) return httpProblem(context, 404, 'No such target', 'bindings/targets.yaml lists the targets.');
  await coordinator(target.repo).request({ trigger: 'api', at: now(), ...(wanted.data.force ? { force: true } : {}) });
  const location = `/api/repos/${target.repo}/progress`;
  context.header('location', location);
  return context.json({ status: 'queued', location }, 202);
});
