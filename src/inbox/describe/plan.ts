import type { Plan } from '../writes.ts';
import { describeCall } from './calls.ts';

/** What a plan would do at GitHub, one sentence an action, and what it notes without a write. */
export interface PlanLines {
  readonly actions: readonly string[];
  readonly notes: readonly string[];
}

/** A plan for people: the dry run and the command line say the same. Several plans of one audit read as one. */
export function describePlan(...plans: readonly Pick<Plan, 'transitions' | 'notes'>[]): PlanLines {
  const steps = plans.flatMap(({ transitions }) => transitions.flatMap((transition) => transition.steps));
  return { actions: steps.map(({ call }) => describeCall(call)), notes: plans.flatMap(({ notes }) => notes) };
}

/** The lines that `npm run audit -- … --plan` prints. */
export function planAsText({ actions, notes }: PlanLines): string {
  const lines = [
    ...(actions.length === 0 ? ['nothing to write'] : actions.map((action) => `would ${action}`)),
    ...notes.map((note) => `note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}
