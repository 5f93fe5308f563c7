import { waiversInForce } from '../../audit/waivers.ts';
import type { GateReport, Report } from '../../core/report.ts';
import type { Waivers } from '../../core/waiver.ts';
import { type Issue, isIssue, type TrackerView } from '../port.ts';
import type { InboxState } from '../state.ts';
import { isUsableName } from './names.ts';

/** What a plan is made from. */
export interface PlanInput {
  readonly report: Report;
  /** Names of the gates that are registered and not retired. */
  readonly registered: ReadonlySet<string>;
  readonly waivers: Waivers;
  readonly state: InboxState;
  readonly tracker: TrackerView;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What every step of a plan sees alike; the state alone changes from step to step. */
export interface Situation extends Omit<PlanInput, 'state'> {
  /** The gates of the report that can have an issue. A name that a malformed registry gives twice means the first of them. */
  readonly gates: ReadonlyMap<string, GateReport>;
}

/** Leaves out what no issue can be about, and waivers that ran out. */
export function situationOf({ report, registered, waivers, tracker, now }: PlanInput): Situation {
  const gates = new Map<string, GateReport>();
  for (const gate of report.gates) if (isUsableName(gate.name) && !gates.has(gate.name)) gates.set(gate.name, gate);
  return {
    report,
    gates,
    registered: new Set([...registered].filter(isUsableName)),
    waivers: waiversInForce(waivers, now),
    tracker,
    now,
  };
}

/** An issue as GitHub has it, where it was read and is still there. */
export function issueAt({ tracker }: Pick<Situation, 'tracker'>, number: number | undefined): Issue | undefined {
  const whereabouts = number === undefined ? undefined : tracker.issues.get(number);
  return isIssue(whereabouts) ? whereabouts : undefined;
}
