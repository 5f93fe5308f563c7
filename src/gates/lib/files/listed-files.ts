import type { Repo } from '../../../core/repo.ts';
import { matchesWildcard } from '../../../core/text/wildcard.ts';

/** What a script gets that lists shell patterns and takes every listed name for a file. */
export interface Listing {
  readonly isEmpty: boolean;
  readonly files: readonly string[];
  /**
   * False when a folder or a broken link is among the names. A search over all of them then ends in an error,
   * which the scripts take for "nothing found", whatever the other files hold.
   */
  readonly isSearchable: boolean;
}

/** Lists patterns of the form `folder/name*` in the order given. A folder with nothing but hidden entries lists no name. */
export function listFiles(repo: Repo, patterns: readonly string[]): Listing {
  const paths = patterns.flatMap((pattern) => matches(repo, pattern));
  const files = paths.filter((path) => repo.isFile(path));
  const unreadable = paths.filter((path) => !repo.isFile(path) && !listsNothing(repo, path));
  return { files, isEmpty: files.length + unreadable.length === 0, isSearchable: unreadable.length === 0 };
}

function matches(repo: Repo, pattern: string): readonly string[] {
  const slash = pattern.lastIndexOf('/');
  const folder = pattern.slice(0, slash);
  const names = repo.names(folder).filter((name) => matchesWildcard(name, pattern.slice(slash + 1)));
  return names.map((name) => `${folder}/${name}`);
}

function listsNothing(repo: Repo, path: string): boolean {
  return repo.isDirectory(path) && repo.names(path).every((name) => name.startsWith('.'));
}
