import type { GateReport, Report } from './report.ts';

/** Identity of a finding within its gate: rule and subject. */
export type FindingKey = string;

export function findingKey({ rule, subject }: { readonly rule: string; readonly subject: string }): FindingKey {
  return `${rule} ${subject}`;
}

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

export interface IssueState {
  readonly number: number;
  readonly phase: IssuePhase;
  /** Findings that the issue is about. */
  readonly findings: readonly FindingKey[];
  readonly severity: string;
  /** Hash of what our block shows; an equal one needs no edit. */
  readonly fingerprint: string;
  readonly openedAt: number;
  readonly closedAt: number | null;
  /** We reopened it once against a person's close; the next close is final. */
  readonly reopenedOnce: boolean;
  /** A person closed it when this was the last commit seen to fail; only a failure at another one is newer evidence. */
  readonly closedSha: string | null;
  /** A person reopened it although nothing was wrong: it stays open until the gate has failed and recovered. */
  readonly isHeld: boolean;
  /** The earlier issue that it links to. */
  readonly follows: number | null;
  /** When we opened, closed or reopened it in the last seven days. */
  readonly turns: readonly number[];
  /** Set while it flaps: since when the gate has been quiet (null: it fails now). */
  readonly flapping: { readonly quietSince: number | null } | null;
  /** For `gone`: until when (ms since the epoch) the deletion counts as an acknowledgement; null for ever. */
  readonly until: number | null;
}

/** What is remembered of one gate of one target. */
export interface GateState {
  /** Counts confirmed transitions of its issue; part of every step's identity. */
  readonly revision: number;
  /** Findings that were there on day one; null until the first pass or fail. */
  readonly baseline: readonly FindingKey[] | null;
  readonly lastPass: Sighting | null;
  /** First and latest failing sighting of the present streak; null when it does not fail. */
  readonly firstFail: Sighting | null;
  readonly lastFail: Sighting | null;
  /** When it last failed, or passed in a complete audit; null while nothing is known. */
  readonly verifiedAt: number | null;
  readonly issue: IssueState | null;
}

/** A common issue for many gates that failed at once. */
export interface GroupState {
  readonly number: number;
  readonly revision: number;
  readonly fingerprint: string;
  readonly openedAt: number;
  /** Findings by gate; a gate with none has recovered. */
  readonly gates: Readonly<Record<string, readonly FindingKey[]>>;
}

/** One of our standing issues that belongs to no gate: the Gap inbox, or the one that says the audit is broken. */
export interface StandingIssue {
  readonly number: number;
  readonly revision: number;
  readonly fingerprint: string;
  readonly isOpen: boolean;
  /** Pinning is tried once; people may unpin it. */
  readonly isPinned: boolean;
}

/** Everything the planner remembers of a target. */
export interface InboxState {
  /** When the first report was planned; null before day one. */
  readonly startedAt: number | null;
  readonly gates: Readonly<Record<string, GateState>>;
  readonly group: GroupState | null;
  readonly gapInbox: StandingIssue | null;
  readonly broken: StandingIssue | null;
  /** Audits in a row that could not audit at all. */
  readonly failedAudits: number;
}

export const EMPTY_INBOX: InboxState = {
  startedAt: null,
  gates: {},
  group: null,
  gapInbox: null,
  broken: null,
  failedAudits: 0,
};

/** What the first line of an issue of ours says. */
export interface Marker {
  /** A gate's name, or `@group`, `@inbox`, `@broken`. */
  readonly about: string;
  readonly repositoryId: number;
  readonly sha: string;
  /** The step that created it. */
  readonly key: string;
  /** Hashes of the findings it is about, and of those it lists as known. */
  readonly findings: readonly string[];
  readonly known: readonly string[];
}

/** An issue as GitHub has it. */
export interface Issue {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly stateReason: 'completed' | 'not_planned' | 'reopened' | 'duplicate' | null;
  readonly labels: readonly string[];
  readonly isLocked: boolean;
  readonly closedAt: number | null;
  readonly isClosedByUs: boolean;
  /** Null when there is none that we can read, or the author is not us. Only with a marker an issue is ours. */
  readonly marker: Marker | null;
}

/** What became of an issue that we know by number. */
export type Whereabouts = Issue | 'deleted' | 'transferred';

/** A close or a reopening of ours that was never confirmed, but took place: not a person's doing. */
export interface OwnAct {
  readonly act: 'close' | 'reopen';
  /** The step's key. */
  readonly key: string;
}

/** What was read of the tracker. An issue that is not in it is unknown, which says nothing about it. */
export interface TrackerView {
  readonly issues: ReadonlyMap<number, Whereabouts>;
  readonly ownActs: ReadonlyMap<number, OwnAct>;
}

export const EMPTY_TRACKER: TrackerView = { issues: new Map(), ownActs: new Map() };

/** A waiver that is in force. */
export interface Waiver {
  readonly gate: string;
  /** Null waives every finding of the gate. */
  readonly subject: string | null;
  readonly reason: string;
  readonly owner: string;
  /** ISO date, the last day on which it holds. */
  readonly expires: string;
}

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
  readonly gate: Pick<GateReport, 'number' | 'name' | 'severity' | 'lanes' | 'findings'>;
  readonly fresh: readonly FindingKey[];
  readonly hasRecovered: boolean;
}

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
  | { readonly kind: 'still-failing'; readonly gate: GateReport }
  | { readonly kind: 'retired'; readonly gate: string }
  | { readonly kind: 'group-grew'; readonly gates: readonly Pick<GateReport, 'number' | 'name'>[] }
  | { readonly kind: 'group-recovered' }
  | { readonly kind: 'duplicate'; readonly of: number }
  | { readonly kind: 'audit-works-again' };

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
  /** Keys of earlier, unconfirmed steps whose outcome is part of the new state. */
  readonly settles?: readonly string[];
}

/** What an audit wants to be true in the issue tracker. */
export interface Plan {
  /** Closes and updates before creates, the worst severity first. */
  readonly transitions: readonly Transition[];
  /** Things to say that need no write: what was baselined, what was left alone and why. */
  readonly notes: readonly string[];
  /** Issues that have to be read by number before anything can be planned about them. */
  readonly unread: readonly number[];
}

/** Why the tracker could not be read or written. */
export type InboxFailure =
  | 'unauthorized'
  | 'forbidden'
  | 'disabled'
  | 'archived'
  | 'rate-limited'
  | 'not-found'
  | 'invalid'
  | 'transport';

export class InboxError extends Error {
  override readonly name = 'InboxError';
  readonly failure: InboxFailure;
  /** ms since the epoch; null where GitHub said nothing. */
  readonly retryAt: number | null;

  constructor(failure: InboxFailure, message: string, options: ErrorOptions & { retryAt?: number | null } = {}) {
    super(message, options);
    this.failure = failure;
    this.retryAt = options.retryAt ?? null;
  }
}

/** The issue tracker of one target. Every method throws `InboxError`. */
export interface Inbox {
  readonly mode: 'on' | 'dry-run';
  /** Issues of ours: all open ones, and with `closed` also the closed ones. Absence from the list proves nothing. */
  list(options: { readonly closed: boolean }): Promise<readonly Issue[]>;
  get(issue: number): Promise<Whereabouts>;
  perform(call: Call, key: string): Promise<Performed>;
  /** The issue that an unconfirmed create made, if GitHub shows one. */
  findCreated(key: string): Promise<Issue | null>;
  /** Whether an unconfirmed comment is there. */
  hasComment(issue: number, key: string): Promise<boolean>;
}

/** A call that was carried out. */
export interface Performed {
  /** The issue it concerns. */
  readonly issue: number;
  /** What GitHub silently left out, as a sentence. */
  readonly warning?: string;
}
