import { expect, test } from 'vitest';
import { describePlan, planAsText } from '../../../src/inbox/describe/plan.ts';
import type { Plan } from '../../../src/inbox/writes.ts';

const plan: Plan = {
  transitions: [
    {
      about: 'alpha',
      severity: 'high',
      steps: [
        { key: 'a', call: { kind: 'reopen', issue: 3 } },
        { key: 'b', call: { kind: 'close', issue: 4, reason: 'not_planned' } },
      ],
      apply: (state) => state,
    },
  ],
  notes: ['D86 vm-operating-profile-parity-lock: 13 findings become the baseline'],
  problems: [],
  unread: [],
};

test('a plan is one line an action, then the notes', () => {
  expect(planAsText(describePlan(plan))).toBe(
    'would reopen #3\nwould close #4 as not planned\nnote: D86 vm-operating-profile-parity-lock: 13 findings become the baseline\n',
  );
});

test('nothing to do is said', () => {
  expect(planAsText(describePlan({ transitions: [], notes: [] }))).toBe('nothing to write\n');
});

test('the plans of one audit read as one', () => {
  expect(describePlan(plan, plan).actions).toHaveLength(4);
});
