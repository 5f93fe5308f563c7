import { visible } from '../../src/core/text/neutral.ts';
import { git } from '../../src/snapshot/clone/git.ts';

/** Files that are named; more would push the audit off the screen. */
const MOST_NAMED = 3;

/** Says that files of the work tree are not committed, since GitHub would not have them; nothing where all are. */
export async function leftOut(directory: string): Promise<string> {
  const changes = await git(directory, 'status', '--porcelain').catch(() => '');
  const paths = changes.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(3)]));
  if (paths.length === 0) return '';
  const named = paths.slice(0, MOST_NAMED).join(', ');
  const rest = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
  return `The last commit is audited, without what is not committed: ${visible(`${named}${rest}`)}\n`;
}
