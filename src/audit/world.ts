import type { ReportedFacts } from '../core/facts.ts';
import type { Gate } from '../core/gate.ts';
import type { SnapshotReader } from './read/reader.ts';

/** Everything that verdicts may depend on. */
export interface World {
  readonly target: SnapshotReader;
  readonly siblings: ReadonlyMap<string, SnapshotReader>;
  /** Configured siblings that could not be read, with the reason. */
  readonly lostSiblings?: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What machines reported; nothing when absent. */
  readonly reported?: ReportedFacts;
  /** Every implemented gate by name, for gates that ask for another's verdict. */
  readonly gates: ReadonlyMap<string, Gate>;
  /** Hears how far the audit has come, before every fetch. */
  readonly onProgress?: ((progress: AuditProgress) => void) | undefined;
  /** Hears which gate comes next and is waited for, so that whoever kills the audit can be named. */
  readonly onGate?: ((name: string) => Promise<void>) | undefined;
  /** Gates that are not run at all, with the reason: they are blind. */
  readonly leftOut?: ReadonlyMap<string, string> | undefined;
}

export interface AuditProgress {
  /** Files that are being read now. */
  readonly files: number;
  /** Gates with a verdict, of all; 0 of 0 while lanes are resolved. */
  readonly done: number;
  readonly total: number;
}

/** Whether a sibling's text may be shown to the readers of the target: a private one's only where the target is private as well, and of the same owner. */
export function mayQuote(sibling: SnapshotReader, { target }: World): boolean {
  const isSameOwner = ownerOf(sibling) === ownerOf(target);
  return sibling.snapshot.isPrivate !== true || (target.snapshot.isPrivate === true && isSameOwner);
}

function ownerOf({ snapshot }: SnapshotReader): string {
  return snapshot.repo.split('/', 1).join().toLowerCase();
}
