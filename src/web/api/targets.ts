import { Hono } from 'hono';
import type { WebEnv } from '../env.ts';
import { requireToken } from '../middleware/auth.ts';

/** `GET /api/targets`: every target with its latest audit, and the repositories that are targets no longer. */
export const targetList = new Hono<WebEnv>().get('/api/targets', requireToken, async (context) => {
  const { store, targets } = context.var.ports;
  const known = new Map((await store.targets()).map((summary) => [summary.repo, summary]));
  const rows = targets.map(({ repo, branch }) => ({ repo, branch, latest: known.get(repo) ?? null }));
  for (const { repo } of targets) known.delete(repo);
  return context.json({ targets: rows, former: [...known.keys()] });
});
