import { expect, test } from 'vitest';
import type { Report } from '../../../src/core/report.ts';
import { summarize } from '../../../src/inbox/plan/summary.ts';
import { EMPTY_INBOX } from '../../../src/inbox/state.ts';

const WAIVERS = { active: [], problems: ['ops/bindings/audit.waivers.yaml:3: says no day'], isReadable: true };

function mistakes(count: number): Report {
  const problems = Array.from({ length: count }, (_, index) => ({
    path: 'lanekeeper.yaml',
    line: index + 1,
    column: 5,
    message: '`mist` means nothing here: did you mean `must`?',
  }));
  const now = '2026-02-18T04:17:00.000Z';
  return {
    schemaVersion: 1,
    repo: 'a/b',
    sha: null,
    now,
    complete: false,
    problems,
    siblings: {},
    lanes: [],
    gates: [],
  };
}

test('mistakes in declared gates are problems of the Gap inbox', () => {
  expect(summarize(mistakes(1), WAIVERS, EMPTY_INBOX, ['a former author']).errors).toEqual([
    'a former author',
    'lanekeeper.yaml:1:5: `mist` means nothing here: did you mean `must`?',
    'ops/bindings/audit.waivers.yaml:3: says no day',
  ]);
});

test('ten of them, and how many there are beside', () => {
  const { errors } = summarize(mistakes(40), WAIVERS, EMPTY_INBOX);
  expect(errors.slice(9, 11)).toEqual([
    'lanekeeper.yaml:10:5: `mist` means nothing here: did you mean `must`?',
    '30 more mistakes in declared gates.',
  ]);
});
