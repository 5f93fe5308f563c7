import { DurableObject } from 'cloudflare:workers';
import defaultRegistryText from '../bindings/default-registry.yaml';
import bundledTargets from '../bindings/targets.yaml';
import { parseDefaultRegistry } from './audit/registry/defaults.ts';
import { parseSettings, type Settings } from './config/settings.ts';
import { parseTargets, type Target } from './config/targets.ts';
import { type Acceptance, Coordinator, type Poke, type Progress } from './coordinator/coordinator.ts';
import { shortHash } from './core/hash.ts';
import { gates } from './gates/index.ts';
import { withLayout } from './gates/lib/resilience/gate.ts';
import { openTarget } from './open-target.ts';
import { kvStore } from './store/kv.ts';
import { sqliteBlobCache, sqliteLedger } from './store/sqlite.ts';
import { createApp } from './web/app.ts';
import { createAccessVerifier, type VerifyAccess } from './web/middleware/cloudflare-access.ts';

/** Audits of different targets start this far apart at most: their coordinators may share one isolate's memory. */
const STAGGER_MS = 20_000;

/** `TARGETS` replaces the bundled file, for local runs. */
function readTargets(env: Env): readonly Target[] {
  const { TARGETS } = env as Env & { TARGETS?: string };
  return parseTargets(TARGETS || bundledTargets, TARGETS ? 'TARGETS' : undefined);
}

/** One target's coordinator on Cloudflare: its ledger is SQLite, its clock an alarm. */
export class TargetCoordinator extends DurableObject<Env> {
  readonly #ledger = sqliteLedger(this.ctx.storage);
  #coordinator: Coordinator | undefined;

  poke(repo: string, poke: Poke, delay = 0): void {
    this.#of(repo).poke(poke, delay);
  }

  deliver(repo: string, delivery: string, poke: Poke | null, sender: string): boolean {
    return this.#of(repo).deliver(delivery, poke, sender);
  }

  accept(repo: string, acceptance: Acceptance): boolean {
    return this.#of(repo).accept(acceptance);
  }

  progress(repo: string): Progress {
    return this.#of(repo).progress;
  }

  override async alarm(): Promise<void> {
    const repo = this.#ledger.get('repo');
    if (typeof repo === 'string') await this.#of(repo).run();
  }

  #of(repo: string): Coordinator {
    if (this.#coordinator) return this.#coordinator;
    this.#ledger.put('repo', repo);
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
      wakeAt: (instant) => ctx.waitUntil(ctx.storage.setAlarm(instant)),
      access: async () => {
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

const app = createApp<Env>((env) => {
  const settings = parseSettings({ ...env });
  return {
    targets: readTargets(env),
    store: kvStore(env.AUDITS),
    webhookSecret: settings.WEBHOOK_SECRET,
    dashboardToken: settings.DASHBOARD_TOKEN,
    verifyAccess: accessVerifier(settings),
    githubWebUrl: settings.GITHUB_WEB_URL,
    now: Date.now,
    coordinator: (repo) => ({
      poke: async (poke) => coordinatorOf(env, repo).poke(repo, poke),
      deliver: async (delivery, poke, sender) => coordinatorOf(env, repo).deliver(repo, delivery, poke, sender),
      accept: async (acceptance) => coordinatorOf(env, repo).accept(repo, acceptance),
      progress: async () => coordinatorOf(env, repo).progress(repo),
    }),
  };
});

export default {
  fetch: app.fetch,
  async scheduled({ scheduledTime }, env) {
    const targets = readTargets(env);
    const pokes = targets.map(async ({ repo }) => {
      const delay = targets.length > 1 ? Number(BigInt(`0x${shortHash(repo)}`) % BigInt(STAGGER_MS)) : 0;
      await coordinatorOf(env, repo).poke(repo, { trigger: 'cron', at: scheduledTime }, delay);
    });
    const results = await Promise.allSettled(pokes);
    for (const result of results) if (result.status === 'rejected') console.error(result.reason);
  },
} satisfies ExportedHandler<Env>;
