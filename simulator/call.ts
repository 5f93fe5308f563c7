/** One request on its way through the simulator, and what a handler answers. */
import type { Authority, Caller } from './auth.ts';
import type { SimulatorClock } from './clock.ts';
import { timestamp } from './clock.ts';
import { GitHubError, notFound } from './errors.ts';
import type { Faults } from './faults.ts';
import type { ManifestCodes } from './manifests.ts';
import type { Directory } from './people.ts';
import type { RateLimits } from './rate-limits.ts';
import type { SimulatedRepository } from './repositories.ts';
import type { RequestRecord } from './request-log.ts';

export interface Violation {
  where: 'request' | 'response' | 'webhook' | 'graphql';
  operation: string;
  problem: string;
}

/** Documented caps that a test may lower to see what happens beyond them. */
export interface Caps {
  treeEntries: number;
  treeBytes: number;
  blobTextBytes: number;
  compareCommits: number;
  compareFiles: number;
  commitFilesPerPage: number;
  bodyBytes: number;
  pinnedIssues: number;
}

/** Everything the simulator knows; handlers share it. */
export interface World {
  url: string;
  readonly clock: SimulatorClock;
  readonly people: Directory;
  readonly authority: Authority;
  readonly manifests: ManifestCodes;
  readonly limits: RateLimits;
  readonly faults: Faults;
  readonly caps: Caps;
  readonly repositories: SimulatedRepository[];
  readonly violations: Violation[];
  readonly requests: RequestRecord[];
  /** Requests being answered right now, and the most there ever were at once. */
  inFlight: number;
  maxInFlight: number;
}

/** How a fault bends an answer that is otherwise real. */
export interface Distortion {
  emptyList?: boolean;
  partial?: boolean;
  writesBehind?: number;
  commitsBehind?: number;
  /** Which repository's branches are behind; undefined for all. */
  repository?: string | undefined;
}

export interface Call {
  readonly world: World;
  readonly operation: string;
  readonly method: string;
  readonly url: URL;
  readonly params: Record<string, string>;
  readonly query: Record<string, string>;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
  readonly caller: Caller;
  readonly repository: SimulatedRepository | undefined;
  readonly distortion: Distortion;
}

export interface Answer {
  status: number;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as is, instead of JSON. */
  raw?: { content: Buffer | string; type: string };
  /** A strong ETag that does not depend on the token. */
  etag?: string;
  headers?: Record<string, string>;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

export function repositoryOf(call: Call): SimulatedRepository {
  if (call.repository === undefined) throw notFound();
  return call.repository;
}

export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new GitHubError(404, 'Not Found');
  return value;
}

export function nowOf(call: Call): string {
  return timestamp(call.world.clock.now());
}

/** A string of the request body, or undefined; numbers are taken as GitHub takes them. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** The media type asked for with `Accept`, such as `sha` or `raw`. */
export function acceptedMedia(call: Call): string | undefined {
  const accept = call.headers.get('accept') ?? '';
  return /application\/vnd\.github\.(?:v3\.)?(sha|raw|diff|patch|object|html)\b/.exec(accept)?.[1];
}
