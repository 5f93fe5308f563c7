import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Target } from '../../config/targets.ts';
import type { AuditStore, StoredAudit } from '../../core/store.ts';
import type { WebEnv } from '../env.ts';
import { httpProblem } from '../views/http-problem.tsx';

const PAGE = 1000;
/** Three months of pushes; whoever looks for an older commit by its sha finds none. */
const MAX_PAGES = 5;

/** The target that the path's `:owner` and `:repo` name, in any case. */
export function findTarget(context: Context<WebEnv>): Target | undefined {
  const { owner, repo } = context.req.param() as Record<string, string | undefined>;
  const name = `${owner}/${repo}`.toLowerCase();
  return context.var.ports.targets.find((target) => target.repo.toLowerCase() === name);
}

/** The audit of that id, the newest one of a commit (seven characters of its sha or more), or with `latest` or nothing the newest one. */
export async function findAudit(store: AuditStore, repo: string, at: string | undefined): Promise<StoredAudit | null> {
  if (at === undefined || at === '' || at === 'latest') return store.latest(repo);
  if (/^\d{13}-\w+$/.test(at)) return store.get(repo, at);
  if (!/^[0-9a-f]{7,40}$/.test(at)) return null;
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const found: Awaited<ReturnType<AuditStore['history']>> = await store.history(repo, {
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    const audit = found.audits.find(({ sha }) => sha?.startsWith(at));
    if (audit) return store.get(repo, audit.id);
    cursor = found.cursor;
    if (cursor === null) return null;
  }
  return null;
}

/** Finds the audit that the path names, or answers that there is none. Wants `admit` before it. */
export const requireAudit = createMiddleware<WebEnv>(async (context, next) => {
  const { ports, target } = context.var;
  const audit = await findAudit(ports.store, target.repo, context.req.param('audit'));
  if (!audit) return noSuchAudit(context);
  context.set('audit', audit);
  return next();
});

/** The answer where an audit is named that is not kept, or never was. */
export function noSuchAudit(context: Context<WebEnv>): Response | Promise<Response> {
  const detail =
    'Audits are kept for 90 days, a week longer where others repeat them. Name one by its id, by a commit of it (seven characters or more), or as `latest`.';
  return httpProblem(context, 404, 'No such audit', detail);
}
