import { createMiddleware } from 'hono/factory';
import type { WebEnv } from './app.ts';

/** Lets a request through that shows the dashboard token: as a bearer, or as a Basic password so that a browser can. */
export const requireToken = createMiddleware<WebEnv>(async (context, next) => {
  const expected = context.var.ports.dashboardToken;
  if (!expected) return context.json({ title: 'No access: the secret DASHBOARD_TOKEN is not set', status: 503 }, 503);
  const given = tokenIn(context.req.header('authorization') ?? '');
  if (given !== undefined && (await isSame(given, expected))) return next();
  context.header('www-authenticate', 'Basic realm="Lanekeeper", charset="UTF-8"');
  return context.json({ title: 'A token is needed', status: 401 }, 401);
});

function tokenIn(header: string): string | undefined {
  const [, scheme, value] = /^(Bearer|Basic) +(\S+)$/i.exec(header) ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  if (scheme.toLowerCase() === 'bearer') return value;
  try {
    const decoded = atob(value);
    return decoded.slice(decoded.indexOf(':') + 1);
  } catch {
    return undefined;
  }
}

/** Compares in constant time, by digest, so that not even the length shows. */
export async function isSame(one: string, other: string): Promise<boolean> {
  const digest = async (text: string) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  const [first, second] = await Promise.all([digest(one), digest(other)]);
  return first.reduce((difference, byte, index) => difference | (byte ^ (second[index] ?? 0)), 0) === 0;
}
