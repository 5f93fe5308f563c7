import type { Located } from './finding.ts';
import { Exhausted } from './signals.ts';

/** Counts the work that one gate causes by what it reads, so that no file of the audited repo can keep an audit busy for ever. */
export interface Meter {
  /** Takes `steps` off the budget; `at` is what was being read. Throws `Exhausted` when nothing is left. */
  spend(steps: number, at: Located): void;
}

/** The work that one gate may cause: a step is a question, a line handed over, an item or a pair looked at. The reference's dearest gate takes some 100,000. */
const STEPS_PER_GATE = 5_000_000;

export function createMeter(budget = STEPS_PER_GATE): Meter {
  let left = budget;
  return {
    spend(steps, at) {
      left -= steps;
      if (left >= 0) return;
      const { path, line } = at.place;
      const where = line === null ? path : `${path}:${line}`;
      throw new Exhausted(`reading ${where} takes more than ${budget.toLocaleString('en')} steps; make it smaller`, at);
    },
  };
}

/** For whoever reads without a limit: examples, tests, single values. */
export const UNMETERED: Meter = { spend() {} };
