/** What evaluating costs, counted rather than timed: the same gate on the same repo always ends at the same place. */
export interface Budget {
  /** Throws `BudgetSpent` when nothing is left. */
  spend(steps: number): void;
}

/** An expression asks for more work than a gate may do. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

/** A gate may take this many steps: about two seconds. One is an item of a macro or a call; texts count by their length. */
export const GATE_STEPS = 3_000_000;

export function createBudget(steps: number): Budget {
  let left = steps;
  return {
    spend(count) {
      left -= count;
      if (left < 0) throw new BudgetSpent(`it takes more than ${steps.toLocaleString('en')} steps`);
    },
  };
}
