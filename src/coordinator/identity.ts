import { own } from '../core/own.ts';
import type { OpenTarget } from './ports.ts';
import type { Repository, Rows } from './rows.ts';
import type { Sibling } from './siblings.ts';

/**
 * Compares the repository with the one that was audited before, by GitHub's number for it. Another one under the old name is a new day one:
 * what is remembered of the former must close, open or excuse nothing in it. Gives what people should know, as sentences.
 */
export function noteIdentity(
  rows: Rows,
  { repositoryId: id, name }: Pick<OpenTarget, 'repositoryId' | 'name'>,
  configured: string,
): { readonly notices: readonly string[]; readonly isAnother: boolean } {
  const before = rows.get('identity');
  const isAnother = before !== undefined && before.id !== id;
  const notices: string[] = [];
  if (isAnother) {
    rows.forgetRepository();
    notices.push(
      `${configured} is another repository than before (GitHub's number ${id}, was ${before.id}): everything starts anew, and what fails now is the baseline.`,
    );
  }
  notices.push(...renamed(configured, name, configured));
  if (isAnother || before?.id !== id || before.name !== name)
    rows.put('identity', { ...rows.get('identity'), id, name });
  return { notices, isAnother };
}

/** The same for siblings, by name: a renamed one is followed, another one under the old name is told. One that could not be read says nothing. */
export function noteSiblings(
  rows: Rows,
  found: Readonly<Record<string, Pick<Sibling, 'configured' | 'found'>>>,
): readonly string[] {
  const identity = rows.get('identity');
  if (!identity) return [];
  const notices: string[] = [];
  const siblings: Record<string, Repository> = {};
  for (const [sibling, { configured: at, found: ask }] of Object.entries(found)) {
    const known = own(identity.siblings ?? {}, sibling);
    const now = ask() ?? known;
    if (!now) continue;
    siblings[sibling] = now;
    if (known && known.id !== now.id)
      notices.push(
        `The sibling ${sibling} (${at}) is another repository than before (GitHub's number ${now.id}, was ${known.id}).`,
      );
    notices.push(...renamed(`The sibling ${sibling} (${at})`, now.name, at));
  }
  const next = { ...identity, siblings };
  if (JSON.stringify(next) !== JSON.stringify(identity)) rows.put('identity', next);
  return notices;
}

function renamed(subject: string, name: string, configured: string): readonly string[] {
  if (name.toLowerCase() === configured.toLowerCase()) return [];
  return [`${subject} is called ${name} at GitHub now; put that name into bindings/targets.yaml.`];
}
