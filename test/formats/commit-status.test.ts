import { describe, expect, test } from 'vitest';
import { commitStatusOf } from '../../src/formats/commit-status.ts';
import { audits } from '../web/fixture.ts';

describe('the commit status', () => {
  test('is red only for what newly fails', () => {
    const [quiet, , news] = audits();
    if (!quiet || !news) throw new Error('no audits');
    expect(commitStatusOf(news)).toEqual({
      sha: 'c'.repeat(40),
      state: 'failure',
      description: 'newly failing: D138 · 1 of 5 gates pass · 1 known failure · 1 blind · 1 skipped',
    });
    expect(commitStatusOf(quiet)).toMatchObject({
      state: 'success',
      description: '2 of 5 gates pass · 1 known failure · 1 blind · 1 skipped',
    });
    expect(commitStatusOf({ ...quiet, report: { ...quiet.report, complete: false } })?.state).toBe('error');
    expect(commitStatusOf({ ...quiet, report: { ...quiet.report, error: 'no access' } })).toMatchObject({
      state: 'error',
      description: 'could not audit',
    });
    expect(commitStatusOf({ ...quiet, report: { ...quiet.report, sha: null } })).toBeNull();
    const many = Array.from({ length: 60 }, (_, index) => `D${index}`);
    expect(commitStatusOf({ ...news, newlyFailing: many })?.description.length).toBe(140);
  });
});
