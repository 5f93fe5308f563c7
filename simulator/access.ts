/** Which repository a request is about, and whether the caller may do that there. */
import type { App, Caller } from './auth.ts';
import type { Call, World } from './call.ts';
import { forbidden, GitHubError, movedTo, notFound, requiresAuthentication } from './errors.ts';
import { grants, requirementOf } from './permissions.ts';
import { fullName, type Role, roleOf, type SimulatedRepository } from './repositories.ts';

const roles: Role[] = ['none', 'read', 'triage', 'write', 'admin'];

export function findRepository(world: World, owner: string, name: string): SimulatedRepository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  return world.repositories.find((repository) => fullName(repository).toLowerCase() === wanted);
}

function formerlyNamed(world: World, owner: string, name: string): SimulatedRepository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  return world.repositories.find(({ owner: { login }, formerNames }) =>
    formerNames.some((former) => `${login}/${former}`.toLowerCase() === wanted),
  );
}

export function isInstalledOn(app: App | null, repository: SimulatedRepository): boolean {
  const selection = app?.installation?.repositories;
  return selection === 'all' || selection?.has(repository.id) === true;
}

function isSelected(caller: Caller, repository: SimulatedRepository): boolean {
  return caller.repositories === 'all' || caller.repositories.has(repository.id);
}

/** Whether the caller may know that the repository exists. */
export function canSee(caller: Caller, repository: SimulatedRepository): boolean {
  if (!repository.private) return true;
  if (caller.kind === 'app') return isInstalledOn(caller.app, repository);
  if (!isSelected(caller, repository)) return false;
  if (caller.kind === 'installation token') return isInstalledOn(caller.app, repository);
  return roleOf(repository, caller.person) !== 'none';
}

/** What the caller may do here. An App that may write issues counts as someone with push access. */
export function effectiveRole(caller: Caller, repository: SimulatedRepository): Role {
  if (caller.kind === 'installation token') {
    if (!isSelected(caller, repository) || !isInstalledOn(caller.app, repository)) return 'read';
    return caller.permissions.issues === 'write' ? 'write' : 'read';
  }
  return roleOf(repository, caller.person);
}

export function hasRole(caller: Caller, repository: SimulatedRepository, least: Role): boolean {
  return roles.indexOf(effectiveRole(caller, repository)) >= roles.indexOf(least);
}

/** The repository in the path; throws the redirect of a renamed one and the 404 of a hidden one. */
export function repositoryInPath(
  world: World,
  caller: Caller,
  params: Record<string, string>,
  method: string,
  url: URL,
): SimulatedRepository | undefined {
  const { owner, repo, repository_id: id } = params;
  let repository: SimulatedRepository | undefined;
  if (id !== undefined) {
    repository = world.repositories.find((each) => String(each.id) === id);
  } else if (owner !== undefined && repo !== undefined) {
    repository = findRepository(world, owner, repo);
    const renamed = repository === undefined ? formerlyNamed(world, owner, repo) : undefined;
    if (renamed !== undefined && canSee(caller, renamed)) {
      const path = url.pathname.replace(/^\/repos\/[^/]+\/[^/]+/, `/repositories/${renamed.id}`);
      throw movedTo(`${world.url}${path}${url.search}`, method);
    }
  } else {
    return undefined;
  }
  if (repository === undefined || !canSee(caller, repository)) throw notFound();
  return repository;
}

/** Throws unless the caller holds the permission that the operation asks for. */
export function authorize(call: Call): void {
  const { caller, repository, operation, method } = call;
  if (repository === undefined) return;
  if (operation === 'apps/get-repo-installation') return;
  const requirement = requirementOf(operation, method);
  if (method !== 'GET' && repository.archived) {
    throw forbidden('Repository was archived so is read-only.');
  }
  if (requirement.level === 'read' && !repository.private) return;
  if (caller.kind === 'anonymous') throw requiresAuthentication();
  if (caller.kind === 'app') {
    throw new GitHubError(401, 'This endpoint requires an installation token');
  }
  const granted = isSelected(caller, repository) && grants(caller.permissions, requirement);
  const installed = caller.kind === 'personal token' || isInstalledOn(caller.app, repository);
  if (granted && installed) return;
  const holder = caller.kind === 'personal token' ? 'personal access token' : 'integration';
  throw forbidden(`Resource not accessible by ${holder}`);
}
