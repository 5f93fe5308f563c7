import type { FindingKey } from './finding.ts';
import type { InboxSummary, IssuePhase, Sighting } from './inbox.ts';
import type { Outcome } from './outcome.ts';
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

/** Where a gate stands over audits, for people to read. */
export interface GateStanding {
  /** What the latest audits said of it, newest last; `core/outcome.ts` reads it. */
  readonly strip: string;
  /** The first audit that saw each present finding. */
  readonly seen: Readonly<Record<FindingKey, Sighting>>;
  /** Present findings that are news: in neither baseline nor waivers. */
  readonly fresh: readonly FindingKey[];
  readonly lastPass: Sighting | null;
  readonly firstFail: Sighting | null;
  readonly issue: { readonly number: number; readonly phase: IssuePhase } | null;
}

/** One audit as it is kept for the web. */
export interface StoredAudit {
  readonly id: string;
  readonly report: Report;
  readonly trigger: Trigger;
  /** Numbers of gates with findings that are neither baseline nor waived nor accepted by a person. */
  readonly newlyFailing: readonly string[];
  /** Lanes that the push touched, where a push triggered it. */
  readonly touched?: readonly string[];
  readonly delivery: Delivery;
  /** GitHub requests by purpose. */
  readonly requests: Readonly<Record<string, number>>;
  readonly inbox: InboxSummary | null;
  /** By gate number. */
  readonly standings: Readonly<Record<string, GateStanding>>;
}

/** One line about an audit: all that lists of audits need. */
export interface AuditSummary {
  readonly id: string;
  readonly sha: string | null;
  readonly now: string;
  readonly outcome: Outcome;
  readonly trigger: Trigger;
  /** `core 8/8`-style totals by lane id. */
  readonly lanes: Readonly<Record<string, LaneTotals>>;
  readonly delivery: readonly [
    planned: number,
    opened: number,
    updated: number,
    closed: number,
    suppressed: number,
    failed: number,
  ];
}

/** `blind` counts crashed gates too; what is left of the total was skipped. */
export type LaneTotals = readonly [pass: number, total: number, newlyFailing: number, fail: number, blind: number];

/** One line about a target: all that the fleet page needs. */
export interface TargetSummary extends AuditSummary {
  readonly repo: string;
  /** GitHub's number of it, where an audit has seen it. */
  readonly repositoryId?: number;
  /** Outcomes of the latest audits, newest last; `core/outcome.ts` reads it. */
  readonly strip: string;
  readonly lastCompleteAt: string | null;
  readonly errors: number;
  /** The first few newly failing gates: number, and the start of the sha at which it was first seen failing. */
  readonly fresh: readonly (readonly [gate: string, since: string])[];
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
