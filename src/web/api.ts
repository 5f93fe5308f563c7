import { Hono } from 'hono';
import { z } from 'zod';
import { requireToken } from './access.ts';
import type { WebEnv } from './app.ts';

const AuditWish = z.strictObject({ repo: z.string(), force: z.boolean().default(false) });

/** The JSON API. Everything in it asks for the token. */
export const api = new Hono<WebEnv>()
  .use(requireToken)
  .post('/audits', async (context) => {
    const { targets, coordinator, now } = context.var.ports;
    const wish = AuditWish.safeParse(await context.req.json().catch(() => undefined));
    if (!wish.success) return context.json({ title: 'The body is { "repo": "owner/name" }', status: 400 }, 400);
    const target = targets.find(({ repo }) => repo.toLowerCase() === wish.data.repo.toLowerCase());
    if (!target) return context.json({ title: 'No such target; see bindings/targets.yaml', status: 404 }, 404);
    await coordinator(target.repo).poke({ trigger: 'api', at: now(), force: wish.data.force });
    const location = `/api/repos/${target.repo}/progress`;
    context.header('location', location);
    return context.json({ status: 'queued', location }, 202);
  })
  .get('/repos/:owner/:repo/progress', async (context) => {
    const target = findTarget(context);
    if (!target) return context.json({ title: 'No such target', status: 404 }, 404);
    return context.json(await context.var.ports.coordinator(target.repo).progress());
  })
  .get('/repos/:owner/:repo/latest', async (context) => {
    const target = findTarget(context);
    const audit = target && (await context.var.ports.store.latest(target.repo));
    if (!audit) return context.json({ title: 'No audit of this repository yet', status: 404 }, 404);
    return context.json(audit);
  });

function findTarget({ req, var: { ports } }: { req: { param(): Record<string, string> }; var: WebEnv['Variables'] }) {
  const { owner, repo } = req.param();
  return ports.targets.find((target) => target.repo.toLowerCase() === `${owner}/${repo}`.toLowerCase());
}
