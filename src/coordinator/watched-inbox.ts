import type { Inbox, Issue } from '../inbox/port.ts';

/** What a tracker listed, closed issues included or not. */
export interface Listed {
  readonly closed: boolean;
  readonly issues: readonly Issue[];
}

/** A tracker, and what was asked of it. */
export interface WatchedInbox extends Inbox {
  /** What it listed, where it was asked for that once and for nothing else. */
  onlyListed(): Listed | undefined;
}

/** Watches a tracker; `known` is what it has just listed, so that it is not asked again. */
export function watched(inbox: Inbox, known: Listed | undefined): WatchedInbox {
  let listed: Listed | undefined;
  let asked = 0;
  const asking = <T>(question: Promise<T>): Promise<T> => {
    asked += 1;
    return question;
  };
  return {
    mode: inbox.mode,
    async list(options) {
      const isFirst = asked === 0 && !options.unlabelled;
      const isKnown = isFirst && known?.closed === options.closed;
      const issues = await asking(isKnown ? Promise.resolve(known.issues) : inbox.list(options));
      if (isFirst) listed = { closed: options.closed, issues };
      return issues;
    },
    get: (issue) => asking(inbox.get(issue)),
    perform: (call, key) => asking(inbox.perform(call, key)),
    findCreated: (key) => asking(inbox.findCreated(key)),
    hasComment: (issue, key) => asking(inbox.hasComment(issue, key)),
    onlyListed: () => (asked === 1 ? listed : undefined),
  };
}
