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
export function asInboxError(error: GitHubError, issue?: number): InboxError {
  const isArchived = /archived/i.test(error.message);
  const failure = isArchived ? 'archived' : (FAILURES[error.failure] ?? 'invalid');
  const remedy = issue === undefined ? REMEDIES[failure] : remedyFor(issue, failure);
  return new InboxError(failure, `${remedy} (${error.message})`, { cause: error, retryAt: error.retryAt });
}

/** What concerns one issue alone names it. */
function remedyFor(issue: number, failure: InboxFailure): string {
  if (failure === 'forbidden')
    return `#${issue}: GitHub does not let us write to it. It may be locked, or our credentials lack issues: write`;
  if (failure === 'not-found') return `#${issue}: GitHub does not show it to us. It may have become a discussion`;
  return failure === 'invalid' || failure === 'transport' ? `#${issue}: ${REMEDIES[failure]}` : REMEDIES[failure];
}

/** Gives every failure of GitHub as an `InboxError`; `issue` is the one that the work is about, if it is about one. */
export async function orInboxError<T>(work: () => Promise<T>, issue?: number): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GitHubError) throw asInboxError(error, issue);
    throw error;
  }
}
