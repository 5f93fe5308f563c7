import { Hono } from 'hono';
import { compareReports } from '../../audit/compare.ts';
import { own } from '../../core/own.ts';
import type { StoredAudit } from '../../core/store.ts';
import type { WebEnv } from '../env.ts';
import { admit } from '../middleware/auth.ts';
import { findAudit, noSuchAudit, requireAudit } from '../middleware/lookup.ts';
import { httpProblem } from '../views/http-problem.tsx';

const MAX_LIMIT = 100;

/** `GET /api/repos/:owner/:repo/…`: everything that the pages show. */
export const repos = new Hono<WebEnv>()
  .use('/api/repos/:owner/:repo/*', admit('page'))
  .get('/api/repos/:owner/:repo/progress', async (context) => {
    const { ports, target } = context.var;
    return context.json(await ports.coordinator(target.repo).progress());
  })
  .get('/api/repos/:owner/:repo/latest', async (context) => {
    const { ports, target } = context.var;
    const audit = await ports.store.latest(target.repo);
    return audit ? context.json(audit) : httpProblem(context, 404, 'No audit of this repository yet');
  })
  .get('/api/repos/:owner/:repo/audits', async (context) => {
    const { ports, target } = context.var;
    const limit = Number(context.req.query('limit') ?? 30);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
      return httpProblem(context, 400, `\`limit\` must be a whole number from 1 to ${MAX_LIMIT}`);
    const given = context.req.query('cursor');
    const { audits, cursor } = await ports.store.history(target.repo, { limit, ...(given ? { cursor: given } : {}) });
    const query = cursor === null ? null : new URLSearchParams({ limit: String(limit), cursor });
    const next = query && `/api/repos/${target.repo}/audits?${query}`;
    if (next !== null) context.header('link', `<${next}>; rel="next"`);
    return context.json({ audits, next });
  })
  .get('/api/repos/:owner/:repo/audits/:audit', requireAudit, (context) => context.json(context.var.audit))
  .get('/api/repos/:owner/:repo/audits/:audit/gates/:gate', requireAudit, (context) => {
    const { audit } = context.var;
    const wanted = context.req.param('gate');
    const gate = audit.report.gates.find(({ number, name }) => number === wanted || name === wanted);
    if (!gate)
      return httpProblem(context, 404, 'No such gate', 'Name a gate of the audit by its number (D138) or its name.');
    return context.json({
      audit: audit.id,
      sha: audit.report.sha,
      isNewlyFailing: audit.newlyFailing.includes(gate.number),
      gate,
      history: own(audit.histories, gate.number) ?? null,
    });
  })
  .get('/api/repos/:owner/:repo/compare', async (context) => {
    const { ports, target } = context.var;
    const { from = '', to = 'latest' } = context.req.query();
    if (from === '') return httpProblem(context, 400, 'Name the audit to compare from: ?from=…&to=…');
    const [older, newer] = await Promise.all([from, to].map((at) => findAudit(ports.store, target.repo, at)));
    if (!older || !newer) return noSuchAudit(context);
    const about = ({ id, report: { sha } }: StoredAudit) => ({ id, sha });
    const { changes, lanes } = compareReports(older.report, newer.report);
    return context.json({ from: about(older), to: about(newer), changes, lanes });
  });
