import { type Problem, problem } from '../../core/finding.ts';
import type { Repo } from '../../core/repo.ts';

/** The finding for a file that has to be there and is not. */
export function absent(repo: Repo, path: string, rule = 'file-exists'): Problem {
  return problem(rule, path, repo.at(path), `${path} does not exist.`);
}

/** The finding for a file that has to be well-formed YAML and is not; its message names what the parser saw. */
export function unparsable(repo: Repo, path: string, rule = 'file-is-yaml'): Problem {
  return problem(rule, path, repo.at(path), `${path} is not readable as YAML.`);
}

/** A finding for each of the files that is not there. */
export function* filesExist(repo: Repo, ...paths: readonly string[]): Generator<Problem> {
  for (const path of paths) if (!repo.isFile(path)) yield absent(repo, path);
}

/** Whether a reference, read from the repo's root as the scripts do even where it starts with a slash, leads to a regular file. */
export function leadsToFile(repo: Repo, reference: string): boolean {
  return repo.isFile(reference.replace(/^\/+/, ''));
}
