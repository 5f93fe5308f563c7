/** Bots, changed credentials, labels in another case, and issues that GitHub does not show us: none of them is a person who decided. */
import { describe, expect, test } from 'vitest';
import { formerAuthorProblems } from '../../../src/inbox/plan/former-authors.ts';
import type { Issue } from '../../../src/inbox/port.ts';
import { DAY, paperTracker } from './paper-tracker.ts';

/** alpha has an open issue, #1, about `one`. */
function opened() {
  const tracker = paperTracker();
  tracker.audit();
  expect(tracker.audit({ alpha: ['one'] })).toEqual(['open #1 alpha']);
  return tracker;
}

const six = Object.fromEntries('alpha bravo charlie delta echo foxtrot'.split(' ').map((name) => [name, ['one']]));

function problemsOf(tracker: ReturnType<typeof paperTracker>): readonly string[] {
  const issues = tracker.issues().filter((issue): issue is Issue => typeof issue === 'object');
  return formerAuthorProblems({ issues: new Map(issues.map((issue) => [issue.number, issue])) });
}

describe('a bot that closes', () => {
  test.each(['not_planned', 'completed'] as const)('as %s: the issue reopens once, with a sentence', (reason) => {
    const tracker = opened();
    const { sha = '' } = tracker.gate('alpha')?.lastFail ?? {};
    tracker.person(1).close(reason, 'bot');
    const reopened = ['reopen #1', 'edit #1', 'comment #1 closed-by-bot'];
    expect(tracker.audit({ alpha: ['one'] }, { sha }), 'a bot has seen no commit').toEqual(reopened);
    tracker.person(1).close(reason, 'bot');
    expect(tracker.audit({ alpha: ['one'] }), 'a second time it stays closed').toEqual([]);
    expect(tracker.phase('alpha')).toBe('acknowledged');
    expect(tracker.audit({ alpha: ['one', 'two'] }), 'until there is more').toContain('reopen #1');
  });

  test('what has recovered meanwhile stays closed', () => {
    const tracker = opened();
    tracker.person(1).close('not_planned', 'bot');
    expect(tracker.audit()).toEqual([]);
    expect(tracker.phase('alpha')).toBe('resolved');
  });

  test('a person accepted it before: the bot only tidies up', () => {
    const tracker = opened();
    tracker.person(1).label('audit/accepted');
    tracker.audit({ alpha: ['one'] });
    tracker.person(1).close('not_planned', 'bot');
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
  });

  test('the common issue of many gates reopens once', () => {
    const tracker = paperTracker();
    tracker.audit();
    tracker.audit(six);
    tracker.person(1).close('not_planned', 'bot');
    expect(tracker.audit(six)).toEqual(['reopen #1', 'edit #1', 'comment #1 closed-by-bot']);
    expect(tracker.audit(six)).toEqual([]);
    tracker.person(1).close('not_planned', 'bot');
    expect(tracker.audit(six)).toEqual([]);
    expect(tracker.phase('alpha')).toBe('acknowledged');
  });

  test('the Gap inbox comes back, once a week at most', () => {
    const tracker = paperTracker();
    tracker.audit();
    expect(tracker.keepGapInbox()).toEqual(['open #1 @inbox']);
    expect(tracker.keepGapInbox()).toEqual(['pin #1']);
    tracker.person(1).close('not_planned', 'bot');
    expect(tracker.keepGapInbox()).toEqual(['reopen #1', 'comment #1 closed-by-bot', 'edit #1']);
    tracker.person(1).close('not_planned', 'bot');
    expect(tracker.keepGapInbox()).toEqual([]);
    tracker.wait(7 * DAY);
    expect(tracker.keepGapInbox()).toContain('reopen #1');
  });

  test('the issue about a broken audit comes back, and a person who closes it is obeyed', () => {
    const tracker = paperTracker();
    tracker.audit();
    tracker.fails('no branch');
    expect(tracker.fails('no branch')).toEqual(['open #1 @broken']);
    tracker.person(1).close('not_planned', 'bot');
    expect(tracker.fails('no branch')).toEqual(['reopen #1', 'comment #1 closed-by-bot']);
    tracker.person(1).close('not_planned', 'bot');
    expect(tracker.fails('no branch')).toEqual([]);
    tracker.wait(7 * DAY);
    expect(tracker.fails('no branch')).toContain('reopen #1');
    tracker.person(1).close('not_planned');
    tracker.wait(7 * DAY);
    expect(tracker.fails('no branch')).toEqual([]);
  });

  test('a person who closes the Gap inbox is obeyed', () => {
    const tracker = paperTracker();
    tracker.audit();
    tracker.keepGapInbox();
    tracker.person(1).close('not_planned');
    tracker.keepGapInbox();
    tracker.wait(30 * DAY);
    expect(tracker.keepGapInbox()).toEqual([]);
  });

  test('with our memory lost, a bot still counts as nobody', () => {
    const tracker = opened();
    tracker.person(1).close('not_planned', 'bot');
    tracker.forget();
    expect(tracker.audit({ alpha: ['one'] })).toEqual(['reopen #1', 'edit #1', 'comment #1 closed-by-bot']);
  });
});

describe('credentials that changed', () => {
  test('issues of a former author are named, with the remedy, and nothing is written to them', () => {
    const tracker = opened();
    tracker.changeCredentials();
    expect(tracker.audit()).toEqual([]);
    expect(problemsOf(tracker)).toEqual([
      "#1 carries Lanekeeper's marker but was opened by old-bot, so it is left alone. If Lanekeeper used that account before, add `old-bot` to `formerAuthors` of this target in bindings/targets.yaml.",
    ]);
  });

  test('no finding is lost meanwhile: what the old issue does not list gets a new one', () => {
    const tracker = opened();
    tracker.changeCredentials();
    expect(tracker.audit({ alpha: ['one'] }), 'the old issue says it').toEqual([]);
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['open #2 alpha']);
    expect(tracker.gate('alpha')?.issue).toMatchObject({ number: 2, follows: 1 });
    expect(tracker.audit({ alpha: ['one', 'two', 'three'] })).toEqual(['edit #2', 'comment #2 new-findings']);
  });

  test('once the former author is named, all goes on: the older of two issues closes as a duplicate', () => {
    const tracker = opened();
    tracker.changeCredentials();
    tracker.audit({ alpha: ['one', 'two'] });
    tracker.nameFormerAuthor();
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['comment #1 duplicate', 'close #1 not_planned']);
    expect(tracker.audit()).toEqual(['comment #2 recovered', 'close #2 completed']);
  });

  test('once the former author is named, a gate that has recovered meanwhile is closed', () => {
    const tracker = opened();
    tracker.changeCredentials();
    tracker.audit();
    tracker.nameFormerAuthor();
    expect(tracker.audit()).toEqual(['comment #1 recovered', 'close #1 completed']);
  });

  test('gates of the common issue are told as well', () => {
    const tracker = paperTracker();
    tracker.audit();
    tracker.audit(six);
    tracker.changeCredentials();
    expect(tracker.audit(six)).toEqual([]);
    expect(tracker.audit({ ...six, alpha: ['one', 'two'] })).toEqual(['open #2 alpha']);
  });

  test('the Gap inbox is made again under the new name', () => {
    const tracker = paperTracker();
    tracker.audit();
    tracker.keepGapInbox();
    tracker.keepGapInbox();
    tracker.changeCredentials();
    expect(tracker.keepGapInbox()).toEqual(['open #2 @inbox']);
    expect(tracker.keepGapInbox()).toEqual(['pin #2']);
    tracker.nameFormerAuthor();
    expect(tracker.audit()).toEqual(['comment #1 duplicate', 'close #1 not_planned']);
  });
});

describe('labels in another case are the same labels', () => {
  test('Audit/Accepted and AUDIT/QUIET are obeyed', () => {
    const accepted = opened();
    accepted.person(1).label('Audit/Accepted');
    expect(accepted.audit({ alpha: ['one'] }, { severity: 'high' })).toEqual([]);
    expect(accepted.phase('alpha')).toBe('acknowledged');
    const quiet = opened();
    quiet.person(1).label('AUDIT/QUIET');
    expect(quiet.audit({ alpha: ['one', 'two'] })).toEqual(['edit #1']);
  });

  test('Audit/Accepted is taken off when there is more', () => {
    const tracker = opened();
    tracker.person(1).label('Audit/Accepted');
    tracker.audit({ alpha: ['one'] });
    expect(tracker.audit({ alpha: ['one', 'two'] })).toContain('unlabel #1 audit/accepted');
    expect(tracker.issue(1).labels).not.toContain('Audit/Accepted');
  });
});

describe('an issue that GitHub does not show us', () => {
  test('for a moment: nothing is done', () => {
    const tracker = opened();
    tracker.person(1).hide();
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['has to read #1']);
  });

  test('for good: what it does not list is told in a new one', () => {
    const tracker = opened();
    tracker.person(1).hide();
    tracker.audit({ alpha: ['one'] });
    tracker.wait(DAY);
    expect(tracker.audit({ alpha: ['one'] }), 'nothing new').toEqual([]);
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['open #2 alpha']);
    expect(tracker.gate('alpha')?.issue).toMatchObject({ number: 2, follows: 1 });
  });
});

describe('names of gates', () => {
  test.each(['constructor', 'toString', 'hasOwnProperty'])('%s is a name like any other', (name) => {
    const tracker = paperTracker();
    const gates = [name, 'alpha', 'bravo', 'charlie', 'delta', 'echo'];
    tracker.audit({}, { gates });
    expect(tracker.audit(Object.fromEntries([[name, ['one']]]), { gates })).toEqual([`open #1 ${name}`]);
    expect(tracker.audit({}, { gates })).toEqual(['comment #1 recovered', 'close #1 completed']);
  });
});
