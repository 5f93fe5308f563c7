/** What CI said at one commit, as GitHub keeps it. */
export interface CheckRun {
  /** The check run's name, or a commit status's context. */
  readonly name: string;
  /** The workflow it belongs to, where it is a job of GitHub Actions. */
  readonly workflow: string | null;
  readonly state: CheckState;
  /** Its own title and summary. */
  readonly summary: string;
  /** ISO 8601; null while it has not ended. */
  readonly completedAt: string | null;
  readonly annotations: readonly CheckAnnotation[];
}

/** GitHub's conclusions, and `pending` for everything that has not ended. */
export type CheckState =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed-out'
  | 'action-required'
  | 'startup-failure'
  | 'stale'
  | 'pending';

export interface CheckAnnotation {
  readonly level: 'failure' | 'warning' | 'notice';
  readonly path: string;
  readonly line: number;
  readonly title: string;
  readonly message: string;
}

/** Where check runs are read from. Throws `SnapshotError` when they cannot be had. */
export interface CheckRuns {
  /** Every check of one commit. */
  read(sha: string): Promise<readonly CheckRun[]>;
}
