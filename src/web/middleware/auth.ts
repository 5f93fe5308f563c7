import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Target } from '../../config/targets.ts';
import type { WebEnv } from '../env.ts';
import { httpProblem } from '../views/http-problem.tsx';
import { findTarget } from './lookup.ts';

/** Lets a request through that may see everything: by token, or by Cloudflare Access. */
export const requireToken = createMiddleware<WebEnv>(async (context, next) =>
  (await isTrusted(context)) ? next() : refuse(context),
);

/** Lets a request for one target through that may see it, and finds the target. What is public may be read by everybody, and only read. */
export function admit(face: 'badge' | 'page') {
  return createMiddleware<WebEnv>(async (context, next) => {
    const target = findTarget(context);
    const isReading = context.req.method === 'GET' || context.req.method === 'HEAD';
    const trusted = await isTrusted(context);
    if (!trusted && !(target && isReading && isPublic(target, face))) return refuse(context);
    if (!target) return httpProblem(context, 404, 'No such target', 'bindings/targets.yaml lists the targets.');
    context.set('target', target);
    context.set('isTrusted', trusted);
    return next();
  });
}

function isPublic(target: Target, face: 'badge' | 'page'): boolean {
  return target.public === 'all' || (target.public === 'badge' && face === 'badge');
}

/** Whether a request may see everything. */
export async function isTrusted(context: Context<WebEnv>): Promise<boolean> {
  const { dashboardToken, verifyAccess } = context.var.ports;
  const given = tokenIn(context.req.header('authorization') ?? '');
  if (dashboardToken && given !== undefined && (await isSame(given, dashboardToken))) return true;
  const assertion = context.req.header('cf-access-jwt-assertion');
  return verifyAccess !== undefined && assertion !== undefined && (await verifyAccess(assertion));
}

/** The same for what exists and what does not, so that nobody learns names. */
function refuse(context: Context<WebEnv>): Response | Promise<Response> {
  const { dashboardToken, verifyAccess } = context.var.ports;
  if (!dashboardToken && !verifyAccess) return httpProblem(context, 503, 'The secret DASHBOARD_TOKEN is not set');
  if (dashboardToken) context.header('www-authenticate', 'Basic realm="Lanekeeper", charset="UTF-8"');
  return httpProblem(
    context,
    401,
    'Authentication required',
    'Send the token as a bearer token, or as the password of HTTP Basic.',
  );
}

function tokenIn(header: string): string | undefined {
  const [, scheme, value] = /^(Bearer|Basic) +(.+)$/i.exec(header) ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  if (scheme.toLowerCase() === 'bearer') return value;
  try {
    const bytes = Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
    const decoded = new TextDecoder().decode(bytes);
    return decoded.slice(decoded.indexOf(':') + 1);
  } catch {
    return undefined;
  }
}

/** Compares in constant time, by digest, so that not even the length shows. */
async function isSame(one: string, other: string): Promise<boolean> {
  const digest = async (text: string) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  const [first, second] = await Promise.all([digest(one), digest(other)]);
  return first.reduce((difference, byte, index) => difference | (byte ^ (second[index] ?? 0)), 0) === 0;
}
