import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import type { Target } from '../config/targets.ts';
import { ConfigError } from '../config/targets.ts';
import type { Acceptance, Poke, Progress } from '../coordinator/coordinator.ts';
import type { AuditStore } from '../core/store.ts';
import { refuseOtherSites } from './access.ts';
import { audits } from './api/audits.ts';
import { baseline } from './api/baseline.ts';
import { openapi } from './api/openapi.ts';
import { repos } from './api/repos.ts';
import { assets } from './assets.ts';
import { badges } from './badges.ts';
import type { VerifyAccess } from './cloudflare-access.ts';
import { health } from './health.ts';
import { compare } from './pages/compare.tsx';
import { fleet } from './pages/fleet.tsx';
import { gate } from './pages/gate.tsx';
import { repo } from './pages/repo.tsx';
import { problem } from './problem.tsx';
import { webhooks } from './webhooks.ts';

/** One target's coordinator, as the web reaches it. */
export interface CoordinatorHandle {
  poke(poke: Poke): Promise<void>;
  /** Notes a webhook delivery and the wish it brings; false when it was seen before. */
  deliver(delivery: string, poke: Poke | null, sender: string): Promise<boolean>;
  /** Makes the present findings baseline; false when there is no such gate, or no audit yet. */
  accept(acceptance: Acceptance): Promise<boolean>;
  progress(): Promise<Progress>;
}

/** What the web needs of the rest. */
export interface WebPorts {
  readonly targets: readonly Target[];
  readonly store: AuditStore;
  readonly webhookSecret: string | undefined;
  readonly dashboardToken: string | undefined;
  /** Cloudflare Access, where it is set up. */
  readonly verifyAccess?: VerifyAccess | undefined;
  /** Where GitHub's pages are. */
  readonly githubWebUrl: string;
  readonly now: () => number;
  coordinator(repo: string): CoordinatorHandle;
}

export interface WebEnv {
  Variables: {
    ports: WebPorts;
    /** The target of the path; set by `admit`. */
    target: Target;
    /** Whether the request may see and do everything; set by `admit`. */
    isTrusted: boolean;
  };
}

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
  app.use(refuseOtherSites, etag());
  for (const part of [health, assets, openapi, audits, baseline, repos, badges, fleet, compare, gate, repo])
    app.route('/', part);
  app.notFound((context) => problem(context, 404, 'Not found'));
  app.onError((error, context) => {
    if (error instanceof ConfigError) {
      console.error(error.message);
      return problem(context, 503, 'Lanekeeper is not set up', 'See the Worker log, or run `npm run check:config`.');
    }
    console.error(error);
    return problem(context, 500, 'Internal error');
  });
  return app;
}
