import { issueTitle } from '../title.ts';
import type { Call, CommentContent, IssueContent } from '../writes.ts';

/** One sentence about a write, for logs, dry runs and delivery records. */
export function describeCall(call: Call): string {
  switch (call.kind) {
    case 'create':
      return `open an issue: ${describeContent(call.content)}`;
    case 'edit':
      return `edit #${call.issue}: ${describeContent(call.content)}`;
    case 'comment':
      return `comment on #${call.issue}: ${describeComment(call.content)}`;
    case 'close':
      return `close #${call.issue} as ${call.reason === 'completed' ? 'completed' : 'not planned'}`;
    case 'reopen':
      return `reopen #${call.issue}`;
    case 'add-label':
      return `label #${call.issue} ${call.label}`;
    case 'remove-label':
      return `take the label ${call.label} off #${call.issue}`;
    case 'pin':
      return `pin #${call.issue}`;
  }
}

function describeContent(content: IssueContent): string {
  switch (content.kind) {
    case 'gate':
      return `${issueTitle(content)} (${content.fresh.length} open, ${content.known.length} known)`;
    case 'inbox':
      return `the ${issueTitle(content)}`;
    case 'group':
    case 'broken':
      return issueTitle(content);
    case 'unverified':
      return `not verified since ${content.since}`;
  }
}

function describeComment(content: CommentContent): string {
  return content.kind.replaceAll('-', ' ');
}
