import { Hono } from 'hono';
import { FORMATS } from '../../formats/formats.ts';
import type { WebEnv } from '../env.ts';
import { admit } from '../middleware/auth.ts';
import { requireAudit } from '../middleware/lookup.ts';
import { commitPages } from '../views/commit-pages.ts';

/** `GET /api/repos/:owner/:repo/audits/:audit/report.…`: an audit's report in each format. */
export const reports = new Hono<WebEnv>();

for (const { extension, contentType, render } of Object.values(FORMATS)) {
  const path = `/api/repos/:owner/:repo/audits/:audit/report.${extension}`;
  reports.get(path, admit('page'), requireAudit, (context) => {
    const { ports, target, audit } = context.var;
    const { report, histories } = audit;
    const fresh = Object.fromEntries(Object.entries(histories).map(([gate, history]) => [gate, history.fresh]));
    const text = render({ report, pages: commitPages(target, report, ports.githubWebUrl), fresh });
    return context.body(text, 200, { 'content-type': contentType });
  });
}
