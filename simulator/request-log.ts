/** What was asked of GitHub, counted the way the auditor's budget counts it. */
import type { FaultKind } from './faults.ts';
import type { SimulatedRepository } from './repositories.ts';

/** `content` is the target's; `token` is minting; `inbox` is issues, labels, comments and pins. */
export type Category = 'content' | 'sibling' | 'inbox' | 'status' | 'token' | 'account' | 'unknown';

export interface RequestRecord {
  /** From 1. */
  number: number;
  /** Milliseconds since the epoch, by the simulated clock. */
  at: number;
  method: string;
  /** With the query string. */
  path: string;
  /** An operation id of GitHub's description, `graphql`, or `unknown`. */
  operation: string;
  category: Category;
  /** `owner/name`; of GraphQL the first one it touched. */
  repository: string | null;
  requestBody: unknown;
  /** 0 until answered, and when no answer was sent. */
  status: number;
  /** Of the answer's body as sent, after compression. */
  bytes: number;
  fault: FaultKind | null;
}

/** Files a request under what it was for. */
export function categoryOf(operation: string, repository: SimulatedRepository | undefined): Category {
  if (operation === 'unknown') return 'unknown';
  if (operation.startsWith('apps/')) return 'token';
  if (operation.startsWith('users/') || operation.startsWith('rate-limit/')) return 'account';
  if (operation.startsWith('issues/')) return 'inbox';
  if (/status/.test(operation)) return 'status';
  return repository?.sibling === true ? 'sibling' : 'content';
}
