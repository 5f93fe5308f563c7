import type { Located, Place } from './finding.ts';

/**
 * The three ways in which reading can interrupt a gate. Gates never catch them; the evaluator does.
 *
 * Suspended: the content exists but was not fetched yet. The evaluator fetches and restarts the gate.
 */
export class Suspended extends Error {
  override readonly name = 'Suspended';
}

/** The content can not be had (API failure, file beyond our limits): the gate is blind, which is neither pass nor fail. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
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
