/** Comments on issues. */
import { hasRole } from './access.ts';
import { authorOf } from './auth.ts';
import { type Answer, type Call, type Handler, nowOf, param, repositoryOf, text } from './call.ts';
import { forbidden, notFound, validationFailed } from './errors.ts';
import { presentComment } from './issue-shapes.ts';
import type { CommentRecord } from './issue-store.ts';
import { bodyTooLong, issueInPath, tooLong } from './issues.ts';
import { pageAnswer } from './pages.ts';

function checkedBody(call: Call): string {
  const body = text(call.body.body) ?? '';
  if (body.trim() === '') {
    throw validationFailed({ resource: 'IssueComment', field: 'body', code: 'missing_field' });
  }
  if (tooLong(call, body)) throw bodyTooLong('IssueComment');
  return body;
}

function answerComment(call: Call, comment: CommentRecord, status = 200): Answer {
  const body = presentComment(call.world, repositoryOf(call), comment);
  return { status, body, ...(status === 201 ? { headers: { location: String(body.url) } } : {}) };
}

function createComment(call: Call): Answer {
  const repository = repositoryOf(call);
  const issue = issueInPath(call);
  // Apps are not collaborators: a lock keeps them out whatever their permissions (renovatebot/renovate#6215).
  const mayIgnoreLock = call.caller.app === null && hasRole(call.caller, repository, 'write');
  if (issue.locked && !mayIgnoreLock) throw forbidden('Unable to create comment because issue is locked.');
  const comment: CommentRecord = {
    id: repository.issues.nextId(),
    issue: issue.number,
    body: checkedBody(call),
    author: authorOf(call.caller),
    createdAt: nowOf(call),
    updatedAt: nowOf(call),
  };
  repository.issues.comments.push(comment);
  repository.issues.write(issue.number, {}, nowOf(call));
  return answerComment(call, comment, 201);
}

function listComments(call: Call): Answer {
  const repository = repositoryOf(call);
  const issue = issueInPath(call);
  const { since } = call.query;
  const found = repository.issues.comments.filter(
    (comment) =>
      comment.issue === issue.number && (since === undefined || Date.parse(comment.updatedAt) >= Date.parse(since)),
  );
  return pageAnswer(call, found, (comment) => presentComment(call.world, repository, comment));
}

function commentInPath(call: Call): CommentRecord {
  const id = Number(param(call, 'comment_id'));
  const comment = repositoryOf(call).issues.comments.find((each) => each.id === id);
  if (comment === undefined) throw notFound();
  return comment;
}

function updateComment(call: Call): Answer {
  const repository = repositoryOf(call);
  const comment = commentInPath(call);
  const isAuthor = comment.author.person === call.caller.person;
  if (!isAuthor && !hasRole(call.caller, repository, 'write')) {
    throw forbidden('Must have push access to repository');
  }
  const changed = { ...comment, body: checkedBody(call), updatedAt: nowOf(call) };
  repository.issues.comments.splice(repository.issues.comments.indexOf(comment), 1, changed);
  return answerComment(call, changed);
}

export const commentHandlers: Record<string, Handler> = {
  'issues/create-comment': createComment,
  'issues/list-comments': listComments,
  'issues/get-comment': (call) => answerComment(call, commentInPath(call)),
  'issues/update-comment': updateComment,
};
