import { Hono } from 'hono';
import { z } from 'zod';
import type { Target } from '../config/targets.ts';
import type { AuditRequest } from '../coordinator/coordinator.ts';
import { bytesWithin } from '../core/bytes-within.ts';
import { own } from '../core/own.ts';
import type { AuditStore } from '../core/store.ts';
import type { WebEnv, WebPorts } from './env.ts';
import { httpProblem } from './views/http-problem.tsx';

/** GitHub delivers nothing larger. */
const MAX_BYTES = 25 * 1024 * 1024;

/** GitHub lists at most so many commits of a push, and so many files of a commit; a list of that length may have been cut. */
const MAX_COMMITS = 2048;
const MAX_FILES = 3000;
/** Paths that are kept of a push; beyond it nobody reads which lanes it touched. */
const MAX_PATHS = 10_000;
const NO_COMMIT = /^0+$/;

const Repository = z.object({ full_name: z.string(), id: z.int().nullish() });
const Event = z.object({
  repository: Repository.nullish(),
  sender: z.object({ login: z.string() }).nullish(),
});
const Files = z.array(z.string()).nullish();
const Push = z.object({
  ref: z.string(),
  after: z.string().nullish(),
  deleted: z.boolean().nullish(),
  created: z.boolean().nullish(),
  forced: z.boolean().nullish(),
  repository: Repository,
  commits: z.array(z.object({ id: z.string().nullish(), added: Files, modified: Files, removed: Files })).nullish(),
});

type Requests = readonly (readonly [repo: string, request: AuditRequest])[];

const NOT_JSON =
  'The body is neither JSON nor a form with JSON in its field payload. Choose application/json as the content type of the webhook at GitHub';

/** `POST /webhooks/github`: the signature over the raw body first, then everything else; answers at once, audits afterwards. */
export const webhooks = new Hono<WebEnv>().post('/webhooks/github', async (context) => {
  const { webhookSecret, coordinator } = context.var.ports;
  if (!webhookSecret) return httpProblem(context, 503, 'The secret WEBHOOK_SECRET is not set');
  const [, signature] = /^sha256=([0-9a-f]{64})$/.exec(context.req.header('x-hub-signature-256') ?? '') ?? [];
  // Before the body is read: whoever signs nothing costs nothing.
  if (signature === undefined) return httpProblem(context, 401, 'The signature is missing or not a SHA-256 signature');
  const body = await readBody(context.req.raw);
  if (!body) return httpProblem(context, 413, 'The body is larger than 25 MB');
  if (!(await isSigned(body, signature, webhookSecret)))
    return httpProblem(context, 401, 'The signature does not match');
  const delivery = context.req.header('x-github-delivery');
  const event = context.req.header('x-github-event');
  const payload = payloadOf(body, context.req.header('content-type') ?? '');
  if (!delivery || !event) return httpProblem(context, 400, 'Not a GitHub event');
  if (payload === undefined) return httpProblem(context, 400, NOT_JSON);
  if (event === 'ping') return context.json({ status: 'pong' });
  if (event !== 'push' && event !== 'issues') return context.json({ status: 'ignored' }, 202);
  const about = Event.safeParse(payload);
  if (!about.success) return httpProblem(context, 400, 'Not a GitHub event');
  const sender = about.data.sender?.login ?? '';
  const requests = await requestsOf(event, payload, about.data, context.var.ports);
  if (!requests) return httpProblem(context, 400, 'Not a push as GitHub sends it');
  const taken = await Promise.all(
    requests.map(([repo, request]) => coordinator(repo).receiveWebhook(delivery, request, sender)),
  );
  return context.json({ status: taken.includes(true) ? 'accepted' : 'ignored' }, 202);
});

/** GitHub sends JSON, or a form with JSON in its field `payload`, as the webhook's content type says. */
function payloadOf(body: Uint8Array, contentType: string): unknown {
  const text = new TextDecoder().decode(body);
  const isForm = contentType.trim().toLowerCase().startsWith('application/x-www-form-urlencoded');
  try {
    return JSON.parse(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text);
  } catch {
    return undefined;
  }
}

/** The audits that an event asks for; undefined for a push of another form. */
async function requestsOf(
  event: string,
  payload: unknown,
  { repository }: z.infer<typeof Event>,
  { targets, store, now }: WebPorts,
): Promise<Requests | undefined> {
  if (!repository) return [];
  const parts = await partsOf(repository, targets, store);
  // Somebody touched an issue: a hint to look at the tracker again.
  if (event === 'issues')
    return targets
      .filter((target) => parts.isTarget(target))
      .map(({ repo }) => [repo, { trigger: 'issues', at: now() }]);
  const push = Push.safeParse(payload);
  return push.success ? pushed(push.data, targets, parts, now()) : undefined;
}

/** Where a repository plays a part: as a target, or as some target's sibling of a name. */
interface Parts {
  isTarget(target: Target): boolean;
  isSibling(target: Target, sibling: string): boolean;
}

/** Tells where a repository plays a part: by its name, or by its number where it was renamed since the configuration was written. */
async function partsOf(
  { full_name, id }: z.infer<typeof Repository>,
  targets: readonly Target[],
  store: AuditStore,
): Promise<Parts> {
  const isNamed = (place: { readonly repo: string } | undefined) =>
    place?.repo.toLowerCase() === full_name.toLowerCase();
  const isConfigured = targets.some((target) => isNamed(target) || Object.values(target.siblings).some(isNamed));
  if (id == null || isConfigured)
    return { isTarget: isNamed, isSibling: ({ siblings }, name) => isNamed(own(siblings, name)) };
  const known = new Map((await store.targets()).map((summary) => [summary.repo, summary]));
  return {
    isTarget: ({ repo }) => known.get(repo)?.repositoryId === id,
    isSibling: ({ repo }, name) => own(known.get(repo)?.siblingIds ?? {}, name) === id,
  };
}

/** Which targets a push concerns: those audited on that branch, and those that read the pushed repository as a sibling. */
function pushed(push: z.infer<typeof Push>, targets: readonly Target[], parts: Parts, at: number): Requests {
  if (push.deleted || NO_COMMIT.test(push.after ?? 'none')) return [];
  const isOn = ({ branch }: { readonly branch: string }) => push.ref === `refs/heads/${branch}`;
  const after = /^[0-9a-f]{40}$/.test(push.after ?? '') ? push.after : undefined;
  const requests: (readonly [string, AuditRequest])[] = [];
  for (const target of targets) {
    const siblings = Object.entries(target.siblings).filter(
      ([name, place]) => parts.isSibling(target, name) && isOn(place),
    );
    const siblingsAfter =
      after && siblings.length > 0
        ? { siblingsAfter: Object.fromEntries(siblings.map(([name]) => [name, after])) }
        : {};
    if (parts.isTarget(target) && isOn(target))
      requests.push([
        target.repo,
        { trigger: 'push', at, changedPaths: changedPathsOf(push), ...(after ? { after } : {}), ...siblingsAfter },
      ]);
    else if (siblings.length > 0) requests.push([target.repo, { trigger: 'push', at, ...siblingsAfter }]);
  }
  return requests;
}

/** What a push changed; null where its list is not all: a force push, a new branch, a list that was cut or does not end where the push does. */
function changedPathsOf({ commits, forced, created, after }: z.infer<typeof Push>): string[] | null {
  const last = commits?.at(-1);
  if (!commits || !last || forced || created || commits.length >= MAX_COMMITS) return null;
  if (last.id != null && after != null && last.id !== after) return null;
  const lists = commits.map(({ added, modified, removed }) => [
    ...(added ?? []),
    ...(modified ?? []),
    ...(removed ?? []),
  ]);
  const paths = new Set(lists.flat());
  return paths.size > MAX_PATHS || lists.some((list) => list.length >= MAX_FILES) ? null : [...paths];
}

async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES) return undefined;
  return request.body ? bytesWithin(request.body, MAX_BYTES) : new Uint8Array();
}

/** `crypto.subtle.verify` compares in constant time. */
async function isSigned(body: Uint8Array<ArrayBuffer>, signature: string, secret: string): Promise<boolean> {
  const key = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  );
  const expected = Uint8Array.from(signature.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return crypto.subtle.verify('HMAC', key, expected, body);
}
