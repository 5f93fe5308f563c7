import { Hono } from 'hono';
import type { Target } from '../config/targets.ts';
import { ConfigError } from '../config/targets.ts';
import type { Poke, Progress } from '../coordinator.ts';
import type { AuditStore } from '../core/store.ts';
import { api } from './api.ts';
import { health } from './health.ts';
import { webhooks } from './webhooks.ts';

/** One target's coordinator, as the web reaches it. */
export interface CoordinatorHandle {
  poke(poke: Poke): Promise<void>;
  /** Notes a webhook delivery and the wish it brings; false when it was seen before. */
  deliver(delivery: string, poke: Poke | null, sender: string): Promise<boolean>;
  progress(): Promise<Progress>;
}

/** What the web needs of the rest. */
export interface WebPorts {
  readonly targets: readonly Target[];
  readonly store: AuditStore;
  readonly webhookSecret: string | undefined;
  readonly dashboardToken: string | undefined;
  readonly now: () => number;
  coordinator(repo: string): CoordinatorHandle;
}

export interface WebEnv {
  Variables: { ports: WebPorts };
}

/** The whole web: webhook, API, health. `open` gives the ports of a request and throws `ConfigError` where the Worker is not set up. */
export function createApp<Bindings extends object>(open: (env: Bindings) => WebPorts) {
  const app = new Hono<WebEnv & { Bindings: Bindings }>();
  app.use(async (context, next) => {
    context.set('ports', open(context.env));
    await next();
  });
  app.route('/', health);
  app.route('/', webhooks);
  app.route('/api', api);
  app.notFound((context) => context.json({ title: 'Not found', status: 404 }, 404));
  app.onError((error, context) => {
    if (error instanceof ConfigError) {
      console.error(error.message);
      const title = 'Lanekeeper is not set up; see the Worker log, or run `npm run check:config`';
      return context.json({ title, status: 503 }, 503);
    }
    console.error(error);
    return context.json({ title: 'Internal error', status: 500 }, 500);
  });
  return app;
}
