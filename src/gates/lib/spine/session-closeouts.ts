import type { Repo } from '../../../core/repo.ts';

/** Every run of a capability, one row each. */
export const LEDGER = 'mailroom/state/ledger.csv';
const RECEIPTS = 'receipts/sessions/RCAP-*__agent.session.closeout__*/receipt.md';

/** When the last session was closed out, as it is written down; empty where nobody wrote it. The last row of the ledger counts, not the newest; a row without a line break at its end is not there yet. */
export function lastCloseout(repo: Repo): string {
  const rows = repo.text(LEDGER).split('\n').slice(1, -1);
  const closed = rows
    .map((row) => row.split(','))
    .filter(([, , , end, status, name]) => name === 'agent.session.closeout' && status === 'done' && end);
  return closed.at(-1)?.[3] ?? lastReceipt(repo);
}

function lastReceipt(repo: Repo): string {
  const path = repo.glob(RECEIPTS).at(-1);
  if (path === undefined) return '';
  const column = (word: string) =>
    repo
      .lines(path)
      .filter(({ text }) => text.includes(word))
      .map(({ text }) => text.split('|')[2]?.trim() ?? '');
  return column('| End |').find((value) => value !== '') ?? column('| Generated |').at(-1) ?? '';
}
