import type { Report } from './report.ts';
import type { Waiver } from './waiver.ts';

/** A commit at which a gate was seen in some state; `at` in ms since the epoch. */
export interface Sighting {
  readonly sha: string;
  readonly at: number;
}

/**
 * Where a gate's issue stands.
 * `adopted`: a person took it over, we write nothing. `gone`: deleted or transferred. `grouped`: it is one of many in a common issue.
 */
export type IssuePhase = 'open' | 'resolved' | 'acknowledged' | 'waived' | 'adopted' | 'gone' | 'grouped';

/** The Gap inbox: absolute facts only, so that an uneventful night changes nothing. */
export interface InboxSummary {
  readonly lanes: Report['lanes'];
  readonly open: readonly {
    readonly number: string;
    readonly name: string;
    readonly severity: string;
    readonly issue: number;
  }[];
  readonly baseline: readonly { readonly number: string; readonly name: string; readonly findings: number }[];
  readonly waivers: readonly Waiver[];
  readonly blind: readonly { readonly number: string; readonly name: string; readonly reason: string }[];
  readonly errors: readonly string[];
}
