/** The errors GitHub answers with. A handler throws one; the pipeline turns it into a response. */
export class GitHubError extends Error {
  readonly status: number;
  readonly details: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    details: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.details = details;
    this.headers = headers;
  }

  body(): Record<string, unknown> {
    return {
      message: this.message,
      documentation_url: 'https://docs.github.com/rest',
      status: String(this.status),
      ...this.details,
    };
  }
}

export interface FieldProblem {
  resource: string;
  field: string;
  code: string;
  message?: string;
}

export function badCredentials(): GitHubError {
  return new GitHubError(401, 'Bad credentials');
}

export function requiresAuthentication(): GitHubError {
  return new GitHubError(401, 'Requires authentication');
}

export function notFound(): GitHubError {
  return new GitHubError(404, 'Not Found');
}

export function forbidden(message: string): GitHubError {
  return new GitHubError(403, message);
}

export function validationFailed(...errors: FieldProblem[]): GitHubError {
  return new GitHubError(422, 'Validation Failed', { errors });
}

/** GitHub redirects reads permanently and asks writes to repeat themselves (google/go-github#184). */
export function movedTo(url: string, method: string): GitHubError {
  const status = method === 'GET' ? 301 : 307;
  return new GitHubError(status, 'Moved Permanently', { url }, { location: url });
}

export function secondaryLimit(retryAfter: number | null, status = 403): GitHubError {
  return new GitHubError(
    status,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    {},
    retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
  );
}

export function primaryLimit(status = 403): GitHubError {
  return new GitHubError(status, 'API rate limit exceeded');
}
