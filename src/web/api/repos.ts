import { type Context, Hono } from 'hono';
import { compareReports } from '../../audit/diff.ts';
import type { StoredAudit } from '../../core/store.ts';
import { reportAsMarkdown } from '../../formats/markdown.ts';
import { reportAsSarif } from '../../formats/sarif.ts';
import type { WebEnv } from '../env.ts';
import { admit, requireToken } from '../middleware/auth.ts';
import { findAudit } from '../middleware/lookup.ts';
import { commitPages } from '../views/commit-pages.ts';
import { problem } from '../views/problem.tsx';

const MAX_LIMIT = 100;
const NO_AUDIT = 'Audits are kept for ninety days; name one by its id, a commit of it, or `latest`.';

/** `GET /api/targets` and `GET /api/repos/:owner/:repo/…`: everything that the pages show. */
export const repos = new Hono<WebEnv>()
  .get('/api/targets', requireToken, async (context) => {
    const { store, targets } = context.var.ports;
    const known = new Map((await store.targets()).map((summary) => [summary.repo, summary]));
    const rows = targets.map(({ repo, branch }) => ({ repo, branch, latest: known.get(repo) ?? null }));
    for (const { repo } of targets) known.delete(repo);
    return context.json({ targets: rows, former: [...known.keys()] });
  })
  .use('/api/repos/:owner/:repo/*', admit('page'))
  .get('/api/repos/:owner/:repo/progress', async (context) => {
    const { ports, target } = context.var;
    return context.json(await ports.coordinator(target.repo).progress());
  })
  .get('/api/repos/:owner/:repo/latest', async (context) => {
    const audit = await find(context, 'latest');
    return audit ? context.json(audit) : problem(context, 404, 'No audit of this repository yet');
  })
  .get('/api/repos/:owner/:repo/audits', async (context) => {
    const { ports, target } = context.var;
    const limit = Number(context.req.query('limit') ?? 30);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
      return problem(context, 400, `limit is a number from 1 to ${MAX_LIMIT}`);
    const given = context.req.query('cursor');
    const { audits, cursor } = await ports.store.history(target.repo, { limit, ...(given ? { cursor: given } : {}) });
    const query = cursor === null ? null : new URLSearchParams({ limit: String(limit), cursor });
    const next = query && `/api/repos/${target.repo}/audits?${query}`;
    if (next !== null) context.header('link', `<${next}>; rel="next"`);
    return context.json({ audits, next });
  })
  .get('/api/repos/:owner/:repo/audits/:audit', async (context) => {
    const audit = await find(context, context.req.param('audit'));
    return audit ? context.json(audit) : problem(context, 404, 'No such audit', NO_AUDIT);
  })
  .get('/api/repos/:owner/:repo/audits/:audit/report.json', async (context) => {
    const audit = await find(context, context.req.param('audit'));
    return audit ? context.json(audit.report) : problem(context, 404, 'No such audit', NO_AUDIT);
  })
  .get('/api/repos/:owner/:repo/audits/:audit/report.md', async (context) => {
    const { ports, target } = context.var;
    const audit = await find(context, context.req.param('audit'));
    if (!audit) return problem(context, 404, 'No such audit', NO_AUDIT);
    const { webUrl, siblings = {} } = commitPages(target, audit.report, ports.githubWebUrl);
    const text = reportAsMarkdown(audit.report, { webUrl, siblings, newlyFailing: audit.newlyFailing });
    return context.body(text, 200, { 'content-type': 'text/markdown; charset=utf-8' });
  })
  .get('/api/repos/:owner/:repo/audits/:audit/report.sarif', async (context) => {
    const audit = await find(context, context.req.param('audit'));
    if (!audit) return problem(context, 404, 'No such audit', NO_AUDIT);
    const standings = Object.entries(audit.standings);
    const fresh = Object.fromEntries(standings.map(([gate, standing]) => [gate, standing.fresh]));
    const text = reportAsSarif(audit.report, { webUrl: context.var.ports.githubWebUrl, fresh });
    return context.body(text, 200, { 'content-type': 'application/sarif+json' });
  })
  .get('/api/repos/:owner/:repo/audits/:audit/gates/:gate', async (context) => {
    const wanted = context.req.param('gate');
    const audit = await find(context, context.req.param('audit'));
    if (!audit) return problem(context, 404, 'No such audit', NO_AUDIT);
    const gate = audit.report.gates.find(({ number, name }) => number === wanted || name === wanted);
    if (!gate) return problem(context, 404, 'No such gate', 'Name one of the audit by number (D138) or by name.');
    return context.json({
      audit: audit.id,
      sha: audit.report.sha,
      isNewlyFailing: audit.newlyFailing.includes(gate.number),
      gate,
      standing: audit.standings[gate.number] ?? null,
    });
  })
  .get('/api/repos/:owner/:repo/compare', async (context) => {
    const { from = '', to = 'latest' } = context.req.query();
    if (from === '') return problem(context, 400, 'Say from which audit: ?from=…&to=…', NO_AUDIT);
    const [older, newer] = await Promise.all([find(context, from), find(context, to)]);
    if (!older || !newer) return problem(context, 404, 'No such audit', NO_AUDIT);
    const about = ({ id, report: { sha } }: StoredAudit) => ({ id, sha });
    const { turns, lanes } = compareReports(older.report, newer.report);
    return context.json({ from: about(older), to: about(newer), turns, lanes });
  })
  .all('/api/*', requireToken, (context) => problem(context, 404, 'Not found', 'See /openapi.json.'));

function find(context: Context<WebEnv>, at: string): Promise<StoredAudit | null> {
  const { ports, target } = context.var;
  return findAudit(ports.store, target.repo, at);
}
