/** What evaluating costs, counted rather than timed: the same gate on the same repo always ends at the same place. */
export interface Budget {
  /** Throws `BudgetSpent` when nothing is left. */
  spend(steps: number): void;
}

/** An expression asks for more work than a gate may do. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

/** Operators, names and values of an expression that are evaluated in the time of one step. */
const PARTS_PER_STEP = 8;

/** What evaluating an expression of a size costs. */
export function stepsFor(size: number): number {
  return 1 + size / PARTS_PER_STEP;
}

/** A gate may take this many steps: less than a second. One is an expression of a few words, or such a part of a macro for one item; texts count by their length. */
export const GATE_STEPS = 600_000;

/** All gates of a repo together may take this many, however many there are: an audit has 30 seconds, and these are three or four. */
const AUDIT_STEPS = 2_000_000;

export function createBudget(steps: number, shared?: Budget): Budget {
  let left = steps;
  return {
    spend(count) {
      left -= count;
      if (left < 0) throw new BudgetSpent(`it takes more than ${steps.toLocaleString('en')} steps`);
      shared?.spend(count);
    },
  };
}

/** What all gates of one audit pay into beside their own. */
export function sharedBudget(): Budget {
  let left = AUDIT_STEPS;
  return {
    spend(count) {
      left -= count;
      if (left >= 0) return;
      const most = AUDIT_STEPS.toLocaleString('en');
      throw new BudgetSpent(`the gates that this repo declares take more than ${most} steps together`);
    },
  };
}
