/** What each kind of fault does to a request and to its answer. */
import type { Answer, Distortion } from './call.ts';
import { GitHubError, primaryLimit, secondaryLimit } from './errors.ts';
import type { Fault, FaultKind } from './faults.ts';

const messages: Partial<Record<FaultKind, [number, string]>> = {
  'error-401': [401, 'Bad credentials'],
  'error-403': [403, 'Resource not accessible by integration'],
  'error-404': [404, 'Not Found'],
  'error-410': [410, 'This issue was deleted'],
  'error-422': [422, 'Validation Failed'],
  'error-500': [500, 'Server Error'],
};

/** The answer GitHub gives instead of doing anything, or undefined if the request goes through. */
export function refusalOf(fault: Fault): Answer | undefined {
  const retryAfter = fault.retryAfter === undefined ? 60 : fault.retryAfter;
  if (fault.kind === 'error-503' || fault.kind === 'error-502-after-effect') return gatewayPage(fault.kind);
  if (fault.kind === 'html-page') return { ...gatewayPage(fault.kind), status: 200 };
  let error: GitHubError | undefined;
  if (fault.kind === 'secondary-limit') error = secondaryLimit(retryAfter);
  if (fault.kind === 'error-429') error = secondaryLimit(retryAfter, 429);
  if (fault.kind === 'primary-limit') error = primaryLimit();
  const [status, message] = messages[fault.kind] ?? [];
  if (status !== undefined && message !== undefined) error = new GitHubError(status, message);
  if (error === undefined) return undefined;
  const spent = fault.kind === 'primary-limit' ? { 'x-ratelimit-remaining': '0' } : {};
  return { status: error.status, body: error.body(), headers: { ...error.headers, ...spent } };
}

/** Gateways in front of GitHub answer in HTML. */
export function gatewayPage(kind: FaultKind): Answer {
  const status = kind === 'error-503' ? 503 : 502;
  const content = `<html><head><title>${status}</title></head><body>Unicorn!</body></html>`;
  return { status, raw: { content, type: 'text/html; charset=utf-8' } };
}

/** The answer as `bend` leaves it. */
export function bentAnswer(answer: Answer, { bend }: Fault): Answer {
  if (!bend || answer.status !== 200) return answer;
  if (answer.raw === undefined) return { ...answer, body: bend(answer.body) };
  return { ...answer, raw: { ...answer.raw, content: String(bend(answer.raw.content)) } };
}

/** How the fault bends the answer of the handler itself. */
export function distortionOf(fault: Fault | undefined): Distortion {
  if (fault?.kind === 'empty-list') return { emptyList: true };
  if (fault?.kind === 'stale-list') return { writesBehind: fault.writesBehind ?? 1 };
  if (fault?.kind === 'stale-head') return { commitsBehind: fault.commitsBehind ?? 1, repository: fault.repository };
  return fault?.kind === 'graphql-partial' ? { partial: true } : {};
}
