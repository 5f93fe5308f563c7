import type { FindingKey } from '../core/finding.ts';
import type { InboxSummary, Sighting } from '../core/inbox.ts';
import type { GateReport } from '../core/report.ts';
import type { Waiver } from '../core/waiver.ts';
import type { InboxState } from './state.ts';

/** What an issue of ours is about; the adapter turns it into Markdown. */
export type IssueContent =
  | {
      readonly kind: 'gate';
      readonly gate: GateReport;
      readonly fresh: readonly FindingKey[];
      readonly known: readonly FindingKey[];
      readonly lastPass: Sighting | null;
      readonly firstFail: Sighting | null;
      readonly follows: number | null;
    }
  /** One line in the block of a gate's issue; the rest of the block stays as it is. `since` is an ISO date. */
  | { readonly kind: 'unverified'; readonly since: string }
  | { readonly kind: 'group'; readonly gates: readonly GroupEntry[] }
  | { readonly kind: 'inbox'; readonly summary: InboxSummary }
  | { readonly kind: 'broken'; readonly error: string };

export interface GroupEntry {
  readonly gate: Pick<GateReport, 'number' | 'name' | 'severity' | 'lanes' | 'findings' | 'brokenBy'>;
  readonly fresh: readonly FindingKey[];
  readonly hasRecovered: boolean;
}

export type CommentContent =
  | {
      readonly kind: 'new-findings';
      readonly gate: GateReport;
      readonly fresh: readonly FindingKey[];
      readonly severityRose: boolean;
    }
  | { readonly kind: 'recovered'; readonly gate: GateReport; readonly openedAt: number }
  | { readonly kind: 'back-to-baseline'; readonly gate: GateReport; readonly known: number }
  | { readonly kind: 'waived'; readonly waivers: readonly Waiver[] }
  | { readonly kind: 'waiver-ended' }
  | { readonly kind: 'regressed'; readonly lastPass: Sighting | null; readonly firstFail: Sighting | null }
  | { readonly kind: 'still-failing'; readonly gate: GateReport; readonly failing: number }
  | { readonly kind: 'retired'; readonly gate: string }
  | { readonly kind: 'group-grew'; readonly gates: readonly Pick<GateReport, 'number' | 'name'>[] }
  | { readonly kind: 'group-recovered' }
  | { readonly kind: 'duplicate'; readonly of: number }
  /** `failing`: how many findings of a gate are open; null for an issue that is about no single gate. */
  | { readonly kind: 'closed-by-bot'; readonly failing: number | null }
  | { readonly kind: 'audit-works-again' }
  /** Nobody audits the repository any more. */
  | { readonly kind: 'audit-ended' };

/** One write at GitHub. */
export type Call =
  | {
      readonly kind: 'create';
      readonly about: string;
      readonly content: IssueContent;
      readonly labels: readonly string[];
    }
  | {
      readonly kind: 'edit';
      readonly issue: number;
      readonly about: string;
      readonly content: IssueContent;
      readonly labels: readonly string[];
    }
  | { readonly kind: 'comment'; readonly issue: number; readonly content: CommentContent }
  | { readonly kind: 'close'; readonly issue: number; readonly reason: 'completed' | 'not_planned' }
  | { readonly kind: 'reopen'; readonly issue: number }
  | { readonly kind: 'add-label'; readonly issue: number; readonly label: string }
  | { readonly kind: 'remove-label'; readonly issue: number; readonly label: string }
  /** Best effort: GitHub pins three issues a repository. */
  | { readonly kind: 'pin'; readonly issue: number };

/** A write with an identity: planned again with the same meaning, it has the same key until its transition is confirmed. */
export interface Step {
  /** `about/revision/call/hash of what it says`. */
  readonly key: string;
  readonly call: Call;
}

/** Steps that belong together, and the part of the state that holds once all of them are confirmed. */
export interface Transition {
  /** A gate's name, or `@group`, `@inbox`, `@broken`, `@duplicate`. */
  readonly about: string;
  readonly severity: string;
  readonly steps: readonly Step[];
  /** Applied when all steps are confirmed; `createdIssue` is the number of the issue that a `create` step made. */
  readonly apply: (state: InboxState, createdIssue: number | null) => InboxState;
  /** Keys of earlier, unconfirmed steps whose outcome is part of the new state: they need not be remembered any more. */
  readonly clears?: readonly string[];
}

/** What an audit wants to be true in the issue tracker. */
export interface Plan {
  /** Closes and updates before creates, the worst severity first. */
  readonly transitions: readonly Transition[];
  /** Things to say that need no write: what was baselined, what was left alone and why. */
  readonly notes: readonly string[];
  /** What keeps issues from being looked after, with the remedy, as sentences. */
  readonly problems: readonly string[];
  /** Issues that have to be read by number before anything can be planned about them. */
  readonly unread: readonly number[];
}
