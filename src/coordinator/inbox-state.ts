import { EMPTY_INBOX, type InboxState } from '../inbox/state.ts';
import type { Rows } from './rows.ts';

/** What is remembered of the issues; nothing before day one. */
export function inboxState(rows: Rows): InboxState {
  return rows.get('inbox') ?? EMPTY_INBOX;
}
