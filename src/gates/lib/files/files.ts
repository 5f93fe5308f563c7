import { type GateFinding, gateFinding } from '../../../core/finding.ts';
import type { Repo } from '../../../core/repo.ts';

/** The finding for a file that has to be there and is not. */
export function absent(repo: Repo, path: string, rule = 'file-exists'): GateFinding {
  return gateFinding(rule, path, repo.at(path), `${path} does not exist.`);
}

/** The finding for a file that has to be well-formed YAML and is not. What the parser saw stands in the verdict's reason. */
export function unparsable(repo: Repo, path: string, rule = 'file-is-yaml'): GateFinding {
  return gateFinding(rule, path, repo.at(path), `${path} is not valid YAML.`);
}

/** A finding for each of the files that is not there. */
export function* filesExist(repo: Repo, ...paths: readonly string[]): Generator<GateFinding> {
  for (const path of paths) if (!repo.isFile(path)) yield absent(repo, path);
}

/** A reference as a path of the repo. The scripts put the root before it, so a slash at its start changes nothing. */
export function fromRoot(reference: string): string {
  return reference.replace(/^\/+/, '');
}

/** Whether a program is there and may be run. */
export function isProgram(repo: Repo, path: string): boolean {
  return repo.isFile(path) && repo.isExecutable(path);
}

/** The finding for a program that is absent or lacks its executable bit. */
export function notRunnable(repo: Repo, path: string, rule = 'program-can-run'): GateFinding {
  const message = repo.isFile(path) ? `${path} is not executable.` : `${path} does not exist.`;
  return gateFinding(rule, path, repo.at(path), message);
}
