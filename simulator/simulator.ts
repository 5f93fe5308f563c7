/** The public face of the simulator: what a test may see and do. */
import type { App, Installation, NewApp, TokenOptions } from './auth.ts';
import type { Caps, Violation, World } from './call.ts';
import { type NewCheckRun, reportCheckRun } from './check-runs.ts';
import { type SimulatorClock, timestamp } from './clock.ts';
import type { Faults } from './faults.ts';
import { createHuman, type Human } from './humans.ts';
import type { CommentRecord, IssueRecord, LabelRecord, StateReason, StatusRecord } from './issue-store.ts';
import { labelNames } from './label-names.ts';
import type { Manifest } from './manifests.ts';
import { webhookProblems } from './openapi.ts';
import type { Permissions } from './permissions.ts';
import type { LimitSettings, RateLimits } from './rate-limits.ts';
import { fullName, type RepositoryOptions, type SimulatedRepository } from './repositories.ts';
import type { RequestRecord } from './request-log.ts';
import { issuesPayload, type PushOptions, pingPayload, pushPayload } from './webhook-payloads.ts';
import { sendWebhook, type WebhookDelivery, type WebhookOptions } from './webhooks.ts';

export interface GitHubSimulatorOptions {
  /** The first one is the default wherever a repository may be named. */
  repositories: RepositoryOptions[];
  /** Default: one token, `simulator.token`, of the user `lanekeeper-bot` with all permissions we use. */
  tokens?: TokenOptions[];
  /** Where the clock stands; without it the clock follows the system's. */
  now?: string | Date;
  /** Whether an App's JWT is checked against the simulated clock or the system's. Default: simulated. */
  jwtClock?: 'simulated' | 'system';
  limits?: Partial<LimitSettings>;
  caps?: Partial<Caps>;
  /** Default: any free port of the loopback interface. */
  port?: number;
}

/** An issue, flattened for assertions. */
export interface IssueView {
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  stateReason: StateReason | null;
  labels: string[];
  author: string;
  closedBy: string | null;
  closedAt: string | null;
  createdAt: string;
  updatedAt: string;
  locked: boolean;
  pinned: boolean;
  isPullRequest: boolean;
  comments: string[];
}

export interface InstalledApp extends NewApp {
  installation: Installation;
  /** Whom its issues are by: `<slug>[bot]`. */
  login: string;
}

export interface GitHubSimulator {
  /** Stands for `https://api.github.com`; GraphQL is at `/graphql`. */
  readonly url: string;
  /** A personal token that may do everything we need. */
  readonly token: string;
  readonly clock: SimulatorClock;
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly caps: Caps;
  readonly requests: readonly RequestRecord[];
  /** Where a request or an answer broke GitHub's description. Must stay empty. */
  readonly violations: Violation[];
  maxConcurrency(): number;
  /** A repository's state, by `owner/name`; without a name the first one's. */
  repository(name?: string): SimulatedRepository;
  issues(repository?: string): IssueView[];
  issue(number: number, repository?: string): IssueView;
  comments(number: number, repository?: string): readonly CommentRecord[];
  labels(repository?: string): LabelRecord[];
  statuses(sha?: string, repository?: string): StatusRecord[];
  /** CI reports a check run of a commit; `conclusion: null` while it runs. A later one of the same name replaces it, as a re-run does. */
  reportCheckRun(run: NewCheckRun, repository?: string): void;
  actAs(login: string, repository?: string): Human;
  renameRepository(newName: string, repository?: string): void;
  addToken(token: TokenOptions): void;
  revokeToken(token: string): void;
  /** An App installed on all repositories, or on those named. */
  installApp(slug: string, permissions?: Permissions, repositories?: string[]): InstalledApp;
  /** An installation token without the way there. */
  mintToken(app: InstalledApp): { token: string; expiresAt: string };
  /** What happens when an owner confirms an App manifest: a one-time code. */
  confirmManifest(manifest: Manifest): string;
  install(app: App, repositories?: string[]): Installation;
  sendWebhook(
    targetUrl: string,
    event: string,
    payload: unknown,
    secret: string,
    options?: WebhookOptions,
  ): Promise<WebhookDelivery>;
  /** Null stands for a branch that is created or deleted. */
  pushPayload(
    before: string | null,
    after: string | null,
    options?: PushOptions & { repository?: string },
  ): Promise<Record<string, unknown>>;
  pingPayload(targetUrl: string, repository?: string): Record<string, unknown>;
  issuesPayload(action: string, issue: number, sender: string, repository?: string): Record<string, unknown>;
  close(): Promise<void>;
}

function view(repository: SimulatedRepository, issue: IssueRecord): IssueView {
  const { number, title, state, stateReason, locked, pinned, isPullRequest } = issue;
  const comments = repository.issues.comments.filter((comment) => comment.issue === number);
  return {
    number,
    title,
    body: issue.body ?? '',
    state,
    stateReason,
    labels: labelNames(repository, issue),
    author: issue.author.person.login,
    closedBy: issue.closedBy?.login ?? null,
    closedAt: issue.closedAt,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    locked,
    pinned,
    isPullRequest,
    comments: comments.map(({ body }) => body),
  };
}

/** Wraps the world behind the server in the interface that tests use. */
export function createFace(world: World, token: string, close: () => Promise<void>): GitHubSimulator {
  function repository(name?: string): SimulatedRepository {
    const found = world.repositories.find((each) => name === undefined || fullName(each) === name);
    if (found === undefined) throw new Error(`no repository ${name}`);
    return found;
  }

  function install(app: App, names?: string[]): Installation {
    const ids = names === undefined ? 'all' : new Set(names.map((name) => repository(name).id));
    return world.authority.install(app, ids);
  }

  function judged(event: string, payload: Record<string, unknown>): Record<string, unknown> {
    for (const problem of webhookProblems(event, JSON.parse(JSON.stringify(payload)))) {
      world.violations.push({ where: 'webhook', operation: event, problem });
    }
    return payload;
  }

  return {
    url: world.url,
    token,
    clock: world.clock,
    faults: world.faults,
    limits: world.limits,
    caps: world.caps,
    requests: world.requests,
    violations: world.violations,
    maxConcurrency: () => world.maxInFlight,
    repository,
    issues: (name) =>
      repository(name)
        .issues.list()
        .map((issue) => view(repository(name), issue)),
    issue(number, name) {
      const issue = repository(name).issues.get(number);
      if (issue === undefined) throw new Error(`no issue ${number}`);
      return view(repository(name), issue);
    },
    comments: (number, name) => repository(name).issues.comments.filter(({ issue }) => issue === number),
    labels: (name) => [...repository(name).issues.labels.values()],
    statuses: (sha, name) =>
      repository(name).issues.statuses.filter((status) => sha === undefined || status.sha === sha),
    reportCheckRun: (run, name) => reportCheckRun(repository(name), run, timestamp(world.clock.now())),
    actAs: (login, name) => createHuman(world, repository(name), world.people.get(login)),
    renameRepository(newName, name) {
      const renamed = repository(name);
      renamed.formerNames.push(renamed.name);
      renamed.name = newName;
    },
    addToken: (options) => world.authority.addToken(options),
    revokeToken: (revoked) => world.authority.revoke(revoked),
    installApp(slug, permissions, names) {
      const created = world.authority.createApp(slug, repository().owner, permissions);
      return { ...created, installation: install(created.app, names), login: `${slug}[bot]` };
    },
    mintToken: ({ app, installation }) =>
      world.authority.mint(app, installation.permissions, installation.repositories),
    confirmManifest: (manifest) => world.manifests.issue(manifest),
    install,
    sendWebhook: (target, event, payload, secret, options) => sendWebhook(target, event, payload, secret, options),
    async pushPayload(before, after, { repository: name, ...options } = {}) {
      return judged('push', await pushPayload(world, repository(name), before, after, options));
    },
    pingPayload: (target, name) => judged('ping', pingPayload(world, repository(name), target)),
    issuesPayload(action, number, sender, name) {
      const issue = repository(name).issues.get(number);
      if (issue === undefined) throw new Error(`no issue ${number}`);
      const person = world.people.get(sender);
      return judged('issues', issuesPayload(world, repository(name), action, issue, person));
    },
    close,
  };
}
