import { z } from 'zod';
import type { Run } from '../run.ts';
import { type Line, type Lines, ok, warning, wrong } from './lines.ts';

const Login = z.object({ loggedIn: z.boolean() });
const Secrets = z.array(z.object({ name: z.string() }));

/** What `wrangler.toml` says: crons, and where the Worker answers. */
export function* checkWranglerToml(text: string): Iterable<Line> {
  const crons = cronsIn(text);
  if (crons.length === 0) yield wrong('config', 'no-cron');
  else yield ok('config', `cron ${crons.map((cron) => `"${cron}"`).join(', ')} (UTC); every deploy registers it`);
  const url = dashboardUrlIn(text);
  if (url === '') yield warning('config', 'no-dashboard-url');
  else yield ok('config', `issues link to ${url}`);
}

function cronsIn(text: string): readonly string[] {
  const [, list = ''] = /^crons\s*=\s*\[([^\]]*)\]/m.exec(text) ?? [];
  return [...list.matchAll(/["']([^"']+)["']/g)].map(([, cron = '']) => cron);
}

/** `DASHBOARD_URL` as `wrangler.toml` has it. */
export function dashboardUrlIn(text: string): string {
  return /^DASHBOARD_URL\s*=\s*["']([^"']*)["']/m.exec(text)?.[1] ?? '';
}

/** What Cloudflare knows of the Worker, where wrangler is logged in: which secrets it holds, never their values. */
export async function* checkCloudflare(run: Run): Lines {
  if (!(await isLoggedIn(run))) {
    yield warning('cloudflare', 'logged-out');
    return;
  }
  const names = await heldSecrets(run);
  if (!names) {
    yield warning('cloudflare', 'not-deployed');
    return;
  }
  const missing = missingSecrets(names);
  for (const name of missing) yield wrong('cloudflare', 'secret-missing', name);
  if (missing.length === 0) yield ok('cloudflare', `the Worker holds ${names.join(', ')}`);
}

/** Names of the secrets that the Worker holds; undefined where Cloudflare knows no such Worker. */
export async function heldSecrets(run: Run): Promise<readonly string[] | undefined> {
  const { code, output } = await run(['wrangler', 'secret', 'list', '--format', 'json']);
  return code === 0 ? Secrets.safeParse(jsonIn(output)).data?.map(({ name }) => name) : undefined;
}

function missingSecrets(names: readonly string[]): readonly string[] {
  const isApp = names.some((name) => name.startsWith('GITHUB_APP_'));
  const credentials = isApp ? ['GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY'] : ['GITHUB_TOKEN'];
  return [...credentials, 'WEBHOOK_SECRET', 'DASHBOARD_TOKEN'].filter((name) => !names.includes(name));
}

/** Whether wrangler may speak to Cloudflare. */
export async function isLoggedIn(run: Run): Promise<boolean> {
  const { output } = await run(['wrangler', 'whoami', '--json']);
  return Login.safeParse(jsonIn(output)).data?.loggedIn === true;
}

/** The JSON in what wrangler prints, between its banners. */
function jsonIn(output: string): unknown {
  const start = output.search(/[[{]/);
  const end = Math.max(output.lastIndexOf(']'), output.lastIndexOf('}'));
  try {
    return JSON.parse(output.slice(start, end + 1));
  } catch {
    return undefined;
  }
}
