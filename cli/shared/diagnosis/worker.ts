import { createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Target } from '../../../src/config/targets.ts';
import { HOUR } from '../../../src/core/durations.ts';
import { isStale } from '../../../src/core/staleness.ts';
import { ask, askApi, readJson, type WorkerApi } from './api.ts';
import { type Line, type Lines, ok, warning, wrong } from './lines.ts';
import { checkReporting, GateInReport } from './reporting.ts';

/** The deployed Worker, as a client sees it. */
export interface WorkerOptions extends WorkerApi {
  readonly targets: readonly Pick<Target, 'repo' | 'resultsKey'>[];
  readonly webhookSecret: string | undefined;
  readonly resultsSecret: string | undefined;
  readonly now: () => number;
}

const Health = z.object({ status: z.enum(['ok', 'pending', 'stale', 'error']) });
const Diagnosis = z.object({ title: z.string() });
const Latest = z.object({
  trigger: z.string(),
  report: z.object({
    now: z.string(),
    complete: z.boolean(),
    error: z.string().optional(),
    gates: z.array(GateInReport).default([]),
  }),
  delivery: z.object({ mode: z.string(), planned: z.number(), errors: z.array(z.string()) }),
});
const Fleet = z.object({ targets: z.array(z.object({ repo: z.string() })), former: z.array(z.string()).default([]) });

/** Asks the deployed Worker how it is: storage, last audits, webhook. */
export async function* checkWorker(options: WorkerOptions): Lines {
  const health = await checkHealth(options.url);
  yield health;
  if (health.state === 'wrong') return;
  yield* checkAudits(options);
  yield* checkWebhook(options);
}

/** Whether the Worker answers, is set up, and reads its storage. */
export async function checkHealth(url: string): Promise<Line> {
  let answer: Response;
  try {
    answer = await ask(`${url}/healthz`);
  } catch (error) {
    return wrong('worker', 'worker-unreachable', `${url} (${reasonOf(error)})`);
  }
  const body = await readJson(answer);
  if (Health.safeParse(body).success) return ok('worker', `${url} answers, and its storage can be read`);
  const title = Diagnosis.safeParse(body).data?.title;
  if (title === undefined) return wrong('worker', 'not-lanekeeper', `${url} says ${answer.status}`);
  return answer.status === 503 ? wrong('worker', 'not-set-up') : wrong('worker', 'worker-broken', title);
}

async function* checkAudits(options: WorkerOptions): Lines {
  const { targets, dashboardToken } = options;
  if (!dashboardToken) {
    yield warning('worker', 'no-dashboard-token');
    return;
  }
  for (const target of targets) {
    const { repo } = target;
    const progress = await askApi(options, `/repos/${repo}/progress`);
    if (progress.status === 401 || progress.status === 403) {
      yield wrong('worker', 'dashboard-token-refused');
      return;
    }
    if (progress.status === 503) {
      yield wrong('worker', 'secret-missing', 'DASHBOARD_TOKEN');
      return;
    }
    if (progress.status === 404) yield wrong(repo, 'target-not-deployed');
    else yield* checkAudit(options, target);
  }
  yield* checkLeftBehind(options);
}

async function* checkAudit(options: WorkerOptions, target: WorkerOptions['targets'][number]): Lines {
  const { repo } = target;
  const answer = await askApi(options, `/repos/${repo}/latest`);
  if (answer.status === 404) {
    yield warning(repo, 'audit-pending');
    return;
  }
  const parsed = Latest.safeParse(await readJson(answer));
  if (!parsed.success) {
    yield wrong(repo, 'worker-broken', `/api/repos/${repo}/latest says ${answer.status}`);
    return;
  }
  const { trigger, report, delivery } = parsed.data;
  const age = options.now() - Date.parse(report.now);
  const when = `${report.now}, ${Math.floor(age / HOUR)} h ago, by ${trigger}`;
  if (report.error !== undefined) yield wrong(repo, 'audit-failed', report.error);
  else if (isStale(report.now, options.now())) yield wrong(repo, 'audit-stale', `the last one is of ${when}`);
  else yield ok(repo, `the last audit is of ${when}${report.complete ? '' : '; it is incomplete'}`);
  yield* checkReporting(options, target, report.gates);
  if (report.error !== undefined) return;
  for (const error of delivery.errors) yield wrong(repo, 'delivery-failed', error);
  if (delivery.mode === 'dry-run') yield ok(repo, `the inbox is a dry run; ${delivery.planned} writes are planned`);
}

/** What the Worker knows and the configuration does not. */
async function* checkLeftBehind(options: WorkerOptions): Lines {
  const targets = options.targets.map(({ repo }) => repo);
  for (const repo of await leftBehind({ ...options, targets })) yield warning(repo, 'left-behind');
}

/** Repositories that the Worker audits or audited, and that are no target of the configuration here. */
export async function leftBehind(
  options: WorkerApi & { readonly targets: readonly string[] },
): Promise<readonly string[]> {
  const known = new Set(options.targets.map((repo) => repo.toLowerCase()));
  const answer = await askApi(options, '/targets');
  const fleet = Fleet.safeParse(await readJson(answer)).data;
  const deployed = fleet?.targets.map(({ repo }) => repo) ?? [];
  return [...deployed, ...(fleet?.former ?? [])].filter((repo) => !known.has(repo.toLowerCase()));
}

/** Sends the Worker a ping signed as GitHub signs. */
async function* checkWebhook({ url, webhookSecret }: WorkerOptions): Lines {
  if (!webhookSecret) {
    yield warning('webhook', 'no-webhook-secret');
    return;
  }
  const body = JSON.stringify({ zen: 'Design for failure.', hook_id: 0 });
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'ping',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`,
  };
  const answer = await ask(`${url}/webhooks/github`, { method: 'POST', headers, body });
  if (answer.status === 503) yield wrong('webhook', 'webhook-secret-unset');
  else if (answer.status === 401) yield wrong('webhook', 'webhook-secret-refused');
  else if (!answer.ok) yield wrong('webhook', 'worker-broken', `/webhooks/github says ${answer.status}`);
  else yield ok('webhook', 'a ping with this secret is taken');
  yield warning('webhook', 'deliveries-unseen');
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
