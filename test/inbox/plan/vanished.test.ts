/** Gates that leave the registry: one by one they are retired, many at once may be an accident. */
import { describe, expect, test } from 'vitest';
import { DAY, paperTracker } from './paper-tracker.ts';

const ALL = 'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima'.split(' ');
const GONE = ALL.slice(0, 6);
const RETIRED = ['comment #1 retired', 'label #1 audit/retired', 'close #1 not_planned'];

/** alpha has an open issue, #1; bravo fails since day one. */
function opened() {
  const tracker = paperTracker();
  tracker.audit({ bravo: ['known'] });
  tracker.audit({ bravo: ['known'], alpha: ['one'] });
  return tracker;
}

const without = { retired: GONE, unlisted: GONE };

describe('many gates vanish at once', () => {
  test('nothing is closed and nothing forgotten; the problem and its end are told', () => {
    const tracker = opened();
    expect(tracker.audit({}, without)).toEqual([]);
    expect(tracker.problems()).toEqual([
      expect.stringMatching(/^6 gates are no longer registered\. If that is a mistake, restore .* 2026-02-25 /),
    ]);
    expect(tracker.audit({ bravo: ['known'], alpha: ['one'] }), 'they are back').toEqual([]);
    expect(tracker.problems()).toEqual([]);
    expect(tracker.audit({ bravo: ['known'] })).toEqual(['comment #1 recovered', 'close #1 completed']);
  });

  test('after seven days it was no accident', () => {
    const tracker = opened();
    tracker.audit({}, without);
    tracker.wait(6 * DAY);
    expect(tracker.audit({}, without), 'a note that nobody checks it, and no more').toEqual(['note #1 2026-02-18']);
    tracker.wait(DAY);
    expect(tracker.audit({}, without)).toEqual(RETIRED);
    expect(tracker.problems()).toEqual([]);
    expect(Object.keys(tracker.state.gates)).toEqual(ALL.slice(6));
  });

  test('an accident that is mended and happens again has seven days of its own', () => {
    const tracker = opened();
    tracker.audit({}, without);
    tracker.wait(6 * DAY);
    tracker.audit({ alpha: ['one'] });
    tracker.wait(2 * DAY);
    expect(tracker.audit({}, without).filter((step) => step.startsWith('close'))).toEqual([]);
  });

  test('with our memory lost, issues of gates that nobody registers are held as well', () => {
    const tracker = paperTracker();
    tracker.audit();
    for (const [index] of GONE.entries())
      tracker.audit(Object.fromEntries(GONE.slice(0, index + 1).map((name) => [name, ['one']])));
    tracker.forget();
    expect(tracker.audit({}, without)).toEqual([]);
    expect(tracker.problems()).toHaveLength(1);
  });

  test('the common issue of many gates does not count them as recovered', () => {
    const tracker = paperTracker();
    tracker.audit();
    const failing = Object.fromEntries(GONE.map((name) => [name, ['one']]));
    expect(tracker.audit(failing)).toEqual(['open #1 @group']);
    expect(tracker.audit({}, without)).toEqual([]);
    expect(tracker.audit(failing)).toEqual([]);
  });

  test('an incomplete audit proves nothing either way', () => {
    const tracker = opened();
    expect(tracker.audit({}, { ...without, complete: false })).toEqual([]);
    expect(tracker.problems()).toEqual([]);
  });
});

test('a few gates that are taken out are retired at once', () => {
  const tracker = opened();
  expect(tracker.audit({}, { retired: ['alpha', 'bravo'], unlisted: ['alpha', 'bravo'] })).toEqual(RETIRED);
  expect(tracker.problems()).toEqual([]);
});
