import type { Blind, GateContext } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';

/** Where the operator's machine keeps the ops repo and its sibling; bindings and documents name files by these paths. */
export const OPS_ROOT = '/Users/ronnyworks/code/agentic-spine';
export const WORKBENCH_ROOT = '/Users/ronnyworks/code/workbench';

const NEXT_DOOR = new RegExp(`^(?:${OPS_ROOT}|${WORKBENCH_ROOT})/\\.\\./`);

export interface RepoPath {
  readonly repo: Repo;
  readonly path: string;
}

/** Where a path of that machine leads: into a repo we see, into a sibling nobody configured, or to the machine alone. */
export type HostPlace = RepoPath | 'no sibling' | 'machine';

/** Finds what a path means on the operator's machine. A relative one starts at the root of the ops repo. */
export function locate(context: GateContext, path: string): HostPlace {
  const absolute = path.startsWith('/') ? path : `${OPS_ROOT}/${path}`;
  const direct = absolute.replace(NEXT_DOOR, '/Users/ronnyworks/code/');
  if (isBelow(direct, OPS_ROOT)) return { repo: context.repo, path: below(direct, OPS_ROOT) };
  if (!isBelow(direct, WORKBENCH_ROOT)) return 'machine';
  const workbench = context.sibling('workbench');
  return workbench ? { repo: workbench, path: below(direct, WORKBENCH_ROOT) } : 'no sibling';
}

/** Whether a file or a folder is there. */
export function exists({ repo, path }: RepoPath): boolean {
  return repo.isFile(path) || repo.isDirectory(path);
}

/** What keeps a gate blind while the sibling is not configured; `what` begins the reason. */
export function needsWorkbench(what: string): Blind {
  return { blind: `${what} is in the sibling repo \`workbench\`, which is not configured` };
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

function below(path: string, root: string): string {
  return path.slice(root.length).replace(/^\/+/, '');
}
