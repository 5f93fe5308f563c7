import type { InboxSummary } from './inbox.ts';
import type { Report } from './report.ts';

/** What became of a plan. Planned > 0 with delivered = 0 is an error that everybody sees. */
export interface Delivery {
  readonly mode: 'on' | 'dry-run';
  readonly planned: number;
  readonly opened: number;
  readonly updated: number;
  readonly closed: number;
  readonly suppressed: number;
  readonly failed: number;
  /** Sentences: what went wrong, with the remedy. */
  readonly errors: readonly string[];
  readonly notes: readonly string[];
  /** What was written, or in a dry run would be: one sentence each. */
  readonly actions: readonly string[];
}

export type Trigger = 'cron' | 'push' | 'api' | 'retry' | 'issues';

/** One audit as it is kept for the web. */
export interface StoredAudit {
  readonly id: string;
  readonly report: Report;
  readonly trigger: Trigger;
  /** Numbers of gates that newly fail: an issue is open for them. */
  readonly newlyFailing: readonly string[];
  /** Lanes that the push touched, where a push triggered it. */
  readonly touched?: readonly string[];
  readonly delivery: Delivery;
  /** GitHub requests by purpose. */
  readonly requests: Readonly<Record<string, number>>;
  readonly inbox: InboxSummary | null;
}

export type Outcome = 'pass' | 'fail' | 'new' | 'incomplete' | 'error';

/** One line about an audit: all that lists of audits need. */
export interface AuditSummary {
  readonly id: string;
  readonly sha: string | null;
  readonly now: string;
  readonly outcome: Outcome;
  /** `core 8/8`-style totals by lane id: pass, total, and whether anything newly fails there. */
  readonly lanes: Readonly<Record<string, readonly [pass: number, total: number, newlyFailing: number]>>;
}

/** One line about a target: all that the fleet page needs. */
export interface TargetSummary extends AuditSummary {
  readonly repo: string;
  /** Outcomes of the latest audits, newest last, one character each: p f n i e. */
  readonly strip: string;
  readonly lastCompleteAt: string | null;
  readonly errors: number;
}

/** Where audits go for the web to read. The coordinator writes, the web reads. */
export interface AuditStore {
  /** At most three writes. */
  save(repo: string, audit: StoredAudit, summary: TargetSummary): Promise<void>;
  targets(): Promise<readonly TargetSummary[]>;
  latest(repo: string): Promise<StoredAudit | null>;
  get(repo: string, id: string): Promise<StoredAudit | null>;
  /** Newest first. */
  history(
    repo: string,
    options: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly audits: readonly AuditSummary[]; readonly cursor: string | null }>;
}
