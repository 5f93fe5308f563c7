/** How git stores a path: plain file, executable file, symbolic link, submodule. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

export interface TreeEntry {
  readonly mode: FileMode;
  /** Git blob id; null for a file of a work tree, which has none yet. */
  readonly sha: string | null;
  /** Bytes, where known. */
  readonly size: number | null;
  /** Of a folder that may not be listed: why. It stands in the place of a submodule, since nobody can look into either. */
  readonly closed?: string;
}

/** The content of one file, or why it could not be had. */
export type FileContent = { readonly bytes: Uint8Array } | { readonly unavailable: string };

export interface Commit {
  readonly sha: string;
  /** Without line breaks at its end, which GitHub does not tell. */
  readonly message: string;
}

/** Which commits of `after`(exclusive)..snapshot touch any of `paths` (files or folders), newest first, at most `limit` (null: all). */
export interface HistoryQuery {
  /** Any revision git understands; usually a sha. `HEAD` is the snapshot's own commit. */
  readonly after: string;
  readonly paths: readonly string[];
  readonly limit: number | null;
}

/**
 * `isAncestor` is false when `after` is unknown or not reachable from the snapshot; then there are no commits.
 * `mayLackMerges` where several paths could be followed only one by one: then merges may be missing whose sides touched different ones.
 */
export type HistoryAnswer =
  | { readonly isAncestor: boolean; readonly commits: readonly Commit[]; readonly mayLackMerges?: true | undefined }
  | { readonly unavailable: string };

/** Who made a commit, and when. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Seconds since the epoch. */
  readonly at: number;
  /** Minutes east of Greenwich. */
  readonly offset: number;
}

/** A commit with all that `git log` can tell of it without looking at files. */
export interface LoggedCommit extends Commit {
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
}

/** The newest commits of the snapshot's history that touch any of `paths` (all commits where there are none), at most `limit`, as `git log` lists them. */
export interface LogQuery {
  readonly paths: readonly string[];
  readonly limit: number;
}

export type LogAnswer = { readonly commits: readonly LoggedCommit[] } | { readonly unavailable: string };

/** One state of one repository. Reading it twice gives the same answer. */
export interface Snapshot {
  /** `owner/name`, or the directory for a local clone. */
  readonly repo: string;
  /** Whether only some people can read it, and what is said of it; unknown for a clone. */
  readonly isPrivate?: boolean;
  /** The audited commit; null for a work tree with uncommitted changes or without git. */
  readonly sha: string | null;
  /** Every file, link and submodule by path. Directories are implied. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
  /** Content of `paths`, every one of which is an entry: one answer per path. Throws `SnapshotError` when nothing can be read now. */
  read(paths: readonly string[]): Promise<ReadonlyMap<string, FileContent>>;
  history(query: HistoryQuery): Promise<HistoryAnswer>;
  log(query: LogQuery): Promise<LogAnswer>;
  /** Paths whose work-tree or staged state differs from HEAD, untracked ones included; always empty for a commit. */
  uncommitted(): Promise<readonly string[]>;
}

/** Why a snapshot could not be read at all. */
export type SnapshotFailure =
  | 'not-found'
  | 'unauthorized'
  | 'forbidden'
  | 'rate-limited'
  | 'transport'
  | 'empty'
  /** More than fits into memory. */
  | 'too-large';

/** The repository cannot be read; `retryAt` (ms since the epoch) says when to try again, where the other side told us. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
  readonly failure: SnapshotFailure;
  readonly retryAt: number | null;

  constructor(failure: SnapshotFailure, message: string, options: ErrorOptions & { retryAt?: number } = {}) {
    super(message, options);
    this.failure = failure;
    this.retryAt = options.retryAt ?? null;
  }
}
