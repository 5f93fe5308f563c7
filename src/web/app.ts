import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { ConfigError } from '../config/targets.ts';
import { audits } from './api/audits.ts';
import { baseline } from './api/baseline.ts';
import { openapi } from './api/openapi.ts';
import { reports } from './api/reports.ts';
import { repos } from './api/repos.ts';
import { results } from './api/results.ts';
import { targetList } from './api/targets.ts';
import type { WebEnv, WebPorts } from './env.ts';
import { health } from './health.ts';
import { requireToken } from './middleware/auth.ts';
import { refuseOtherSites } from './middleware/same-site.ts';
import { assets } from './pages/assets.ts';
import { auditNow } from './pages/audit-now.ts';
import { badges } from './pages/badge.ts';
import { compare } from './pages/compare.tsx';
import { fleet } from './pages/fleet.tsx';
import { gate } from './pages/gate.tsx';
import { repo } from './pages/repo.tsx';
import { httpProblem } from './views/http-problem.tsx';
import { webhooks } from './webhooks.ts';

const HEADERS = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  // Nothing to others; with nothing at all, browsers would send our own forms without an origin.
  referrerPolicy: 'same-origin',
  crossOriginResourcePolicy: false,
});

/** The whole web: webhook, API, pages, badges, health. `open` gives the ports of a request and throws `ConfigError` where the Worker is not set up. */
export function createApp<Bindings extends object>(open: (env: Bindings) => WebPorts) {
  const app = new Hono<WebEnv & { Bindings: Bindings }>();
  app.use(HEADERS);
  app.use(async (context, next) => {
    context.header('cache-control', 'private, no-cache');
    context.header('cross-origin-resource-policy', 'same-origin');
    context.set('ports', open(context.env));
    await next();
  });
  app.route('/', webhooks);
  app.route('/', results);
  app.use(refuseOtherSites, etag());
  for (const part of [health, assets, openapi, targetList, audits, baseline, reports, repos]) app.route('/', part);
  app.all('/api/*', requireToken, (context) => httpProblem(context, 404, 'Not found', 'See /openapi.json.'));
  for (const part of [badges, fleet, compare, gate, auditNow, repo]) app.route('/', part);
  app.notFound((context) => httpProblem(context, 404, 'Not found'));
  app.onError((error, context) => {
    if (error instanceof ConfigError) {
      console.error(error.message);
      return httpProblem(
        context,
        503,
        'Lanekeeper is not set up',
        'See the Worker log, or run `npm run check:config`.',
      );
    }
    console.error(error);
    return httpProblem(context, 500, 'Internal error');
  });
  return app;
}
