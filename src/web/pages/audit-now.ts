import { Hono } from 'hono';
import type { WebEnv } from '../env.ts';
import { admit, requireToken } from '../middleware/auth.ts';

/** `POST /:owner/:repo/audits`: asks for an audit and goes back to the repository's page, which shows how far it has come. */
export const auditNow = new Hono<WebEnv>().post(
  '/:owner/:repo/audits',
  requireToken,
  admit('page'),
  async (context) => {
    const { ports, target } = context.var;
    await ports.coordinator(target.repo).request({ trigger: 'api', at: ports.now() });
    return context.redirect(`/${target.repo}`, 303);
  },
);
