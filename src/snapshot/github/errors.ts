import { SnapshotError } from '../../core/snapshot.ts';
import { GitHubError } from '../../github/error.ts';
import type { GitHubRepo } from '../../github/repo.ts';

/** Runs `read` and says what its `GitHubError` means for the snapshot and what to do about it, as a `SnapshotError`. */
export async function orSnapshotError<T>(read: () => Promise<T>, { owner, repo }: GitHubRepo): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof GitHubError)) throw cause;
    throw asSnapshotError(cause, `${owner}/${repo}`);
  }
}

/** What a `GitHubError` means for the repository `name`, and what to do about it. */
export function asSnapshotError(cause: GitHubError, name: string): SnapshotError {
  const { failure, message, retryAt } = cause;
  const options = { cause, ...(retryAt === null ? {} : { retryAt }) };
  switch (failure) {
    case 'empty':
      return new SnapshotError('empty', `${name} has no commit yet`, options);
    case 'not-found':
    case 'gone':
    case 'moved': {
      const advice = "check `repo` in bindings/targets.yaml and the token's repository access";
      return new SnapshotError(
        'not-found',
        `${name} is not there, or our credentials do not reach it; ${advice} (${message})`,
        options,
      );
    }
    case 'unauthorized':
      return new SnapshotError(
        'unauthorized',
        `GitHub refuses our credentials; renew the token or app key (${message})`,
        options,
      );
    case 'forbidden':
      return new SnapshotError(
        'forbidden',
        `our credentials may not read ${name}; grant contents: read (${message})`,
        options,
      );
    case 'rate-limited':
      return new SnapshotError('rate-limited', message, options);
    default:
      return new SnapshotError('transport', message, options);
  }
}

/** The answer of `read`, or why this one answer is lost. Throws where all others would be lost too: limits and lost access. */
export async function orReason<T>(read: () => Promise<T>): Promise<T | string> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GitHubError && isLostAlone(error)) return error.message;
    throw error;
  }
}

function isLostAlone({ failure, status }: GitHubError): boolean {
  const isOneObject = (failure === 'not-found' && status === 404) || failure === 'gone';
  return isOneObject || failure === 'transport' || failure === 'invalid';
}

export function noBranch(name: string, branch: string, options?: ErrorOptions): SnapshotError {
  const message = `${name} has no branch \`${branch}\`; check \`branch\` in bindings/targets.yaml`;
  return new SnapshotError('not-found', message, options);
}
