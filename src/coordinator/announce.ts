import type { Ledger } from '../core/ledger.ts';
import type { StatusBoard } from '../core/status.ts';
import type { StoredAudit } from '../core/store.ts';
import { commitStatusOf } from '../formats/commit-status.ts';

/** Puts the audit's mark beside its commit, unless it is there already. Gives a sentence when that failed, else null. */
export async function announce(audit: StoredAudit, board: StatusBoard, ledger: Ledger): Promise<string | null> {
  const status = commitStatusOf(audit);
  if (!status || JSON.stringify(ledger.get('status')) === JSON.stringify(status)) return null;
  const trouble = await board.post(status);
  if (trouble === null) ledger.put('status', status);
  return trouble;
}
