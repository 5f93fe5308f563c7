import { MINUTE } from '../core/durations.ts';
import { SnapshotError } from '../core/snapshot.ts';
import type { Rows } from './rows.ts';

/** For so long an older head is taken for an answer of yesterday; after that somebody moved the branch back. */
const PATIENCE = 10 * MINUTE;
const REMEMBERED = 50;

/**
 * Orders commits by when we saw them at the branch's head: an older commit's report never replaces a newer one's.
 * Throws `SnapshotError` while GitHub names a head that was followed by another one, unless a push has announced it.
 */
export function noteHead(rows: Rows, sha: string, now: number, isAnnounced = false): void {
  const before = rows.get('head');
  if (before?.sha === sha) {
    if (before.again) rows.put('head', { sha, earlier: before.earlier });
    return;
  }
  const earlier = before ? [before.sha, ...before.earlier.filter((each) => each !== sha)].slice(0, REMEMBERED) : [];
  if (isAnnounced || !before?.earlier.includes(sha)) {
    rows.put('head', { sha, earlier });
    return;
  }
  const since = before.again?.sha === sha ? before.again.since : now;
  if (now - since >= PATIENCE) {
    rows.put('head', { sha, earlier });
    return;
  }
  rows.put('head', { ...before, again: { sha, since } });
  const message = `GitHub reports the older commit ${sha.slice(0, 10)} as head of the branch, after ${before.sha.slice(0, 10)}. Waiting ${PATIENCE / MINUTE} minutes in case the answer is stale.`;
  throw new SnapshotError('transport', message, { retryAt: since + PATIENCE });
}

/** Whether we have seen a commit at the branch's head, now or before. */
export function hasBeenHead(rows: Rows, sha: string): boolean {
  const heads = rows.get('head');
  return heads !== undefined && (heads.sha === sha || heads.earlier.includes(sha));
}

/** The newest commit seen at the branch's head. */
export function latestHead(rows: Rows): string | null {
  return rows.get('head')?.sha ?? null;
}
