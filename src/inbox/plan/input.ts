import type { Waivers } from '../../audit/waivers.ts';
import type { Report } from '../../core/report.ts';
import type { TrackerView } from '../port.ts';
import type { InboxState } from '../state.ts';

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
