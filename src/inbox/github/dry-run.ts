import type { Inbox } from '../port.ts';

/** The tracker of a target that is not switched on yet: it reads what is there, and writes nothing. */
export function dryRunInbox(inbox: Pick<Inbox, 'list' | 'get'>): Inbox {
  const refuse = () => {
    throw new Error('a dry run writes nothing');
  };
  return {
    mode: 'dry-run',
    list: (options) => inbox.list(options),
    get: (issue) => inbox.get(issue),
    perform: async () => refuse(),
    findCreated: async () => null,
    hasComment: async () => false,
  };
}
