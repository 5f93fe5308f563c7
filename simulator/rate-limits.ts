/** GitHub's primary and secondary limits, counted on the simulated clock. */
import type { Caller } from './auth.ts';
import type { SimulatorClock } from './clock.ts';
import { type GitHubError, primaryLimit, secondaryLimit } from './errors.ts';

export type Resource = 'core' | 'graphql';

export interface LimitSettings {
  /** Requests (or GraphQL points) an hour, for a token. */
  primary: number;
  anonymous: number;
  /** Points a minute: a read costs 1, a write 5. */
  restPointsPerMinute: number;
  graphqlPointsPerMinute: number;
  /** Issues and comments created. */
  contentPerMinute: number;
  contentPerHour: number;
  concurrent: number;
}

export interface Charge {
  resource: Resource;
  cost: number;
  points: number;
  createsContent: boolean;
}

export interface Bucket {
  limit: number;
  used: number;
  resetAt: number;
}

export interface RateLimits {
  /** May be changed at any time by a test. */
  readonly settings: LimitSettings;
  bucket(caller: Caller, resource: Resource): Bucket;
  /** Counts a request, or says why GitHub refuses it. */
  charge(caller: Caller, charge: Charge): GitHubError | null;
  /** Takes back the cost of a request answered with 304. */
  refund(caller: Caller, resource: Resource): void;
  headers(caller: Caller, resource: Resource): Record<string, string>;
  /** Forgets everything that was counted. */
  reset(): void;
}

const minute = 60_000;
const hour = 60 * minute;

interface Spending {
  at: number;
  points: number;
  content: number;
}

/** GitHub's documented limits unless told otherwise. */
export function createRateLimits(clock: SimulatorClock, settings: Partial<LimitSettings>): RateLimits {
  const all: LimitSettings = {
    primary: 5000,
    anonymous: 60,
    restPointsPerMinute: 900,
    graphqlPointsPerMinute: 2000,
    contentPerMinute: 80,
    contentPerHour: 500,
    concurrent: 100,
    ...settings,
  };
  const buckets = new Map<string, Bucket>();
  const spendings = new Map<string, Spending[]>();

  function bucket(caller: Caller, resource: Resource): Bucket {
    const key = `${caller.account} ${resource}`;
    const now = clock.now().getTime();
    let found = buckets.get(key);
    if (found === undefined || found.resetAt <= now) {
      found = { limit: 0, used: 0, resetAt: now + hour };
      buckets.set(key, found);
    }
    found.limit = caller.kind === 'anonymous' ? all.anonymous : all.primary;
    return found;
  }

  function spent(key: string, window: number, what: 'points' | 'content'): number {
    const since = clock.now().getTime() - window;
    let sum = 0;
    for (const each of spendings.get(key) ?? []) if (each.at > since) sum += each[what];
    return sum;
  }

  function secondary(caller: Caller, charge: Charge): GitHubError | null {
    const key = `${caller.account} ${charge.resource}`;
    const isRest = charge.resource === 'core';
    const perMinute = isRest ? all.restPointsPerMinute : all.graphqlPointsPerMinute;
    if (spent(key, minute, 'points') + charge.points > perMinute) return secondaryLimit(60);
    if (!charge.createsContent) return null;
    if (spent(key, minute, 'content') >= all.contentPerMinute) return secondaryLimit(60);
    return spent(key, hour, 'content') >= all.contentPerHour ? secondaryLimit(null) : null;
  }

  return {
    settings: all,
    bucket,
    charge(caller, charge) {
      const primary = bucket(caller, charge.resource);
      if (charge.cost > 0 && primary.used >= primary.limit) return primaryLimit();
      const refused = secondary(caller, charge);
      if (refused !== null) return refused;
      primary.used += charge.cost;
      const key = `${caller.account} ${charge.resource}`;
      const list = spendings.get(key) ?? [];
      list.push({
        at: clock.now().getTime(),
        points: charge.points,
        content: charge.createsContent ? 1 : 0,
      });
      spendings.set(key, list);
      return null;
    },
    refund(caller, resource) {
      const found = bucket(caller, resource);
      found.used = Math.max(0, found.used - 1);
    },
    headers(caller, resource) {
      const { limit, used, resetAt } = bucket(caller, resource);
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - used)),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String(Math.ceil(resetAt / 1000)),
        'x-ratelimit-resource': resource,
      };
    },
    reset() {
      buckets.clear();
      spendings.clear();
    },
  };
}
