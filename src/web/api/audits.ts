import { Hono } from 'hono';
import type { WebEnv } from '../env.ts';
import { requireToken } from '../middleware/auth.ts';
import { problem } from '../views/problem.tsx';
import { AuditWish } from './schemas.ts';

/** `POST /api/audits`: asks for an audit; the location in the answer tells how far it has come. */
export const audits = new Hono<WebEnv>().post('/api/audits', requireToken, async (context) => {
  const { targets, coordinator, now } = context.var.ports;
  const wish = AuditWish.safeParse(await context.req.json().catch(() => undefined));
  if (!wish.success) return problem(context, 400, 'The body is { "repo": "owner/name" }');
  const target = targets.find(({ repo }) => repo.toLowerCase() === wish.data.repo.toLowerCase());
  if (!target) return problem(context, 404, 'No such target', 'The targets are those of bindings/targets.yaml.');
  await coordinator(target.repo).poke({ trigger: 'api', at: now(), force: wish.data.force });
  const location = `/api/repos/${target.repo}/progress`;
  context.header('location', location);
  return context.json({ status: 'queued', location }, 202);
});
