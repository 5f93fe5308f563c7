import { Hono } from 'hono';
import { isStale } from '../core/staleness.ts';
import type { WebEnv } from './env.ts';

/** `GET /healthz`: status only, no names, open to everybody. 200 when every target was audited lately and everything was delivered. */
export const health = new Hono<WebEnv>().get('/healthz', async (context) => {
  const { store, targets, now } = context.var.ports;
  const known = new Map((await store.targets()).map((summary) => [summary.repo, summary]));
  const states = targets.map(({ repo }) => {
    const summary = known.get(repo);
    if (!summary) return 'pending';
    if (summary.errors > 0 || summary.outcome === 'error') return 'error';
    return isStale(summary.lastCompleteAt, now()) ? 'stale' : 'ok';
  });
  const status = (['error', 'stale', 'pending'] as const).find((state) => states.includes(state)) ?? 'ok';
  return context.json({ status, targets: states.length }, status === 'ok' || status === 'pending' ? 200 : 503);
});
