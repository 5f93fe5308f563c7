/** What every adapter of the inbox port has to do, whatever tracker is behind it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LABELS } from '../../src/inbox/labels.ts';
import { type Inbox, InboxError } from '../../src/inbox/port.ts';
import type { Call } from '../../src/inbox/writes.ts';

export interface InboxStage {
  readonly inbox: Inbox;
  /** Writes for those that may not: the same tracker, switched on. */
  readonly writer: Inbox;
  /** A person acts on the tracker. */
  openIssue(title: string, labels: readonly string[]): number;
  closeIssue(issue: number): void;
  deleteIssue(issue: number): void;
  end(): Promise<void>;
}

const ABOUT = '@broken';
const NO_ISSUE = 999;
const create: Call = {
  kind: 'create',
  about: ABOUT,
  content: { kind: 'broken', error: 'It cannot be read.' },
  labels: [LABELS.audit, LABELS.broken],
};
const comment = (issue: number): Call => ({ kind: 'comment', issue, content: { kind: 'audit-works-again' } });

/** Declares the suite for one adapter. */
export function testInboxPort(set: () => Promise<InboxStage>): void {
  let stage: InboxStage;
  beforeEach(async () => {
    stage = await set();
  });
  afterEach(() => stage.end());
  const opened = async () => (await stage.writer.perform(create, 'key-1')).issue;

  describe('reading', () => {
    test('an issue of ours is listed and got with its marker, its labels and its state', async () => {
      const number = await opened();
      const [listed] = await stage.inbox.list({ closed: false });
      expect(listed).toMatchObject({ number, state: 'open', closedAt: null, closedBy: null, isLocked: false });
      expect(listed?.marker).toMatchObject({ about: ABOUT, key: 'key-1', findings: [], known: [] });
      expect([...(listed?.labels ?? [])].sort()).toEqual([LABELS.audit, LABELS.broken]);
      expect(await stage.inbox.get(number)).toEqual(listed);
    });

    test('closed ones are listed where that is asked for', async () => {
      const number = await opened();
      stage.closeIssue(number);
      expect(await stage.inbox.list({ closed: false })).toEqual([]);
      expect(await stage.inbox.list({ closed: true })).toMatchObject([{ number, state: 'closed', closedBy: 'person' }]);
    });

    test("a person's issue has no marker, whatever its labels", async () => {
      const number = stage.openIssue('Mine', [LABELS.audit]);
      expect(await stage.inbox.list({ closed: false })).toMatchObject([{ number, marker: null }]);
    });

    test('a deleted one is known to be gone', async () => {
      const number = await opened();
      stage.deleteIssue(number);
      expect(await stage.inbox.get(number)).toBe('deleted');
      expect(await stage.inbox.list({ closed: true })).toEqual([]);
    });

    test('one that never was is an error of its kind', async () => {
      await expect(stage.inbox.get(NO_ISSUE)).rejects.toMatchObject({ name: 'InboxError', failure: 'not-found' });
    });
  });
}

/** The same for adapters that write. */
export function testInboxWrites(set: () => Promise<InboxStage>): void {
  let inbox: Inbox;
  let stage: InboxStage;
  let number: number;
  beforeEach(async () => {
    stage = await set();
    inbox = stage.inbox;
    number = (await inbox.perform(create, 'key-1')).issue;
  });
  afterEach(() => stage.end());

  describe('writing', () => {
    test('what a create made is found by its key, and by no other', async () => {
      expect(await inbox.findCreated('key-1')).toMatchObject({ number });
      expect(await inbox.findCreated('key-2')).toBeNull();
    });

    test('a comment is found by its key, on its issue alone', async () => {
      const other = (await inbox.perform(create, 'key-2')).issue;
      expect(await inbox.hasComment(number, 'key-3')).toBe(false);
      await inbox.perform(comment(number), 'key-3');
      expect(await inbox.hasComment(number, 'key-3')).toBe(true);
      expect(await inbox.hasComment(number, 'key-4')).toBe(false);
      expect(await inbox.hasComment(other, 'key-3')).toBe(false);
    });

    test('a close says why and that it was us; closing twice is closing once; a reopening takes it back', async () => {
      for (let time = 0; time < 2; time++)
        expect(await inbox.perform({ kind: 'close', issue: number, reason: 'completed' }, 'c')).toEqual({
          issue: number,
        });
      expect(await inbox.get(number)).toMatchObject({ state: 'closed', stateReason: 'completed', closedBy: 'us' });
      await inbox.perform({ kind: 'reopen', issue: number }, 'r');
      expect(await inbox.get(number)).toMatchObject({ state: 'open', closedAt: null, closedBy: null });
    });

    test('labels come and go one by one, in whatever case', async () => {
      const labels = async () => {
        const issue = await inbox.get(number);
        return typeof issue === 'object' ? issue.labels : [];
      };
      await inbox.perform({ kind: 'add-label', issue: number, label: LABELS.quiet }, 'a');
      await inbox.perform({ kind: 'add-label', issue: number, label: LABELS.quiet.toUpperCase() }, 'b');
      expect([...(await labels())].sort()).toEqual([LABELS.audit, LABELS.broken, LABELS.quiet].sort());
      await inbox.perform({ kind: 'remove-label', issue: number, label: LABELS.quiet.toUpperCase() }, 'c');
      expect([...(await labels())].sort()).toEqual([LABELS.audit, LABELS.broken]);
    });

    test("nothing is written to a person's issue, to a deleted one, or to none", async () => {
      const theirs = stage.openIssue('Mine', [LABELS.audit]);
      stage.deleteIssue(number);
      for (const issue of [theirs, number, NO_ISSUE])
        for (const call of [comment(issue), { kind: 'close', issue, reason: 'completed' } as const]) {
          const failure = await inbox.perform(call, 'key').catch((error: unknown) => error);
          expect(failure).toBeInstanceOf(InboxError);
          expect(failure).toMatchObject({ failure: 'not-found' });
        }
      expect(await inbox.get(theirs)).toMatchObject({ state: 'open' });
    });
  });
}
