/** The mark that an audit leaves beside the audited commit. */
export interface CommitStatus {
  readonly sha: string;
  readonly state: 'success' | 'failure' | 'error' | 'pending';
  /** At most 140 characters. */
  readonly description: string;
}

/** Where marks go. Gives null, or a sentence that says what went wrong. */
export interface StatusBoard {
  post(status: CommitStatus): Promise<string | null>;
}
