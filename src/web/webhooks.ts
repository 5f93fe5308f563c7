import { Hono } from 'hono';
import { z } from 'zod';
import type { Target } from '../config/targets.ts';
import type { Poke } from '../coordinator/coordinator.ts';
import type { WebEnv } from './env.ts';
import { problem } from './views/problem.tsx';

/** GitHub delivers nothing larger. */
const MAX_BYTES = 25 * 1024 * 1024;

const Event = z.object({
  repository: z.object({ full_name: z.string() }).optional(),
  sender: z.object({ login: z.string() }).optional(),
});
const Files = z.array(z.string()).default([]);
const Push = z.object({
  ref: z.string(),
  deleted: z.boolean().default(false),
  repository: z.object({ full_name: z.string() }),
  commits: z.array(z.object({ added: Files, modified: Files, removed: Files })).default([]),
});

/** `POST /webhooks/github`: the signature over the raw body first, then everything else; answers at once, audits afterwards. */
export const webhooks = new Hono<WebEnv>().post('/webhooks/github', async (context) => {
  const { webhookSecret, targets, coordinator, now } = context.var.ports;
  if (!webhookSecret) return problem(context, 503, 'The secret WEBHOOK_SECRET is not set');
  const body = await readBody(context.req.raw);
  if (!body) return problem(context, 413, 'The body is larger than 25 MB');
  const signature = context.req.header('x-hub-signature-256') ?? '';
  if (!(await isSigned(body, signature, webhookSecret))) return problem(context, 401, 'The signature does not match');
  const delivery = context.req.header('x-github-delivery');
  const event = context.req.header('x-github-event');
  const payload = parseJson(body);
  const about = Event.safeParse(payload);
  if (!delivery || !event || !about.success) return problem(context, 400, 'Not a GitHub event');
  if (event === 'ping') return context.json({ status: 'pong' });
  const wishes =
    event === 'push' ? pushed(payload, targets, now()) : event === 'issues' ? touched(about.data, targets, now()) : [];
  if (!wishes) return problem(context, 400, 'Not a push as GitHub sends it');
  const sender = about.data.sender?.login ?? '';
  const fresh = await Promise.all(wishes.map(([repo, poke]) => coordinator(repo).deliver(delivery, poke, sender)));
  return context.json({ status: fresh.includes(true) ? 'accepted' : 'ignored' }, 202);
});

/** Which targets a push concerns: those audited on that branch, and those that read the pushed repository as a sibling. */
function pushed(
  payload: unknown,
  targets: readonly Target[],
  at: number,
): readonly (readonly [string, Poke])[] | undefined {
  const parsed = Push.safeParse(payload);
  if (!parsed.success) return undefined;
  const { ref, deleted, repository, commits } = parsed.data;
  if (deleted) return [];
  const isPushed = ({ repo, branch }: { repo: string; branch: string }) =>
    repo.toLowerCase() === repository.full_name.toLowerCase() && ref === `refs/heads/${branch}`;
  const changedPaths = [
    ...new Set(commits.flatMap(({ added, modified, removed }) => [...added, ...modified, ...removed])),
  ];
  return targets.flatMap((target) => {
    if (isPushed(target)) return [[target.repo, { trigger: 'push', at, changedPaths }] as const];
    return Object.values(target.siblings).some(isPushed) ? [[target.repo, { trigger: 'push', at }] as const] : [];
  });
}

/** Somebody touched an issue: a hint to look at the tracker again. */
function touched(
  { repository }: z.infer<typeof Event>,
  targets: readonly Target[],
  at: number,
): readonly (readonly [string, Poke])[] {
  const name = repository?.full_name.toLowerCase();
  return targets.filter(({ repo }) => repo.toLowerCase() === name).map(({ repo }) => [repo, { trigger: 'issues', at }]);
}

async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

/** `crypto.subtle.verify` compares in constant time. */
async function isSigned(body: Uint8Array<ArrayBuffer>, signature: string, secret: string): Promise<boolean> {
  const [, hex] = /^sha256=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (hex === undefined) return false;
  const key = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  );
  const expected = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return crypto.subtle.verify('HMAC', key, expected, body);
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
