import type { CheckRun } from '../core/check-runs.ts';
import { shortHash } from '../core/hash.ts';
import { SnapshotError } from '../core/snapshot.ts';
import type { UnreadChecks } from '../reported/check-gates.ts';
import { runsNamed } from '../reported/check-results.ts';
import type { OpenTarget } from './ports.ts';
import type { LastAudit, Pending } from './rows.ts';

/** What is known of a commit from elsewhere than its files: what CI and runners said, and who may read what. */
export interface Outside {
  /** With the checks that the repo names beside the target's. GitHub is asked once, and not at all where nobody names any. */
  state(declared: readonly string[]): Promise<OutsideState>;
}

export interface OutsideState {
  /** Checks of CI that count as gates. */
  readonly names: readonly string[];
  /** Their runs at this commit. */
  readonly runs: readonly CheckRun[] | UnreadChecks;
  /** Another one needs another audit. */
  readonly hash: string;
}

/** What is known now of a commit; `arrivedAt` is when something was last reported. `state` throws `SnapshotError` when GitHub does not answer. */
export function outsideOf(target: OpenTarget, sha: string, arrivedAt: number | undefined): Outside {
  const { checks } = target;
  let reading: Promise<readonly CheckRun[] | UnreadChecks> | undefined;
  return {
    async state(declared) {
      const names = [...new Set([...(checks?.names ?? []), ...declared])];
      if (names.length > 0 && checks) reading ??= orUnread(checks.runs.read(sha));
      const all = checks ? ((await reading) ?? []) : { unread: "CI's checks are not read here" };
      const runs = 'unread' in all ? all : [...new Set(names.flatMap((name) => runsNamed(name, all)))];
      return {
        names,
        runs,
        hash: shortHash(JSON.stringify([arrivedAt ?? null, target.resultsMaxAge, names, runs, visibilityOf(target)])),
      };
    },
  };
}

/** A permission that is missing is an answer, too: the checks are blind, and everything else is judged. */
async function orUnread(reading: Promise<readonly CheckRun[]>): Promise<readonly CheckRun[] | UnreadChecks> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof SnapshotError) || error.failure !== 'forbidden') throw error;
    return { unread: error.message };
  }
}

/** Who may read what: a report that quotes a sibling is not said again once fewer people may read that one. */
function visibilityOf({ isPrivate, siblings }: OpenTarget): unknown {
  return [isPrivate, Object.entries(siblings).map(([name, { found }]) => [name, found()?.isPrivate ?? null])];
}

/**
 * Whether a look in a while may tell more: a check runs, or has not begun at a commit that came since the last audit.
 * On those that never begin, a night gives up.
 */
export function isAwaited(
  { names, runs }: OutsideState,
  { sha, last, request }: { readonly sha: string; readonly last: LastAudit | undefined; readonly request: Pending },
): boolean {
  if ('unread' in runs) return false;
  if (runs.some(({ state }) => state === 'pending')) return true;
  const isNew = last?.report.sha !== sha || (last.isAwaiting === true && request.trigger !== 'cron');
  return isNew && names.some((name) => runsNamed(name, runs).length === 0);
}
