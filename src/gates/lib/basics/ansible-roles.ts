import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { matching, matchingInUse, textOr } from './define.ts';
import { documentsOf, field, listAt, textAt } from './yaml-files.ts';

const INCLUDES = ['include_role', 'import_role', 'ansible.builtin.include_role', 'ansible.builtin.import_role'];

export interface RoleName {
  readonly name: string;
  readonly at: YamlValue;
}

/** Roles that a play, a task, or the `meta` of a role names, at any depth of its blocks. */
export function* rolesOf(value: YamlValue, depth = 0): Generator<RoleName> {
  for (const role of [...listAt(value, 'roles'), ...listAt(value, 'dependencies')]) {
    const at = role.target.kind === 'map' ? (field(role, 'role') ?? field(role, 'name')) : role;
    if (at?.target.kind === 'scalar') yield { name: at.target.raw, at };
  }
  for (const include of INCLUDES) {
    const at = field(value, include, 'name');
    if (at?.target.kind === 'scalar') yield { name: at.target.raw, at };
  }
  if (depth > 8) return;
  for (const list of ['tasks', 'pre_tasks', 'post_tasks', 'handlers', 'block', 'rescue', 'always'])
    for (const task of listAt(value, list)) yield* rolesOf(task, depth + 1);
}

const REQUIREMENTS = ['**/*requirements.yml', '**/*requirements.yaml'];

/** Whether the repo says which roles it takes from Galaxy: elsewhere, such a role may come with a package or be installed by hand. */
export function asksGalaxy(repo: Repo): boolean {
  return matching(repo, REQUIREMENTS).some((path) => !/(?:^|\/)roles\/[^/]+\//.test(path));
}

function roleFolders(paths: readonly string[]): readonly string[] {
  return [...new Set(['roles', ...paths.map((path) => /^(.*?\/)?roles\//.exec(path)?.[0].slice(0, -1) ?? 'roles')])];
}

/** Whether a folder of roles holds one of that name, at any depth. A submodule counts: nothing of it is here but its name. */
export function hasRole(repo: Repo, name: string): boolean {
  return roleFolders(matching(repo, ['**/roles/**'])).some((folder) => repo.isDirectory(`${folder}/${name}`));
}

const NESTED = /(?:^|\/)roles\/(.+)\/(?:tasks|meta|handlers|defaults|vars|files|templates)\//;

/** Names of the roles that the repo holds or asks Galaxy for. */
export function knownRoles(repo: Repo): ReadonlySet<string> {
  const paths = matching(repo, ['**/roles/**']);
  const own = roleFolders(paths).flatMap((folder) => repo.names(folder));
  // A role may be nothing but the roles that it depends on.
  const nested = paths.map((path) => NESTED.exec(path)?.[1] ?? '');
  const requirements = matching(repo, REQUIREMENTS);
  repo.prefetch(requirements);
  const asked = requirements.flatMap((file) =>
    documentsOf(repo, file).flatMap((document) => {
      const roles = document.target.kind === 'list' ? document.items : listAt(document, 'roles');
      return roles.flatMap((role) => [textAt(role, 'name'), textAt(role, 'src'), textAt(role, 'role')]);
    }),
  );
  return new Set([...own, ...nested, ...asked]);
}

/** What makes an item of a list a play. */
const PLAY = ['hosts', 'import_playbook', 'ansible.builtin.import_playbook'];

function isPlaybook(document: YamlValue): boolean {
  return (
    document.target.kind === 'list' &&
    document.items.some((play) => PLAY.some((word) => field(play, word) !== undefined))
  );
}

/** Files that are copied before they are used. */
export const SAMPLE = /template|example|sample/i;
/** What of a role names other roles. */
const ROLE_PARTS = ['tasks', 'handlers', 'meta'].flatMap((part) => [
  `**/roles/*/${part}/*.yml`,
  `**/roles/*/${part}/*.yaml`,
]);
const PLAYBOOKS = ['', '**/playbooks/**/', '**/ansible/'].flatMap((folder) => [`${folder}*.yml`, `${folder}*.yaml`]);

/** Playbooks, and what of the roles names other roles; roles alone are somebody's library, and run in plays elsewhere. */
export function playsAndParts(repo: Repo): readonly string[] {
  const candidates = matchingInUse(repo, PLAYBOOKS).filter((path) => !SAMPLE.test(path));
  const parts = matchingInUse(repo, ROLE_PARTS);
  repo.prefetch([...candidates, ...parts]);
  const playbooks = candidates.filter((file) => {
    const text = textOr(repo, file);
    return (
      typeof text === 'string' &&
      /^\s*(?:- )?(?:hosts|(?:ansible\.builtin\.)?import_playbook):/m.test(text) &&
      documentsOf(repo, file).some(isPlaybook)
    );
  });
  return playbooks.length > 0 ? [...playbooks, ...parts] : [];
}
