/** Issues on paper: what GitHub does to them, at once and in memory. */
import { shortHash } from '../../src/core/hash.ts';
import { isSameLabel } from '../../src/inbox/labels.ts';
import { type Inbox, InboxError, type Issue, type Whereabouts } from '../../src/inbox/port.ts';
import type { Call, IssueContent } from '../../src/inbox/writes.ts';

export function paperIssues(now: () => number) {
  const all = new Map<number, Whereabouts>();
  /** Issues that GitHub refuses to show. */
  const hidden = new Set<number>();

  function issue(number: number): Issue {
    const found = all.get(number);
    if (typeof found !== 'object') throw new Error(`no issue ${number}`);
    return found;
  }

  function change(number: number, changed: Partial<Issue>): void {
    all.set(number, { ...issue(number), ...changed });
  }

  function open(title: string, labels: readonly string[], marker: Issue['marker']): number {
    const number = all.size + hidden.size + 1;
    all.set(number, {
      number,
      title,
      state: 'open',
      stateReason: null,
      labels,
      isLocked: false,
      closedAt: null,
      closedBy: null,
      marker,
      formerAuthor: null,
    });
    return number;
  }

  function perform(call: Call, key = ''): number {
    if (call.kind === 'create') {
      const marker = { about: call.about, repositoryId: 1, sha: '', key, ...hashesOf(call.content) };
      return open(call.about, call.labels, marker);
    }
    const { labels } = issue(call.issue);
    if (call.kind === 'close')
      change(call.issue, { state: 'closed', stateReason: call.reason, closedAt: now(), closedBy: 'us' });
    if (call.kind === 'reopen')
      change(call.issue, { state: 'open', stateReason: 'reopened', closedAt: null, closedBy: null });
    if (call.kind === 'add-label' && !labels.some((label) => isSameLabel(label, call.label)))
      change(call.issue, { labels: [...labels, call.label] });
    if (call.kind === 'remove-label')
      change(call.issue, { labels: labels.filter((label) => !isSameLabel(label, call.label)) });
    return call.issue;
  }

  return { all, hidden, issue, change, open, perform };
}

/** The tracker port over issues on paper. */
export function paperInbox({ all, issue, perform }: ReturnType<typeof paperIssues>): Inbox {
  const comments = new Set<string>();
  const shown = () => [...all.values()].filter((whereabouts) => typeof whereabouts === 'object');
  return {
    mode: 'on',
    list: async ({ closed }) => shown().filter(({ state }) => closed || state === 'open'),
    async get(number) {
      const found = all.get(number);
      if (found === undefined) throw new InboxError('not-found', `there is no #${number}`);
      return found;
    },
    async perform(call, key) {
      if (call.kind !== 'create' && (typeof all.get(call.issue) !== 'object' || issue(call.issue).marker === null))
        throw new InboxError('not-found', `#${call.issue} is not ours`);
      if (call.kind === 'comment') comments.add(`${call.issue} ${key}`);
      return { issue: perform(call, key) };
    },
    findCreated: async (key) => shown().find(({ marker }) => marker?.key === key) ?? null,
    hasComment: async (number, key) => comments.has(`${number} ${key}`),
  };
}

/** What the marker of an issue says of its content. */
function hashesOf(content: IssueContent): { findings: readonly string[]; known: readonly string[] } {
  if (content.kind === 'gate') return { findings: content.fresh.map(shortHash), known: content.known.map(shortHash) };
  if (content.kind !== 'group') return { findings: [], known: [] };
  const findings = content.gates.flatMap(({ gate, fresh }) => fresh.map((key) => shortHash(`${gate.name} ${key}`)));
  return { findings, known: content.gates.map(({ gate }) => shortHash(gate.name)) };
}
