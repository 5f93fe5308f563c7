import type { Audit } from '../../src/audit/run.ts';
import { describePlan, type PlanLines } from '../../src/inbox/describe/plan.ts';
import { planGapInbox } from '../../src/inbox/plan/gap-inbox.ts';
import { planInbox } from '../../src/inbox/plan/plan.ts';
import { EMPTY_TRACKER } from '../../src/inbox/port.ts';
import { EMPTY_INBOX, type InboxState } from '../../src/inbox/state.ts';
import type { Plan } from '../../src/inbox/writes.ts';

/**
 * Every write and note that the inbox would make of an audit, as if the base's audit had been day one, or as day one itself where there is no base.
 * Asks nobody: the tracker is taken to be empty.
 */
export function prospectOf(base: Audit | undefined, head: Audit, now: number): PlanLines {
  const known = base ? afterwards(planOf(base, EMPTY_INBOX, now), EMPTY_INBOX) : EMPTY_INBOX;
  const plan = planOf(head, known, now);
  return describePlan(plan, planGapInbox({ ...inputOf(head, now), state: afterwards(plan, known) }));
}

function planOf(audit: Audit, state: InboxState, now: number): Plan {
  return planInbox({ ...inputOf(audit, now), state });
}

function inputOf({ report, registered, waivers }: Audit, now: number) {
  // Gates that were asked for by name count, whether or not the repo's registry was read for them.
  const names = registered.length > 0 ? registered : report.gates.map(({ name }) => name);
  return { report, registered: new Set(names), waivers, tracker: EMPTY_TRACKER, now };
}

/** The state once every transition that needs no write is done. */
function afterwards({ transitions }: Plan, before: InboxState): InboxState {
  let state = before;
  for (const { steps, apply } of transitions) if (steps.length === 0) state = apply(state, null);
  return state;
}
