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
      return `${titleOfGate(content.gate)} (${content.fresh.length} new, ${content.known.length} known)`;
    case 'group':
      return `${content.gates.length} gates that failed at once`;
    case 'inbox':
      return 'the Gap inbox';
    case 'broken':
      return 'the audit cannot run';
    case 'unverified':
      return `not verified since ${content.since}`;
  }
}

/** `D86 vm-operating-profile-parity-lock is failing`. */
export function titleOfGate({ number, name }: { readonly number: string; readonly name: string }): string {
  return `${number} ${name} is failing`;
}

function describeComment(content: CommentContent): string {
  return content.kind.replaceAll('-', ' ');
}
