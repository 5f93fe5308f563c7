import { MINUTE, SECOND } from '../core/durations.ts';
import type { AuditRequest, Pending, Rows } from './rows.ts';

/** Pauses before GitHub is asked again for a head that a push has named: its replicas follow within seconds, and now and then within minutes. */
const LOOKUPS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE];
/** After that many the audit takes what GitHub answers. */
export const MAX_LOOKUPS = LOOKUPS.length;
/** Pauses before CI's checks of a commit are looked at again. */
const CHECK_LOOKS = [2, 5, 10, 20, 40, 60, 60, 120].map((minutes) => minutes * MINUTE);
/** Hints (issues were touched, a push that leads to what was audited last) cost one audit in this time, however many come. */
const HINT_PAUSE = MINUTE;
/** Tries in a row that fail; after that the next cron, push or request begins anew. */
const MAX_ATTEMPTS = 10;
const LONGEST_PAUSE = 60 * MINUTE;
/** A whole fleet fails in the same second, and would come back in the same one: each target adds up to a fifth of its wait, at most five minutes. */
const SPREAD = 1 / 5;
const LONGEST_SPREAD = 5 * MINUTE;
/** Paths of pushes that wait; with more of them nobody reads which lanes they touched. */
const MOST_PATHS = 10_000;

/** How an audit ended, as far as the next try is concerned. */
export interface Ending {
  /** When to try what is left (ms since the epoch); null when nothing is. */
  readonly retryAt: number | null;
  /** GitHub asks for silence until then. */
  readonly notBefore: number | null;
  /** Makes the pauses grow. */
  readonly hasFailed: boolean;
  /** GitHub's head is older than the push said: it is asked again soon. */
  readonly isBehind?: boolean;
  /** Scripts are left to be run: the audit with this clock goes on at once. */
  readonly begun?: number;
  /** Checks of CI have not ended: they are looked at again in a while. */
  readonly isAwaiting?: boolean;
}

/** Notes a request beside those that wait, and gives when it may run (ms since the epoch). */
export function enqueue(rows: Rows, request: AuditRequest, now: number): number {
  const waiting = rows.get('pending');
  const isHint = isMereHint(rows, request);
  const paused = isHint ? (rows.get('endedAt') ?? 0) + HINT_PAUSE : 0;
  const given = paused > now ? { ...request, notBefore: Math.max(request.notBefore ?? 0, paused) } : request;
  const none = { requests: waiting?.requests ?? 0, news: waiting?.news ?? 0, attempt: 0, lookups: 0 };
  // Whatever comes looks at CI's checks, too.
  const isLook = waiting?.trigger === 'checks';
  const { requests, news = 0, ...merged } = waiting && !isLook ? merge(waiting, given, isHint) : { ...given, ...none };
  const pending = { ...merged, requests: requests + 1, news: isHint ? news : news + 1 };
  rows.put('pending', pending);
  return Math.max(pending.notBefore ?? 0, now);
}

/** That somebody touched an issue, or a push to the commit that was audited last, says little: anybody can say it often. */
function isMereHint(rows: Rows, { trigger, after }: AuditRequest): boolean {
  if (trigger === 'push' && after !== undefined) return rows.get('summary')?.sha === after;
  return trigger === 'issues';
}

/**
 * One audit serves both: the later clock, all that was pushed, and the trigger that says more. It runs when the earlier of the two may,
 * save that a mere hint does not shorten the pause after a failure; tries stay counted.
 */
function merge(waiting: Pending, request: AuditRequest, isHint: boolean): Pending {
  const { trigger } = isHint && waiting.trigger !== 'retry' ? waiting : request;
  const paths = mergePaths(waiting, request);
  const after = request.after ?? waiting.after;
  const siblingsAfter =
    waiting.siblingsAfter || request.siblingsAfter ? { ...waiting.siblingsAfter, ...request.siblingsAfter } : undefined;
  const notBefore = isHint ? waiting.notBefore : earlier(waiting.notBefore, request.notBefore);
  return {
    trigger,
    at: Math.max(waiting.at, request.at),
    requests: waiting.requests,
    news: waiting.news ?? 0,
    attempt: waiting.attempt,
    lookups: request.after === undefined && request.siblingsAfter === undefined ? waiting.lookups : 0,
    ...(waiting.force || request.force ? { force: true } : {}),
    ...(paths === undefined ? {} : { changedPaths: paths }),
    ...(after === undefined ? {} : { after }),
    ...(siblingsAfter === undefined ? {} : { siblingsAfter }),
    ...(notBefore === undefined ? {} : { notBefore }),
  };
}

function mergePaths(one: AuditRequest, other: AuditRequest): AuditRequest['changedPaths'] {
  if (one.changedPaths === null || other.changedPaths === null) return null;
  if (one.changedPaths === undefined && other.changedPaths === undefined) return undefined;
  const paths = new Set([...(one.changedPaths ?? []), ...(other.changedPaths ?? [])]);
  return paths.size > MOST_PATHS ? null : [...paths];
}

/** The earlier of two instants, of which an absent one means at once. */
function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.min(one, other);
}

/** Ends a request: it is done with, unless another came meanwhile; what is left is tried again. `chance` (0 to 1) spreads tries of a fleet. Gives when to wake up, or null. */
export function finish(rows: Rows, done: Pending, ending: Ending, now: number, chance = 0): number | null {
  if (ending.notBefore === null) rows.delete('notBefore');
  else rows.put('notBefore', ending.notBefore);
  rows.put('endedAt', now);
  const waiting = rows.get('pending');
  if (waiting && waiting.requests !== done.requests) {
    const attempt = waiting.attempt + (ending.hasFailed ? 1 : 0);
    // Hints that came during the audit wait like those that come after it.
    const isHint = waiting.news === done.news;
    const paused = { ...waiting, attempt, notBefore: now + HINT_PAUSE };
    // What is not whole yet goes on with what came meanwhile; its clock is of no use then.
    const { begun: _, ...anew } = waiting;
    const next = isHint ? (nextTry(waiting, ending, now, chance) ?? paused) : { ...anew, attempt };
    rows.put('pending', next);
    return Math.max(next.notBefore ?? 0, ending.notBefore ?? 0, now);
  }
  const next = nextTry(done, ending, now, chance);
  if (next) rows.put('pending', next);
  else rows.delete('pending');
  return next?.notBefore ?? null;
}

function nextTry(given: Pending, ending: Ending, now: number, chance: number): Pending | null {
  if (ending.begun !== undefined) return { ...given, begun: ending.begun, notBefore: now };
  const { retryAt, hasFailed, isBehind, isAwaiting } = ending;
  const { begun: _, ...done } = given;
  if (isBehind) {
    const pause = LOOKUPS[done.lookups];
    return pause === undefined ? null : { ...done, lookups: done.lookups + 1, notBefore: now + pause };
  }
  if (isAwaiting && retryAt === null && !hasFailed) {
    const pause = CHECK_LOOKS[done.attempt];
    const { at, requests, news = 0, attempt } = done;
    const look = { trigger: 'checks' as const, at, requests, news, attempt: attempt + 1, lookups: 0 };
    return pause === undefined ? null : { ...look, notBefore: now + pause };
  }
  const attempt = done.attempt + (hasFailed ? 1 : 0);
  if (retryAt === null || attempt > MAX_ATTEMPTS) return null;
  const pause = hasFailed ? Math.min(2 ** attempt * MINUTE, LONGEST_PAUSE) : 0;
  const due = Math.max(retryAt, now + pause);
  // Writes that only wait for their turn are nobody's failure, and keep their pace.
  const spread = hasFailed ? chance * Math.min((due - now) * SPREAD, LONGEST_SPREAD) : 0;
  return { ...done, trigger: 'retry', attempt, notBefore: Math.round(due + spread) };
}

/** Findings that a person declares known. */
export interface Acceptance {
  /** Number or name; every gate when absent. */
  readonly gate?: string;
  readonly by: string;
  readonly reason: string;
}
