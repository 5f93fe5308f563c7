import type { DefaultRegistry } from '../audit/registry/defaults.ts';
import type { ScriptsRequest } from '../audit/scripts.ts';
import type { CheckRuns } from '../core/check-runs.ts';
import type { ReadDeclaration } from '../core/declaration.ts';
import type { Gate } from '../core/gate.ts';
import type { Ledger } from '../core/ledger.ts';
import type { StatusBoard } from '../core/status.ts';
import type { AuditStore } from '../core/store.ts';
import type { Inbox } from '../inbox/port.ts';
import type { Branch, Sibling } from './siblings.ts';

/** Access to one target for one audit. */
export interface OpenTarget extends Branch {
  /** Where its lanes come from. */
  readonly governance?: 'repo' | 'none';
  /** Reads the gates that it declares. */
  readonly declare?: ReadDeclaration;
  /** Runs its own scripts; absent where they are not to be run. */
  readonly scripts?: Pick<ScriptsRequest, 'engine' | 'areTrusted'>;
  /** Milliseconds for which results and facts are believed. */
  readonly resultsMaxAge?: number;
  /** Checks of CI that count as gates beside those that the repo names, and where they are read. */
  readonly checks?: { readonly names: readonly string[]; readonly runs: CheckRuns };
  readonly siblings: Readonly<Record<string, Sibling>>;
  readonly inbox: Inbox;
  /** Absent where the target wants no commit statuses. */
  readonly status?: StatusBoard;
  /** Writes at GitHub per run and per minute. */
  readonly maxWrites?: number | undefined;
  /** Our login at GitHub. */
  readonly login: string;
  /** GitHub's number of the repository, which stays when it is renamed. */
  readonly repositoryId: number;
  /** What it is called by now, `owner/name`. */
  readonly name: string;
  /** Whether only some people can read it, and what is said of it. */
  readonly isPrivate: boolean;
  /** GitHub requests made so far, by purpose. */
  requests(): Readonly<Record<string, number>>;
}

export interface CoordinatorPorts {
  /** `owner/name`. */
  readonly repo: string;
  readonly ledger: Ledger;
  readonly store: AuditStore;
  readonly gates: readonly Gate[];
  readonly defaultRegistry: DefaultRegistry;
  /** Identifies our gates' code; a new one audits again even where nothing changed. */
  readonly engine: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A number from 0 to 1 that spreads tries of a fleet over time; 0 when absent. */
  readonly chance?: () => number;
  /** Asks to be run (`run`) at an instant; a later call replaces an earlier one. */
  readonly wakeAt: (instant: number) => void;
  /** Waits until everything that was put into the ledger would survive the end of this life. */
  readonly persist: () => Promise<void>;
  /** Opens the target. Throws `SnapshotError` when the credentials are unusable. */
  readonly openTarget: () => Promise<OpenTarget>;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

export type Stage = 'idle' | 'queued' | 'reading' | 'evaluating' | 'writing issues' | 'done';

export interface Progress {
  readonly stage: Stage;
  readonly auditId: string | null;
  /** Files that are being read now. */
  readonly files?: number;
  /** Gates with a verdict, of all. */
  readonly done?: number;
  readonly total?: number;
  /** When (ms since the epoch) what could not be done is tried again. */
  readonly retryAt?: number;
}
