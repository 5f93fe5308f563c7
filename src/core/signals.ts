import type { Located, Place } from './finding.ts';

/**
 * The four ways in which reading can interrupt a gate. Gates never catch them; the evaluator does.
 *
 * Suspended: the content exists but was not fetched yet. The evaluator fetches and restarts the gate.
 */
export class Suspended extends Error {
  override readonly name = 'Suspended';
}

/** The content can not be had (API failure, file beyond our limits, Git LFS, submodule, encryption): the gate is blind, which is neither pass nor fail. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  /** The commit itself says so, so that asking again gives the same. */
  readonly isLasting: boolean;
  /** Of an encrypted file what it holds, for those who ask whether it is encrypted. */
  readonly ciphertext: string | undefined;

  constructor(
    message: string,
    details: { readonly isLasting?: boolean; readonly ciphertext?: string | undefined } = {},
  ) {
    super(message);
    this.isLasting = details.isLasting ?? false;
    this.ciphertext = details.ciphertext;
  }
}

/** What is read asks for more work than one gate may cause: the gate counts as crashed, and the others go on. */
export class Exhausted extends Error implements Located {
  override readonly name = 'Exhausted';
  readonly place: Place;

  constructor(message: string, at: Located) {
    super(message);
    this.place = at.place;
  }
}

/** The audited script would die here: one finding `unreadable`, and the gate fails. */
export class Abort extends Error implements Located {
  override readonly name = 'Abort';
  readonly place: Place;
  readonly subject: string;

  constructor(message: string, at: Located, subject?: string) {
    super(message);
    this.place = at.place;
    this.subject = subject ?? at.place.path;
  }
}
