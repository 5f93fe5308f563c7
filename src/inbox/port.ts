import type { Call } from './writes.ts';

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
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly stateReason: 'completed' | 'not_planned' | 'reopened' | 'duplicate' | null;
  readonly labels: readonly string[];
  readonly isLocked: boolean;
  readonly closedAt: number | null;
  /** Who closed it; null while it is open. A bot decides nothing: most likely it tidies up what looks stale. */
  readonly closedBy: 'us' | 'person' | 'bot' | null;
  /** Null when there is none that we can read, or the author is not us. Only with a marker an issue is ours. */
  readonly marker: Marker | null;
  /** Who opened it, where it has our marker for this repository but another author: most likely us with earlier credentials. */
  readonly formerAuthor: string | null;
}

/** What became of an issue that we know by number. */
export type Whereabouts = Issue | 'deleted' | 'transferred';

export function isIssue(whereabouts: Whereabouts | undefined): whereabouts is Issue {
  return typeof whereabouts === 'object';
}

/** Whether an issue carries our marker for this gate (or `@group`, `@inbox`, `@broken`). */
export function isAbout(whereabouts: Whereabouts | undefined, about: string): whereabouts is Issue {
  return isIssue(whereabouts) && whereabouts.marker?.about === about;
}

/** A close or a reopening of ours that was never confirmed, but took place: not a person's doing. */
export interface OwnAct {
  readonly act: 'close' | 'reopen';
  /** The step's key. */
  readonly key: string;
}

/** What was read of the tracker. An issue that is not in it is unknown, which says nothing about it. */
export interface TrackerView {
  readonly issues: ReadonlyMap<number, Whereabouts>;
  /** Issues that GitHub refuses to show us (403, 404) while it shows others. */
  readonly hidden: ReadonlySet<number>;
  readonly ownActs: ReadonlyMap<number, OwnAct>;
}

export const EMPTY_TRACKER: TrackerView = { issues: new Map(), hidden: new Set(), ownActs: new Map() };

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
  /**
   * Issues with our label: all open ones, and with `closed` also the closed ones. Absence from the list proves nothing.
   * With `unlabelled` every issue is looked at, so that a label that somebody took off hides none of ours.
   */
  list(options: { readonly closed: boolean; readonly unlabelled?: boolean }): Promise<readonly Issue[]>;
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
