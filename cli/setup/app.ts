import { randomUUID } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';

export interface AppToMake {
  /** Who owns the audited repository. */
  readonly owner: string;
  /** Whether checks of CI count as gates. */
  readonly readsChecks: boolean;
  /** Where the Worker answers; without it the app gets no webhook yet. */
  readonly workerUrl: string | undefined;
  readonly apiUrl: string;
  readonly webUrl: string;
}

/** A GitHub App as GitHub hands it over, once. */
export interface NewApp {
  readonly id: number;
  readonly slug: string;
  readonly pem: string;
  readonly webhookSecret: string | null;
  readonly pageUrl: string;
}

export interface AppPage {
  /** Where the person is to go. */
  readonly url: string;
  /** The app, once GitHub has made it. */
  readonly app: Promise<NewApp>;
  close(): Promise<void>;
}

/** What Lanekeeper asks for; SECURITY.md gives the reasons. */
const APP_PERMISSIONS = { contents: 'read', issues: 'write', metadata: 'read', statuses: 'write' } as const;
const APP_EVENTS = ['push', 'issues'] as const;

const Conversion = z.object({
  id: z.number(),
  slug: z.string(),
  html_url: z.string(),
  pem: z.string().includes('PRIVATE KEY'),
  webhook_secret: z.string().nullable(),
});

/** The description of an app from which GitHub makes it. GitHub makes the webhook's secret too. */
function manifestOf(
  { owner, workerUrl, readsChecks }: AppToMake,
  redirectUrl: string,
): Readonly<Record<string, unknown>> {
  return {
    // GitHub takes 34 characters, and a name that nobody has yet.
    name: `lanekeeper-${owner}`.slice(0, 34),
    description: 'Audits an ops repo every night and after every push, and keeps its issues honest.',
    url: workerUrl ?? 'https://github.com/apps',
    ...(workerUrl ? { hook_attributes: { url: `${workerUrl}/webhooks/github`, active: true } } : {}),
    redirect_url: redirectUrl,
    public: false,
    default_permissions: readsChecks ? { ...APP_PERMISSIONS, checks: 'read' } : APP_PERMISSIONS,
    default_events: workerUrl ? APP_EVENTS : [],
  };
}

/** Serves, on this machine only, the page that sends the person to GitHub, and takes the code that GitHub sends back. */
export async function serveAppPage(wanted: AppToMake): Promise<AppPage> {
  const state = randomUUID();
  const made = Promise.withResolvers<NewApp>();
  made.promise.catch(() => {});
  const app = new Hono();
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  app.use(async (context, next) => {
    // A name that another site points at this machine is not ours.
    if (`http://${context.req.header('host')}` !== origin) return context.text('Not found', 404);
    context.header('cache-control', 'no-store');
    context.header('connection', 'close');
    context.header('referrer-policy', 'no-referrer');
    context.header('x-frame-options', 'DENY');
    const policy = `default-src 'none'; style-src 'unsafe-inline'; form-action ${new URL(wanted.webUrl).origin}`;
    context.header('content-security-policy', policy);
    return next();
  });
  app.get('/', (context) => context.html(invitation(wanted, state, manifestOf(wanted, `${origin}/callback`))));
  app.get('/callback', async (context) => {
    const { code, state: given } = context.req.query();
    if (given !== state) return context.html(page('That was not asked for', 'Start again from the first page.'), 400);
    try {
      const converted = await exchange(wanted.apiUrl, code ?? '');
      made.resolve(converted);
      return context.html(page(`${converted.slug} is made`, 'Go back to the terminal; it goes on there.'));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return context.html(page('GitHub did not hand over the app', `${reason} Start again from the first page.`), 502);
    }
  });
  return {
    url: origin,
    app: made.promise,
    // The page that is being answered still arrives.
    close: () => new Promise((done) => void server.close(() => done())),
  };
}

/** Exchanges the one-time code for the app. */
async function exchange(apiUrl: string, code: string): Promise<NewApp> {
  const headers = {
    accept: 'application/vnd.github+json',
    'user-agent': 'lanekeeper',
    'x-github-api-version': '2022-11-28',
  };
  const url = `${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`;
  const answer = await fetch(url, { method: 'POST', headers, signal: AbortSignal.timeout(20_000) });
  if (!answer.ok) throw new Error(`GitHub answered ${answer.status}; a code works once, within an hour.`);
  const { id, slug, pem, webhook_secret, html_url } = Conversion.parse(await answer.json());
  return { id, slug, pem, webhookSecret: webhook_secret, pageUrl: html_url };
}

function invitation({ owner, webUrl }: AppToMake, state: string, manifest: Readonly<Record<string, unknown>>) {
  const form = (action: string, label: string) => html`
    <form action="${action}?state=${state}" method="post">
      <input type="hidden" name="manifest" value="${JSON.stringify(manifest)}">
      <button>${label}</button>
    </form>`;
  return page(
    'A GitHub App for Lanekeeper',
    html`GitHub shows you what it asks for, and makes it when you agree. Who is ${owner}?
      ${form(`${webUrl}/settings/apps/new`, 'My own account')}
      ${form(`${webUrl}/organizations/${owner}/settings/apps/new`, `The organization ${owner}`)}`,
  );
}

function page(title: string, content: unknown) {
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>${title}</title>
      <style>
        body { font: 1.1rem/1.5 system-ui; max-width: 34rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }
        button { font: inherit; padding: 0.5rem 1rem; margin-top: 1rem }
      </style>
      <h1>${title}</h1>
      <p>${content}</p>
    </html>`;
}
