import type { IssueView } from '../../simulator/server.ts';

/** What people see of the tracker, without clocks and numbers that a retry may shift. */
export function visible(issues: readonly IssueView[]) {
  return issues
    .map(({ title, body, state, stateReason, labels, pinned, comments }) => ({
      title,
      state,
      stateReason,
      pinned,
      labels: [...labels].sort(),
      body: timeless(body),
      comments: comments.map(timeless),
    }))
    .sort((one, other) => one.title.localeCompare(other.title) || one.body.localeCompare(other.body));
}

/** Text without our markers and without times. */
function timeless(text: string): string {
  return text
    .replace(/<!-- lanekeeper:(?!end|note).*?-->/g, '<!-- -->')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '')
    .replace(/#\d+/g, '#');
}
