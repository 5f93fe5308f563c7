import { type NewFindings, newFindings } from '../../src/audit/new-findings.ts';
import type { Audit } from '../../src/audit/run.ts';
import { plural } from '../../src/core/text/plural.ts';
import { mergeBase } from '../../src/snapshot/clone/directory.ts';
import { isExpected } from '../shared/audit-clone.ts';

/** An audit beside the audit of where its branch began. */
export interface Comparison extends NewFindings {
  /** The commit that was compared with. */
  readonly base: string;
  /** Its audit, or why it could not be audited; then nothing counts as new. */
  readonly audit: Audit | { readonly error: string };
}

/** Which revisions are compared. */
export interface ComparedRevisions {
  readonly directory: string;
  /** What the change is to go onto, such as `origin/main`. */
  readonly onto: string;
  /** The change; HEAD where a work tree is audited. */
  readonly at: string;
}

/**
 * Compares an audit with that of the commit where its branch left `onto`, so that what `onto` repaired since is not held against it.
 * Throws `SnapshotError` where the two share no commit in this clone.
 */
export async function compareWithBase(
  head: Audit,
  { directory, onto, at }: ComparedRevisions,
  audit: (revision: string) => Promise<Audit>,
): Promise<Comparison> {
  const base = await mergeBase(directory, onto, at);
  try {
    const before = await audit(base);
    return { base, audit: before, ...newFindings(before.report, head.report, head.waivers.active) };
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { base, audit: { error: error.message }, fresh: {}, newlyFailing: [], lost: [] };
  }
}

/** What the comparison comes to, in a sentence or two. */
export function comparisonInWords(head: Audit, { base, audit, fresh, newlyFailing, lost }: Comparison): string {
  const against = base.slice(0, 10);
  if ('error' in audit) return `${against} could not be audited, so nothing counts as new: ${audit.error}`;
  const count = Object.values(fresh).reduce((sum, keys) => sum + keys.length, 0);
  const old = head.report.gates.filter(({ verdict }) => verdict === 'fail').length - newlyFailing.length;
  const sentences = [
    count === 0
      ? `No finding is new since ${against}.`
      : `${plural(count, 'new finding')} since ${against}, in ${newlyFailing.join(', ')}.`,
  ];
  if (old > 0)
    sentences.push(`${plural(old, 'other gate fails', 'other gates fail')} only for known or waived reasons.`);
  if (lost.length > 0) sentences.push(`No longer checked: ${lost.join(', ')}.`);
  return sentences.join(' ');
}

/** Whether the change makes something worse that an audit can vouch for. */
export function isWorse({ report }: Audit, { newlyFailing, lost }: Comparison): boolean {
  const crashes = report.gates.some(({ number, verdict }) => verdict === 'crashed' && lost.includes(number));
  return newlyFailing.length > 0 || crashes;
}
