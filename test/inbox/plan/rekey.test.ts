import { expect, test } from 'vitest';
import { keptSubject } from '../../../src/audit/redact-report.ts';
import type { InboxState } from '../../../src/inbox/state.ts';
import { paperTracker } from './paper-tracker.ts';

/** As if an earlier version had remembered a finding of alpha under another name. */
function rememberedAs(tracker: ReturnType<typeof paperTracker>, now: string, before: string): void {
  const text = JSON.stringify(tracker.state).replaceAll(`is-listed ${now}`, `is-listed ${before}`);
  tracker.remember(JSON.parse(text) as InboxState);
}

const [SECRET, OTHER] = [keptSubject('token=aaaa'), keptSubject('token=bbbb')];

test.each([
  ['before it was masked', 'token=aaaa'],
  ['masked, before look-alikes were told apart', 'token=•••'],
])('a finding that is remembered %s is the same finding', (_, before) => {
  const baseline = paperTracker();
  baseline.audit({ alpha: [SECRET] });
  rememberedAs(baseline, SECRET, before);
  expect(baseline.audit({ alpha: [SECRET] })).toEqual([]);
  expect(JSON.stringify(baseline.state)).not.toContain('aaaa');
  expect(baseline.audit({ alpha: [SECRET, OTHER] }), 'another secret is another finding').toEqual(['open #1 alpha']);

  const open = paperTracker();
  open.audit();
  open.audit({ alpha: [SECRET] });
  rememberedAs(open, SECRET, before);
  expect(open.audit({ alpha: [SECRET] })).not.toContain('comment #1 new-findings');
});

test('a secret that changed is a new finding, even where the old one is gone', () => {
  const tracker = paperTracker();
  tracker.audit({ alpha: [SECRET] });
  expect(tracker.audit({ alpha: [OTHER] })).toEqual(['open #1 alpha']);
});
