import { Hono } from 'hono';
import { isStale } from '../core/staleness.ts';
import type { AuditStore, TargetSummary } from '../core/store.ts';
import type { WebEnv } from './env.ts';
import { isTrusted } from './middleware/auth.ts';

type State = 'ok' | 'pending' | 'stale' | 'error';

/** From the worst to the least bad. */
const TROUBLES = ['error', 'stale', 'pending'] as const;

/**
 * `GET /healthz`: 200 when every target was audited lately and everything was delivered.
 * Status only and no names, open to everybody; whoever has the token is told what is wrong where.
 */
export const health = new Hono<WebEnv>().get('/healthz', async (context) => {
  const { store, targets, now } = context.var.ports;
  const known = new Map((await store.targets()).map((summary) => [summary.repo, summary]));
  const states = targets.map(({ repo }) => ({ repo, state: stateOf(known.get(repo), now()) }));
  const status = TROUBLES.find((trouble) => states.some(({ state }) => state === trouble)) ?? 'ok';
  const code = status === 'ok' || status === 'pending' ? 200 : 503;
  if (!(await isTrusted(context))) return context.json({ status, targets: states.length }, code);
  const problems = states.filter(({ state }) => state !== 'ok');
  const explained = await Promise.all(problems.map(async (each) => ({ ...each, errors: await errorsOf(each, store) })));
  return context.json({ status, targets: states.length, problems: explained }, code);
});

function stateOf(summary: TargetSummary | undefined, now: number): State {
  if (!summary) return 'pending';
  if (summary.errors > 0 || summary.outcome === 'error') return 'error';
  return isStale(summary.lastCompleteAt, now) ? 'stale' : 'ok';
}

/** What the last audit says went wrong, as sentences. */
async function errorsOf({ repo, state }: { readonly repo: string; readonly state: State }, store: AuditStore) {
  const audit = state === 'pending' ? null : await store.latest(repo);
  if (!audit) return [];
  const { error } = audit.report;
  return [...(error === undefined ? [] : [error]), ...audit.delivery.errors];
}
