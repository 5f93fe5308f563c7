/** Issues over REST: list, read, open, change, lock. */
import { hasRole } from './access.ts';
import { authorOf } from './auth.ts';
import { type Answer, type Call, type Handler, nowOf, param, repositoryOf, text } from './call.ts';
import { forbidden, GitHubError, movedTo, notFound, validationFailed } from './errors.ts';
import { presentIssue } from './issue-shapes.ts';
import type { IssueRecord, StateReason } from './issue-store.ts';
import { labelIds, labelNames } from './label-names.ts';
import { pageAnswer } from './pages.ts';
import { fullName } from './repositories.ts';

const maximumTitle = 256;
const notModelled = ['milestone', 'assignee', 'mentioned', 'type', 'issue_field_values'];

function requireIssues(call: Call): void {
  if (!repositoryOf(call).hasIssues) throw new GitHubError(410, 'Issues are disabled for this repo');
}

/** The issue in the path; throws what GitHub answers for one that was deleted or transferred. */
export function issueInPath(call: Call): IssueRecord {
  requireIssues(call);
  const issue = repositoryOf(call).issues.get(Number(param(call, 'issue_number')));
  if (issue === undefined) throw notFound();
  if (issue.gone === 'deleted') throw new GitHubError(410, 'This issue was deleted');
  if (issue.gone !== null) {
    const rest = call.url.pathname.replace(/^.*?\/issues\/\d+/, '');
    const { repositoryId, number } = issue.gone;
    const path = `/repositories/${repositoryId}/issues/${number}${rest}${call.url.search}`;
    throw movedTo(`${call.world.url}${path}`, call.method);
  }
  return issue;
}

export function tooLong(call: Call, body: string | null): boolean {
  return body !== null && Buffer.byteLength(body) > call.world.caps.bodyBytes;
}

export function bodyTooLong(resource: string): GitHubError {
  // The message still names the old limit, although four times as many bytes are accepted.
  const message = 'body is too long (maximum is 65536 characters)';
  return validationFailed({ resource, field: 'body', code: 'custom', message });
}

function checkedTitle(title: string): string {
  const problem = { resource: 'Issue', field: 'title' };
  if (title.trim() === '') throw validationFailed({ ...problem, code: 'missing_field' });
  if ([...title].length > maximumTitle) {
    const message = `title is too long (maximum is ${maximumTitle} characters)`;
    throw validationFailed({ ...problem, code: 'custom', message });
  }
  return title;
}

function answerIssue(call: Call, issue: IssueRecord, status = 200): Answer {
  const repository = repositoryOf(call);
  const body = presentIssue(call.world, repository, issue);
  if (status !== 201) return { status, body };
  const location = `${call.world.url}/repos/${fullName(repository)}/issues/${issue.number}`;
  return { status, body, headers: { location } };
}

function wantedLabels(call: Call): string[] {
  return (call.query.labels ?? '')
    .split(',')
    .filter((name) => name !== '')
    .map((name) => name.toLowerCase());
}

function listIssues(call: Call): Answer {
  requireIssues(call);
  const { world, query, distortion } = call;
  for (const name of notModelled) {
    if (query[name] === undefined) continue;
    world.violations.push({ where: 'request', operation: call.operation, problem: `${name} is not modelled` });
  }
  const repository = repositoryOf(call);
  const { state = 'open', creator, since, sort = 'created', direction = 'desc' } = query;
  const labels = wantedLabels(call);
  const found = repository.issues.list(distortion.writesBehind).filter((issue) => {
    const names = labelNames(repository, issue).map((name) => name.toLowerCase());
    return (
      (state === 'all' || issue.state === state) &&
      labels.every((name) => names.includes(name)) &&
      (creator === undefined || issue.author.person.login.toLowerCase() === creator.toLowerCase()) &&
      (since === undefined || Date.parse(issue.updatedAt) >= Date.parse(since))
    );
  });
  const key = (issue: IssueRecord): string => (sort === 'updated' ? issue.updatedAt : issue.createdAt);
  found.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.number - b.number));
  if (direction === 'desc') found.reverse();
  return pageAnswer(call, found, (issue) => presentIssue(world, repository, issue));
}

function createIssue(call: Call): Answer {
  requireIssues(call);
  const repository = repositoryOf(call);
  const title = checkedTitle(text(call.body.title) ?? '');
  const body = text(call.body.body) ?? null;
  if (tooLong(call, body)) throw bodyTooLong('Issue');
  const labels = labelIds(call, call.body.labels) ?? [];
  const issue = repository.issues.add({ title, body, labels, author: authorOf(call.caller) }, nowOf(call));
  return answerIssue(call, issue, 201);
}

function stateChange(call: Call, issue: IssueRecord): Partial<IssueRecord> {
  const { state, state_reason: reason } = call.body;
  if ((state !== 'open' && state !== 'closed') || state === issue.state) return {};
  if (state === 'open') return { state, stateReason: 'reopened', closedAt: null, closedBy: null };
  return {
    state,
    stateReason: typeof reason === 'string' ? (reason as StateReason) : 'completed',
    closedAt: nowOf(call),
    closedBy: authorOf(call.caller).person,
  };
}

function updateIssue(call: Call): Answer {
  const repository = repositoryOf(call);
  const issue = issueInPath(call);
  const isAuthor = issue.author.person === call.caller.person;
  if (!isAuthor && !hasRole(call.caller, repository, 'triage')) {
    throw forbidden('Must have admin rights to Repository.');
  }
  const title = text(call.body.title);
  const body = call.body.body === undefined ? issue.body : (text(call.body.body) ?? null);
  const change: Partial<IssueRecord> = {
    ...stateChange(call, issue),
    ...(title === undefined ? {} : { title: checkedTitle(title) }),
    labels: labelIds(call, call.body.labels) ?? issue.labels,
    // Measured at GitHub: a body that is too long is not refused here, it is silently not stored.
    body: tooLong(call, body) ? issue.body : body,
  };
  return answerIssue(call, repository.issues.write(issue.number, change, nowOf(call)));
}

function setLock(call: Call, locked: boolean): Answer {
  const repository = repositoryOf(call);
  const issue = issueInPath(call);
  if (!hasRole(call.caller, repository, 'write')) throw forbidden('Must have push access to repository');
  const lockReason = locked ? (text(call.body.lock_reason) ?? null) : null;
  repository.issues.write(issue.number, { locked, lockReason }, nowOf(call));
  return { status: 204 };
}

export const issueHandlers: Record<string, Handler> = {
  'issues/list-for-repo': listIssues,
  'issues/get': (call) => answerIssue(call, issueInPath(call)),
  'issues/create': createIssue,
  'issues/update': updateIssue,
  'issues/lock': (call) => setLock(call, true),
  'issues/unlock': (call) => setLock(call, false),
};
