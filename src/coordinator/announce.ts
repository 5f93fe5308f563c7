import type { CommitStatus, StatusBoard } from '../core/status.ts';
import type { StoredAudit } from '../core/store.ts';
import { commitStatusOf } from '../formats/commit-status.ts';
import type { Rows } from './rows.ts';

/** Puts the audit's mark beside its commit, unless it is there already. Gives a sentence when that failed, else null. */
export async function announce(audit: StoredAudit, board: StatusBoard, rows: Rows): Promise<string | null> {
  const status = commitStatusOf(audit);
  if (!status || isThere(status, rows)) return null;
  const trouble = await board.post(status);
  if (trouble === null) rows.put('status', status);
  return trouble;
}

function isThere({ sha, state, description }: CommitStatus, rows: Rows): boolean {
  const before = rows.get('status');
  return before?.sha === sha && before.state === state && before.description === description;
}
