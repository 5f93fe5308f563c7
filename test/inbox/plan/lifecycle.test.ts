/** The lifecycle table of the inbox, row by row: `state | event`, as docs/inbox.md has them. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Waiver } from '../../../src/core/waiver.ts';
import { tally } from '../../faults/totals.ts';
import { DAY, paperTracker } from './paper-tracker.ts';

const waiver: Waiver = {
  gate: 'alpha',
  subject: null,
  reason: 'replaced in spring',
  owner: 'tove',
  expires: '2026-06-01',
};

/** A tracker after day one, on which every gate passed. */
function quiet() {
  const tracker = paperTracker();
  tracker.audit();
  return tracker;
}

/** alpha has an open issue, #1, about `one`. */
function opened() {
  const tracker = quiet();
  expect(tracker.audit({ alpha: ['one'] })).toEqual(['open #1 alpha']);
  return tracker;
}

/** Six gates fail at once and share #1. */
const six = Object.fromEntries('alpha bravo charlie delta echo foxtrot'.split(' ').map((name) => [name, ['one']]));
function grouped() {
  const tracker = quiet();
  expect(tracker.audit(six)).toEqual(['open #1 @group']);
  return tracker;
}

describe('the lifecycle', () => {
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') tally('rows', 1);
  });

  test('none | fail, all findings baselined or waived → store only', () => {
    const tracker = paperTracker();
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
    expect(tracker.audit({ alpha: ['one', 'two'] }, { waivers: [{ ...waiver, subject: 'two' }] })).toEqual([]);
    expect(tracker.phase('alpha')).toBe('none');
  });

  test('none | fail with at least one new finding → create', () => {
    const tracker = paperTracker();
    tracker.audit({ alpha: ['one'] });
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['open #1 alpha']);
    expect(tracker.phase('alpha')).toBe('open');
    expect(tracker.gate('alpha')?.issue?.findings).toEqual(['is-listed two']);
  });

  test('none | more than five creates, or over a quarter of the gates at once → one grouped issue', () => {
    expect(grouped().issues()).toHaveLength(1);
    const few = paperTracker();
    const gates = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf'];
    few.audit({}, { gates });
    expect(few.audit({ alpha: ['one'], bravo: ['one'] }, { gates })).toEqual(['open #1 @group']);
  });

  test('grouped | its gates recover → the list is edited silently, and it closes when all have', () => {
    const tracker = grouped();
    const { alpha, bravo, ...rest } = six;
    expect(tracker.audit(rest)).toEqual(['edit #1']);
    expect(tracker.audit(rest)).toEqual([]);
    expect(tracker.audit(six), 'one fails again').toEqual(['edit #1']);
    expect(tracker.audit({ ...six, alpha: 'blind' }), 'blind is no recovery').toEqual([]);
    expect(tracker.audit({}, { complete: false })).toEqual([]);
    expect(tracker.audit()).toEqual(['comment #1 group-recovered', 'close #1 completed']);
    expect([tracker.phase('alpha'), tracker.state.group]).toEqual(['none', null]);
  });

  test('grouped | more gates fail at once → they join, with one comment', () => {
    const tracker = grouped();
    const more = { golf: ['one'], hotel: ['one'], india: ['one'], juliett: ['one'] };
    expect(tracker.audit({ ...six, ...more })).toEqual(['edit #1', 'comment #1 group-grew']);
    expect(tracker.audit({ ...six, ...more, kilo: ['one'] }), 'one more is news of its own').toEqual(['open #2 kilo']);
  });

  test('grouped | one of its gates is retired → it counts as recovered', () => {
    const tracker = grouped();
    expect(tracker.audit({ alpha: ['one'] }, { retired: ['alpha'] })).toEqual([
      'comment #1 group-recovered',
      'close #1 completed',
    ]);
  });

  test('grouped | a person closes it → its gates are acknowledged; only what was not in it is news', () => {
    const tracker = grouped();
    tracker.person(1).close('completed');
    expect(tracker.audit(six)).toEqual([]);
    expect(tracker.phase('alpha')).toBe('acknowledged');
    expect(tracker.audit({ ...six, alpha: ['one', 'two'] })).toEqual(['open #2 alpha']);
  });

  test('open | fail, same finding set → nothing at GitHub', () => {
    const tracker = opened();
    const before = tracker.gate('alpha')?.lastFail?.at ?? 0;
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
    expect(tracker.gate('alpha')?.lastFail?.at, 'last seen, in the store').toBeGreaterThan(before);
  });

  test('open | fail, findings gone but some left → edit our block silently', () => {
    const tracker = opened();
    tracker.audit({ alpha: ['one', 'two'] });
    expect(tracker.audit({ alpha: ['two'] })).toEqual(['edit #1']);
  });

  test('open | fail, a new finding or a higher severity → edit our block and one comment', () => {
    const tracker = opened();
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['edit #1', 'comment #1 new-findings']);
    expect(tracker.audit({ alpha: ['one', 'two'] }, { severity: 'high' })).toEqual([
      'edit #1',
      'comment #1 new-findings',
    ]);
    expect(tracker.audit({ alpha: ['one', 'two'] }, { severity: 'low' }), 'lower is no news').toEqual(['edit #1']);
  });

  test('open | pass, audit complete → comment, close as completed', () => {
    const tracker = opened();
    expect(tracker.audit()).toEqual(['comment #1 recovered', 'close #1 completed']);
    expect(tracker.phase('alpha')).toBe('resolved');
  });

  test('open | fail, but every finding left is baselined or waived → comment, close as completed', () => {
    const tracker = paperTracker();
    tracker.audit({ alpha: ['known'] });
    tracker.audit({ alpha: ['known', 'one'] });
    expect(tracker.audit({ alpha: ['known'] }, { complete: false }), 'an incomplete audit closes nothing').toEqual([]);
    expect(tracker.audit({ alpha: ['known'] })).toEqual(['comment #1 back-to-baseline', 'close #1 completed']);
    expect(tracker.phase('alpha')).toBe('resolved');
  });

  test('open | blind, crashed, or incomplete audit → nothing; after 24 h our block says so once', () => {
    const tracker = opened();
    expect(tracker.audit({ alpha: 'blind' })).toEqual([]);
    expect(tracker.audit({ alpha: 'crashed' })).toEqual([]);
    expect(tracker.audit({}, { complete: false })).toEqual([]);
    tracker.wait(DAY);
    expect(tracker.audit({ alpha: 'blind' })).toEqual(['note #1 2026-02-18']);
    tracker.wait(3 * DAY);
    expect(tracker.audit({ alpha: 'crashed' }), 'once').toEqual([]);
    expect(tracker.audit({ alpha: ['one'] }), 'seen again').toEqual(['edit #1']);
    tracker.wait(DAY);
    expect(tracker.audit({}, { unlisted: ['alpha'] }), 'no lane asks it any more').toEqual(['note #1 2026-02-22']);
  });

  test('open | waived in the repo → comment, label, close as not planned; when it runs out, it opens', () => {
    const tracker = opened();
    const steps = ['comment #1 waived', 'label #1 audit/waived', 'close #1 not_planned'];
    expect(tracker.audit({ alpha: ['one'] }, { waivers: [waiver] })).toEqual(steps);
    expect(tracker.phase('alpha')).toBe('waived');
    expect(tracker.audit({ alpha: ['one'] }, { waivers: [waiver] })).toEqual([]);
    expect(tracker.audit({ alpha: ['one'] }, { waiversReadable: false }), 'unreadable ends nothing').toEqual([]);
    expect(tracker.audit({ alpha: ['one'] })).toEqual([
      'unlabel #1 audit/waived',
      'reopen #1',
      'edit #1',
      'comment #1 waiver-ended',
    ]);
    tracker.audit({ alpha: ['one'] }, { waivers: [waiver] });
    tracker.wait(120 * DAY);
    const late = tracker.audit({ alpha: ['one'] }, { waivers: [waiver] });
    expect(late, 'kept waivers run out as well').toContain('reopen #1');
  });

  test('open | a person closes as completed, gate still fails on a newer commit → reopen once, then an acknowledgement', () => {
    const tracker = opened();
    const { sha = '' } = tracker.gate('alpha')?.lastFail ?? {};
    tracker.person(1).close('completed');
    tracker.wait(20 * DAY);
    expect(tracker.audit({ alpha: ['one'] }, { sha }), 'the commit that they saw fail').toEqual([]);
    expect(tracker.audit({ alpha: ['one'] })).toEqual(['reopen #1', 'edit #1', 'comment #1 still-failing']);
    tracker.person(1).close('completed');
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
    expect(tracker.phase('alpha')).toBe('acknowledged');
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
  });

  test('open | a person closes as completed, and they were right → resolved', () => {
    const tracker = opened();
    tracker.person(1).close('completed');
    expect(tracker.audit()).toEqual([]);
    expect(tracker.phase('alpha')).toBe('resolved');
    expect(tracker.audit({ alpha: ['one'] })).toEqual(['reopen #1', 'edit #1', 'comment #1 regressed']);
  });

  test('open | a person closes as not planned → leave closed; reopen only for findings that were not in it', () => {
    const tracker = opened();
    tracker.person(1).close('not_planned');
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
    tracker.wait(30 * DAY);
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
    expect(tracker.phase('alpha')).toBe('acknowledged');
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['reopen #1', 'edit #1', 'comment #1 new-findings']);
  });

  test('open | a person sets audit/accepted → hands off until there is more', () => {
    const tracker = opened();
    tracker.person(1).label('audit/accepted');
    expect(tracker.audit({ alpha: ['one'] }, { severity: 'high' })).toEqual([]);
    expect(tracker.phase('alpha')).toBe('acknowledged');
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual([
      'unlabel #1 audit/accepted',
      'edit #1',
      'comment #1 new-findings',
    ]);
    tracker.person(1).label('audit/accepted');
    expect(tracker.audit()).toEqual(['comment #1 recovered', 'close #1 completed']);
  });

  test('open | audit/quiet set by a person → edit the block, never comment', () => {
    const tracker = opened();
    tracker.person(1).label('audit/quiet');
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['edit #1']);
    expect(tracker.audit()).toEqual(['close #1 completed']);
    expect(tracker.audit({ alpha: ['one'] })).toEqual(['reopen #1', 'edit #1']);
  });

  test('open | marker removed by a person → hands off, for as long as it stays open', () => {
    const tracker = opened();
    tracker.person(1).takeMarkerOut();
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual([]);
    expect(tracker.phase('alpha')).toBe('adopted');
    expect(tracker.audit()).toEqual([]);
    expect(tracker.audit({ alpha: ['one'] }, { sha: 'here' })).toEqual([]);
    tracker.person(1).close('completed');
    expect(tracker.audit({ alpha: ['one'] }, { sha: 'here' }), 'closed, and nothing new').toEqual([]);
    expect(tracker.audit({ alpha: ['one'] }), 'it is not ours to reopen').toEqual(['open #2 alpha']);
    expect(tracker.gate('alpha')?.issue?.follows).toBe(1);
  });

  test('open | issue deleted (410) → acknowledged for 7 days', () => {
    const tracker = opened();
    tracker.person(1).delete();
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
    tracker.wait(6 * DAY);
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
    tracker.wait(DAY);
    expect(tracker.audit({ alpha: ['one'] })).toEqual(['open #2 alpha']);
  });

  test('open | issue deleted, said GitHub, and there it is again → as before', () => {
    const tracker = opened();
    const before = tracker.issue(1);
    tracker.person(1).delete();
    tracker.audit({ alpha: ['one'] });
    tracker.person(1).restore(before);
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['edit #1', 'comment #1 new-findings']);
  });

  test('open | issue transferred (301) → hands off until the gate has passed', () => {
    const tracker = opened();
    tracker.person(1).transfer();
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
    tracker.wait(60 * DAY);
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual([]);
    tracker.audit();
    expect(tracker.audit({ alpha: ['one'] })).toEqual(['open #2 alpha']);
  });

  test('open | issue locked → edit, no comment', () => {
    const tracker = opened();
    tracker.person(1).lock();
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['edit #1']);
    expect(tracker.audit()).toEqual(['close #1 completed']);
  });

  test('resolved | fails again within 14 days → reopen the same issue, naming the regressing commit', () => {
    const tracker = opened();
    tracker.audit();
    tracker.wait(13 * DAY);
    expect(tracker.audit({ alpha: ['two'] })).toEqual(['reopen #1', 'edit #1', 'comment #1 regressed']);
    expect(tracker.phase('alpha')).toBe('open');
  });

  test('resolved | fails again later → new issue that links the old one', () => {
    const tracker = opened();
    tracker.audit();
    tracker.wait(15 * DAY);
    expect(tracker.audit({ alpha: ['one'] })).toEqual(['open #2 alpha']);
    expect(tracker.gate('alpha')?.issue).toMatchObject({ number: 2, follows: 1 });
  });

  test('resolved | a person reopens it while the gate passes → it stays open until the gate has failed and recovered', () => {
    const tracker = opened();
    tracker.audit();
    tracker.person(1).reopen();
    expect(tracker.audit()).toEqual([]);
    expect(tracker.audit()).toEqual([]);
    expect(tracker.issue(1).state).toBe('open');
    expect(tracker.audit({ alpha: ['two'] })).toEqual(['edit #1', 'comment #1 new-findings']);
    expect(tracker.audit()).toEqual(['comment #1 recovered', 'close #1 completed']);
  });

  test('acknowledged | a person reopens it → it is looked after again', () => {
    const tracker = opened();
    tracker.person(1).close('not_planned');
    tracker.audit({ alpha: ['one'] });
    tracker.person(1).reopen();
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['edit #1', 'comment #1 new-findings']);
    expect(tracker.phase('alpha')).toBe('open');
  });

  test('any | three or more open/close turns within 7 days → label, keep open, comment no more, close after 7 quiet days', () => {
    const tracker = opened();
    tracker.audit();
    tracker.audit({ alpha: ['one'] });
    expect(tracker.audit()).toEqual(['label #1 audit/flapping']);
    expect(tracker.audit({ alpha: ['one', 'two'] }), 'no comment').toEqual(['edit #1']);
    expect(tracker.audit()).toEqual([]);
    tracker.wait(6 * DAY);
    expect(tracker.audit()).toEqual([]);
    tracker.wait(DAY);
    expect(tracker.audit()).toEqual(['unlabel #1 audit/flapping', 'close #1 completed']);
  });

  test('any open | gate retired or gone from the registry in a complete audit → comment, label, close as not planned', () => {
    const tracker = opened();
    expect(tracker.audit({ alpha: 'skip' }, { retired: ['alpha'], complete: false })).toEqual([]);
    const steps = ['comment #1 retired', 'label #1 audit/retired', 'close #1 not_planned'];
    expect(tracker.audit({ alpha: 'skip' }, { retired: ['alpha'] }), 'it wins over skip').toEqual(steps);
    expect(tracker.gate('alpha')).toBeUndefined();
    expect(tracker.audit({ alpha: ['one'] }), 'registered again: its failure is news').toEqual(['open #2 alpha']);
  });

  test('– | two audits in a row could not audit at all → one audit/broken issue, closed by the next complete audit', () => {
    const tracker = quiet();
    expect(tracker.fails('the registry is unreadable')).toEqual([]);
    expect(tracker.fails('the registry is unreadable')).toEqual(['open #1 @broken']);
    expect(tracker.fails('the branch is gone')).toEqual([]);
    expect(tracker.audit({}, { complete: false })).toEqual([]);
    expect(tracker.audit()).toEqual(['comment #1 audit-works-again', 'close #1 completed']);
    expect(tracker.fails('once'), 'the count begins anew').toEqual([]);
    expect(tracker.fails('twice')).toEqual(['open #2 @broken']);
    tracker.person(2).close('not_planned');
    expect(tracker.fails('a person closed it')).toEqual([]);
    expect(tracker.audit()).toEqual([]);
  });
});

describe('the baseline', () => {
  test('is what fails on day one, and only ever shrinks', () => {
    const tracker = paperTracker();
    tracker.audit({ alpha: ['one', 'two'] });
    expect(tracker.audit({ alpha: ['one'] }, { complete: false })).toEqual([]);
    expect(tracker.gate('alpha')?.baseline, 'an incomplete audit proves no absence').toHaveLength(2);
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
    expect(tracker.audit({ alpha: ['one', 'two'] })).toEqual(['open #1 alpha']);
  });

  test('and what is remembered of a gate ignore a pass in an incomplete audit', () => {
    const tracker = opened();
    const { firstFail, verifiedAt } = tracker.gate('alpha') ?? {};
    tracker.audit({}, { complete: false });
    expect(tracker.gate('alpha')).toMatchObject({ firstFail, verifiedAt });
  });

  test('is empty for a gate that first passes in an incomplete audit: its failure is news', () => {
    const tracker = paperTracker();
    tracker.audit({ alpha: 'blind' }, { complete: false });
    expect(tracker.audit({ alpha: 'blind', bravo: ['one'] }, { complete: false })).toEqual(['open #1 bravo']);
  });

  test('waits for the first verdict of a gate that was blind or not implemented', () => {
    const tracker = paperTracker();
    tracker.audit({ alpha: 'blind', bravo: 'skip' });
    expect(tracker.audit({ alpha: ['one'], bravo: ['one'] })).toEqual([]);
    expect(tracker.audit({ alpha: ['one', 'two'], bravo: ['one'] })).toEqual(['open #1 alpha']);
  });

  test('of a gate that is registered later is empty: its failure is news', () => {
    const tracker = paperTracker();
    const gates = ['alpha', 'bravo', 'charlie', 'delta', 'echo'];
    tracker.audit({}, { gates });
    expect(tracker.audit({ foxtrot: ['one'] }, { gates: [...gates, 'foxtrot'] })).toEqual(['open #1 foxtrot']);
  });
});

describe('lost state', () => {
  test('is rebuilt from the markers: nothing is filed again, and a gate with an open issue is not baselined', () => {
    const tracker = opened();
    tracker.audit({ alpha: ['one'], bravo: ['one'] });
    tracker.forget();
    expect(tracker.audit({ alpha: ['one', 'two'], bravo: ['one'] })).toEqual([
      'edit #1',
      'comment #1 new-findings',
      'edit #2',
    ]);
    expect(tracker.audit()).toEqual([
      'comment #1 recovered',
      'close #1 completed',
      'comment #2 recovered',
      'close #2 completed',
    ]);
  });

  test('keeps what people decided', () => {
    const tracker = opened();
    tracker.person(1).close('not_planned');
    tracker.audit({ alpha: ['one'] });
    tracker.forget();
    expect(tracker.audit({ alpha: ['one'] })).toEqual([]);
    expect(tracker.phase('alpha')).toBe('acknowledged');
  });

  test('keeps the common issue', () => {
    const tracker = grouped();
    tracker.forget();
    expect(tracker.audit(six)).toEqual(['edit #1']);
    expect(tracker.phase('alpha')).toBe('grouped');
  });
});
