import type { TargetAccess } from './ports.ts';
import type { Rows } from './rows.ts';

/**
 * Compares the repository with the one that was audited before, by GitHub's number for it. Another one under the old name is a new day one:
 * what is remembered of the former must close, open or excuse nothing in it. Gives what people should know, as sentences.
 */
export function noteIdentity(
  rows: Rows,
  { repositoryId: id, name }: Pick<TargetAccess, 'repositoryId' | 'name'>,
  configured: string,
): readonly string[] {
  const before = rows.get('identity');
  const notices: string[] = [];
  if (before && before.id !== id) {
    rows.clear();
    notices.push(
      `${configured} is another repository than before (GitHub's number ${id}, was ${before.id}): everything starts anew, and what fails now is the baseline.`,
    );
  }
  if (name.toLowerCase() !== configured.toLowerCase())
    notices.push(`${configured} is called ${name} at GitHub now; put that name into bindings/targets.yaml.`);
  if (before?.id !== id || before.name !== name) rows.put('identity', { id, name });
  return notices;
}
