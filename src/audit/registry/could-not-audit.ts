import type { Place } from '../../core/finding.ts';

/** The audit cannot even begin; says what is wrong, where, and what to do. */
export class CouldNotAudit extends Error {
  override readonly name = 'CouldNotAudit';
  readonly place: Place | null;

  constructor(problem: string, remedy: string, place: Place | null = null) {
    const where = place ? `${place.path}${place.line === null ? '' : `:${place.line}`}: ` : '';
    super(`${where}${problem} ${remedy}`);
    this.place = place;
  }
}
