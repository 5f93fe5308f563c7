import { DurableObject } from 'cloudflare:workers';
import defaultRegistryText from '../bindings/default-registry.yaml';
import bundledTargets from '../bindings/targets.yaml';
import { parseDefaultRegistry } from './audit/registry/defaults.ts';
import { parseSettings, type Settings } from './config/settings.ts';
import { parseTargets, type Target } from './config/targets.ts';
import {
  type Acceptance,
  type AuditRequest,
  Coordinator,
  type Progress,
  type Proof,
  type Receipt,
} from './coordinator/coordinator.ts';
import { rowsOf } from './coordinator/rows.ts';
import { shortHash } from './core/hash.ts';
import { gates } from './gates/index.ts';
import { withLayout } from './gates/lib/resilience/gate.ts';
import { openTarget } from './open-target.ts';
import { createWorkflowVerifier, type VerifyWorkflow } from './reported/oidc.ts';
import type { Results } from './reported/results.ts';
import { kvStore } from './store/kv.ts';
import { sqliteBlobCache, sqliteLedger } from './store/sqlite.ts';
import { createApp } from './web/app.ts';
import { createAccessVerifier, type VerifyAccess } from './web/middleware/cloudflare-access.ts';

/** Audits of different targets are spread over this time at least: their coordinators may share one isolate's memory. */
const SPREAD_MS = 20_000;
/** One target's share of it: a first audit costs two of the 900 points that GitHub gives one credential a minute. */
const SHARE_MS = 150;

let known: { readonly text: string; readonly targets: readonly Target[] } | undefined;

/** The configured targets, parsed once for the isolate. `TARGETS` replaces the bundled file, for local runs. */
function readTargets(env: Env): readonly Target[] {
  const { TARGETS } = env as Env & { TARGETS?: string };
  const text = TARGETS || bundledTargets;
  if (known?.text !== text) known = { text, targets: parseTargets(text, TARGETS ? 'TARGETS' : undefined) };
  return known.targets;
}

/** One target's coordinator on Cloudflare: its ledger is SQLite, its clock an alarm. */
export class TargetCoordinator extends DurableObject<Env> {
  readonly #ledger = sqliteLedger(this.ctx.storage);
  #coordinator: Coordinator | undefined;

  request(repo: string, request: AuditRequest, delay = 0): void {
    this.#of(repo).request(request, delay);
  }

  receiveWebhook(repo: string, delivery: string, request: AuditRequest | null, sender: string): boolean {
    return this.#of(repo).receiveWebhook(delivery, request, sender);
  }

  accept(repo: string, acceptance: Acceptance): boolean {
    return this.#of(repo).accept(acceptance);
  }

  receiveResults(repo: string, posted: Results, proof: Proof): Receipt {
    return this.#of(repo).receiveResults(posted, proof);
  }

  forgetResults(repo: string, runner?: string): void {
    this.#of(repo).forgetResults(runner);
  }

  progress(repo: string): Progress {
    return this.#of(repo).progress;
  }

  override async alarm(): Promise<void> {
    const repo = rowsOf(this.#ledger).get('repo');
    if (repo !== undefined) await this.#of(repo).run();
  }

  #of(repo: string): Coordinator {
    if (this.#coordinator) return this.#coordinator;
    rowsOf(this.#ledger).put('repo', repo);
    const { env, ctx } = this;
    const now = Date.now;
    const blobs = sqliteBlobCache(ctx.storage, now);
    const findTarget = () => readTargets(env).find((candidate) => candidate.repo === repo);
    this.#coordinator = new Coordinator({
      repo,
      ledger: this.#ledger,
      store: kvStore(env.AUDITS),
      get gates() {
        return withLayout(gates, findTarget()?.resilience);
      },
      defaultRegistry: parseDefaultRegistry(defaultRegistryText),
      engine: env.VERSION.id,
      now,
      chance: Math.random,
      wakeAt: (instant) => ctx.waitUntil(ctx.storage.setAlarm(instant)),
      persist: () => ctx.storage.sync(),
      openTarget: async () => {
        const target = findTarget();
        if (!target) throw new Error(`${repo} is no longer a target`);
        return openTarget(target, parseSettings({ ...env }), blobs, now);
      },
      log: (message, details) => console.log(JSON.stringify({ message, ...details })),
    });
    return this.#coordinator;
  }
}

function coordinatorOf(env: Env, repo: string) {
  return env.COORDINATORS.get(env.COORDINATORS.idFromName(repo.toLowerCase()));
}

let verifyAccess: VerifyAccess | undefined;

/** One for the isolate, since it keeps the team's keys. */
function accessVerifier({ ACCESS_TEAM_DOMAIN: domain, ACCESS_AUDIENCE: audience }: Settings): VerifyAccess | undefined {
  if (domain && audience) verifyAccess ??= createAccessVerifier({ domain, audience });
  return verifyAccess;
}

let verifyWorkflow: VerifyWorkflow | undefined;

/** One for the isolate; a token has to be asked for with this Worker's address as its audience. */
function workflowVerifier({ DASHBOARD_URL, ACTIONS_ISSUER }: Settings): VerifyWorkflow | undefined {
  if (DASHBOARD_URL) {
    const audience = new URL(DASHBOARD_URL).origin;
    verifyWorkflow ??= createWorkflowVerifier(ACTIONS_ISSUER ? { audience, issuer: ACTIONS_ISSUER } : { audience });
  }
  return verifyWorkflow;
}

const app = createApp<Env>((env) => {
  const settings = parseSettings({ ...env });
  return {
    targets: readTargets(env),
    store: kvStore(env.AUDITS),
    webhookSecret: settings.WEBHOOK_SECRET,
    dashboardToken: settings.DASHBOARD_TOKEN,
    verifyAccess: accessVerifier(settings),
    resultsSecret: settings.RESULTS_SECRET,
    verifyWorkflow: workflowVerifier(settings),
    githubWebUrl: settings.GITHUB_WEB_URL,
    now: Date.now,
    coordinator: (repo) => ({
      request: async (request) => coordinatorOf(env, repo).request(repo, request),
      receiveWebhook: async (delivery, request, sender) =>
        coordinatorOf(env, repo).receiveWebhook(repo, delivery, request, sender),
      accept: async (acceptance) => coordinatorOf(env, repo).accept(repo, acceptance),
      receiveResults: async (posted, proof) => coordinatorOf(env, repo).receiveResults(repo, posted, proof),
      forgetResults: async (runner) => coordinatorOf(env, repo).forgetResults(repo, runner),
      progress: async () => coordinatorOf(env, repo).progress(repo),
    }),
  };
});

export default {
  fetch: app.fetch,
  async scheduled({ scheduledTime }, env) {
    const targets = readTargets(env);
    const spread = BigInt(Math.max(SPREAD_MS, targets.length * SHARE_MS));
    const requests = targets.map(async ({ repo }) => {
      const delay = targets.length > 1 ? Number(BigInt(`0x${shortHash(repo)}`) % spread) : 0;
      await coordinatorOf(env, repo).request(repo, { trigger: 'cron', at: scheduledTime }, delay);
    });
    const results = await Promise.allSettled(requests);
    for (const result of results) if (result.status === 'rejected') console.error(result.reason);
  },
} satisfies ExportedHandler<Env>;
