import { MINUTE } from '../core/durations.ts';
import type { Ledger } from '../core/ledger.ts';
import { SnapshotError } from '../core/snapshot.ts';

/** For so long an older head is taken for an answer of yesterday; after that somebody moved the branch back. */
const PATIENCE = 10 * MINUTE;
const REMEMBERED = 50;

interface Heads {
  readonly sha: string;
  /** Heads before it, newest first. */
  readonly earlier: readonly string[];
  /** An earlier head that GitHub names again, and since when. */
  readonly again?: { readonly sha: string; readonly since: number };
}

/**
 * Orders commits by when we saw them at the branch's head: an older commit's report never replaces a newer one's.
 * Throws `SnapshotError` while GitHub names a head that was followed by another one.
 */
export function noteHead(ledger: Ledger, sha: string, now: number): void {
  const before = ledger.get('head') as Heads | undefined;
  if (before?.sha === sha) {
    if (before.again) ledger.put('head', { sha, earlier: before.earlier });
    return;
  }
  const earlier = before ? [before.sha, ...before.earlier.filter((each) => each !== sha)].slice(0, REMEMBERED) : [];
  if (!before?.earlier.includes(sha)) {
    ledger.put('head', { sha, earlier });
    return;
  }
  const since = before.again?.sha === sha ? before.again.since : now;
  if (now - since >= PATIENCE) {
    ledger.put('head', { sha, earlier });
    return;
  }
  ledger.put('head', { ...before, again: { sha, since } });
  const message = `GitHub names ${sha.slice(0, 10)} as the branch's head, which ${before.sha.slice(0, 10)} had followed; if that is so in ${PATIENCE / MINUTE} minutes, it is audited`;
  throw new SnapshotError('transport', message, { retryAt: since + PATIENCE });
}

/** The newest commit seen at the branch's head. */
export function latestHead(ledger: Ledger): string | null {
  return (ledger.get('head') as Heads | undefined)?.sha ?? null;
}
