import { neutral } from '../../../core/text/neutral.ts';
import type { IssueContent } from '../../writes.ts';
import { MAX_BYTES } from './assemble.ts';
import type { RenderContext } from './context.ts';
import { renderGapInbox } from './gap-inbox.ts';
import { renderGate } from './gate.ts';
import { renderGroup } from './group.ts';

/** The body of an issue, without marker, in at most `limit` bytes. */
export function renderBody(
  content: Exclude<IssueContent, { kind: 'unverified' }>,
  context: RenderContext,
  limit = MAX_BYTES,
): string {
  switch (content.kind) {
    case 'gate':
      return renderGate(content, context, limit);
    case 'group':
      return renderGroup(content.gates, context, limit);
    case 'inbox':
      return renderGapInbox(content.summary, context, limit);
    case 'broken':
      return renderBroken(content.error);
  }
}

function renderBroken(error: string): string {
  return [
    "The last two audits could not run, so this repository's state is unknown. No issue is closed until an audit completes.",
    `**What is wrong.** ${neutral(error, 1500)}`,
    'This issue closes with the next complete audit.',
  ].join('\n\n');
}
