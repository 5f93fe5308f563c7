import type { Audit } from '../../src/audit/run.ts';
import { EMPTY_INBOX, EMPTY_TRACKER, type FindingKey, type InboxState, type Plan } from '../../src/core/inbox.ts';
import { describePlan, type PlanLines } from '../../src/inbox/describe/plan.ts';
import { planGapInbox } from '../../src/inbox/plan/gap-inbox.ts';
import { planInbox } from '../../src/inbox/plan/plan.ts';

/** What the inbox would make of an audit. */
export interface Prospect {
  /** Every write and note, a sentence each. */
  readonly lines: PlanLines;
  /** Findings that are news, by gate number: neither there at the base nor waived. */
  readonly fresh: Readonly<Record<string, readonly FindingKey[]>>;
}

/**
 * Plans the issues of an audit as if the base's audit had been day one, or as day one itself where there is no base.
 * Asks nobody: the tracker is taken to be empty.
 */
export function planAgainst(base: Audit | undefined, head: Audit, now: number): Prospect {
  const known = base ? afterwards(planOf(base, EMPTY_INBOX, now), EMPTY_INBOX) : EMPTY_INBOX;
  const plan = planOf(head, known, now);
  const state = afterwards(plan, known);
  return { lines: describePlan(plan, planGapInbox({ ...inputOf(head, now), state })), fresh: freshIn(plan) };
}

function planOf(audit: Audit, state: InboxState, now: number): Plan {
  return planInbox({ ...inputOf(audit, now), state });
}

function inputOf({ report, registered, waivers }: Audit, now: number) {
  return { report, registered: new Set(registered), waivers, tracker: EMPTY_TRACKER, now };
}

/** The state once every transition that needs no write is done. */
function afterwards({ transitions }: Plan, state: InboxState): InboxState {
  const silent = transitions.filter(({ steps }) => steps.length === 0);
  return silent.reduce<InboxState>((whole, { apply }) => apply(whole, null), state);
}

function freshIn({ transitions }: Plan): Prospect['fresh'] {
  const contents = transitions.flatMap(({ steps }) =>
    steps.flatMap(({ call }) => (call.kind === 'create' ? [call.content] : [])),
  );
  const entries = contents.flatMap((content) => {
    if (content.kind === 'gate') return [[content.gate.number, content.fresh] as const];
    return content.kind === 'group' ? content.gates.map(({ gate, fresh }) => [gate.number, fresh] as const) : [];
  });
  return Object.fromEntries(entries);
}
