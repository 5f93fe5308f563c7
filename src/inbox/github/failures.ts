import { GitHubError, type GitHubFailure } from '../../github/error.ts';
import { InboxError, type InboxFailure } from '../port.ts';

const FAILURES: Readonly<Partial<Record<GitHubFailure, InboxFailure>>> = {
  unauthorized: 'unauthorized',
  forbidden: 'forbidden',
  'rate-limited': 'rate-limited',
  'not-found': 'not-found',
  moved: 'not-found',
  gone: 'disabled',
  empty: 'invalid',
  transport: 'transport',
};

const REMEDIES: Readonly<Record<InboxFailure, string>> = {
  unauthorized: 'GitHub refuses our credentials: renew the token or the app key',
  forbidden: 'Our credentials may not write issues: grant issues: write',
  disabled: 'Issues are switched off in this repository: switch them on, or set `inbox: dry-run`',
  archived: 'This repository is archived, so nothing can be written',
  'rate-limited': 'GitHub limits us; the rest waits until it allows more',
  'not-found': 'GitHub does not show this: check that the credentials reach the repository',
  invalid: 'GitHub did not accept it',
  transport: 'GitHub did not answer properly',
};

/** Permission, disabled, archived and limits are told apart: each has another remedy. */
export function asInboxError(error: GitHubError): InboxError {
  const isArchived = /archived/i.test(error.message);
  const failure = isArchived ? 'archived' : (FAILURES[error.failure] ?? 'invalid');
  return new InboxError(failure, `${REMEDIES[failure]} (${error.message})`, { cause: error, retryAt: error.retryAt });
}

export async function orInboxError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GitHubError) throw asInboxError(error);
    throw error;
  }
}
