import { describe, expect, test } from 'vitest';
import type { IssuePhase } from '../../../src/core/inbox.ts';
import type { GateReport, Report } from '../../../src/core/report.ts';
import type { Waiver } from '../../../src/core/waiver.ts';
import { newlyFailing } from '../../../src/inbox/plan/newly-failing.ts';
import { EMPTY_INBOX, type GateState } from '../../../src/inbox/state.ts';
import { paperTracker } from './paper-tracker.ts';

const NEVER = { owner: 'tove', reason: 'replaced in spring', expires: '2026-06-01' };

function reportOf(...subjects: readonly string[]): Report {
  const findings = subjects.map((subject) => {
    return { rule: 'is-listed', subject, repo: 'target', path: null, line: null, message: subject };
  });
  const gate: GateReport = {
    number: 'D900',
    name: 'alpha',
    category: '',
    severity: 'low',
    lanes: [],
    verdict: 'fail',
    findings,
  };
  const now = '2026-02-18T04:17:00Z';
  return {
    schemaVersion: 1,
    repo: 'you/homelab',
    sha: 'a',
    now,
    complete: true,
    siblings: {},
    lanes: [],
    gates: [gate],
  };
}

/** What is new of `subjects`, where `known` is the baseline. */
function newOf(
  subjects: readonly string[],
  known: readonly string[] | null,
  { waivers = [], issue = null }: { waivers?: readonly Waiver[]; issue?: GateState['issue'] } = {},
): readonly string[] {
  const baseline = known?.map((subject) => `is-listed ${subject}`) ?? null;
  const alpha = { revision: 0, baseline, lastPass: null, firstFail: null, lastFail: null, verifiedAt: null, issue };
  const state = { ...EMPTY_INBOX, startedAt: 0, gates: { alpha } };
  return (newlyFailing(reportOf(...subjects), state, waivers).get('D900') ?? []).map((key) => key.split(' ')[1] ?? '');
}

/** The issue of alpha about `one`, in a phase. */
function issueIn(phase: IssuePhase): GateState['issue'] {
  const tracker = paperTracker();
  tracker.audit();
  tracker.audit({ alpha: ['one'] });
  const issue = tracker.gate('alpha')?.issue;
  return issue ? { ...issue, phase } : null;
}

describe('a finding is new', () => {
  test('when the baseline does not have it', () => {
    expect(newOf(['one', 'two'], ['one'])).toEqual(['two']);
    expect(newOf(['one'], ['one', 'gone'])).toEqual([]);
  });

  test('unless a waiver covers it, or the whole gate', () => {
    expect(newOf(['one', 'two'], [], { waivers: [{ gate: 'D900', subject: 'one', ...NEVER }] })).toEqual(['two']);
    expect(newOf(['one', 'two'], [], { waivers: [{ gate: 'alpha', subject: null, ...NEVER }] })).toEqual([]);
  });

  test('for as long as its issue is open, and not after a person accepted it', () => {
    expect(newOf(['one'], [], { issue: issueIn('open') })).toEqual(['one']);
    expect(newOf(['one'], [], { issue: issueIn('acknowledged') })).toEqual([]);
    expect(newOf(['one', 'two'], [], { issue: issueIn('acknowledged') })).toEqual(['two']);
  });

  test('never on the first day, which has no baseline yet', () => {
    expect(newOf(['one'], null)).toEqual([]);
  });
});
