/** What a repo does not determine, each in the words of a reason: a verdict that hangs on one of these is none. */
export const RESPECTS = {
  system: 'which system this is',
  listing: 'the order of a listing',
  collation: 'the order of letters in the language of the machine',
  keys: 'the order of an associative array',
  user: 'who runs it',
  modes: 'what others may do with files',
  time: 'how long commands take',
  chance: 'chance',
  names: 'numbers of processes and names of temporary files',
} as const;

export type Respect = keyof typeof RESPECTS;

/** One machine, as far as scripts can tell it from another. Data only. */
export interface Surroundings {
  readonly system: 'Linux' | 'Darwin';
  /** In what order a folder gives its names, seen from bytewise sorted, and an associative array its keys, seen from the order in which they came. */
  readonly listing: 'forward' | 'reversed';
  readonly collation: 'bytes' | 'en_US';
  /** Whoever runs the script, and whether the checkout is theirs. */
  readonly user: { readonly number: number; readonly name: string; readonly isOwner: boolean };
  /** Rights that files do not get when they are made or checked out. */
  readonly umask: number;
  /** Seconds that a program takes, by the clock and by `$SECONDS`: nobody holds that against a date, so it may run fast without a day going by. */
  readonly pace: { readonly clock: number; readonly stopwatch: number };
  /** Where chance, the hashes of texts and the numbers of processes begin. */
  readonly seed: number;
}

/** Where every script runs. */
export const USUAL_SURROUNDINGS: Surroundings = {
  system: 'Linux',
  listing: 'forward',
  collation: 'bytes',
  user: { number: 1000, name: 'auditor', isOwner: true },
  umask: 0o022,
  pace: { clock: 0, stopwatch: 0 },
  seed: 4242,
};

/** Different in every respect: where a script runs again whose verdict leans on one of them. */
export const OTHER_SURROUNDINGS: Surroundings = {
  system: 'Darwin',
  listing: 'reversed',
  collation: 'en_US',
  user: { number: 0, name: 'root', isOwner: false },
  umask: 0o077,
  pace: { clock: 1, stopwatch: 100 },
  seed: 70_001,
};
