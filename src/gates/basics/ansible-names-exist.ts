import type { Repo } from '../../core/repo.ts';
import type { YamlValue } from '../../core/yaml/value.ts';
import { defineBasicsGate, matching, textOr } from '../lib/basics/define.ts';
import { staticInventory } from '../lib/basics/inventory.ts';
import { folderOf } from '../lib/basics/paths.ts';
import { documentsOf, field, listAt, textAt } from '../lib/basics/yaml-files.ts';

const INCLUDES = ['include_role', 'import_role', 'ansible.builtin.include_role', 'ansible.builtin.import_role'];

interface RoleName {
  readonly name: string;
  readonly at: YamlValue;
}

/** Roles that a play or a task names, at any depth of its blocks. */
function* rolesOf(value: YamlValue, depth = 0): Generator<RoleName> {
  for (const role of listAt(value, 'roles')) {
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

/** Names of the roles that the repo holds or asks Galaxy for. */
function knownRoles(repo: Repo): ReadonlySet<string> {
  const paths = matching(repo, ['**/roles/**']);
  const own = paths.map((path) => /(?:^|\/)roles\/([^/]+)\//.exec(path)?.[1] ?? '');
  const nested = paths.map((path) => /(?:^|\/)roles\/(.+)\/tasks\//.exec(path)?.[1] ?? '');
  const requirements = matching(repo, ['**/requirements.yml', '**/requirements.yaml']);
  repo.prefetch(requirements);
  const asked = requirements.flatMap((file) =>
    documentsOf(repo, file).flatMap((document) => {
      const roles = document.target.kind === 'list' ? document.items : listAt(document, 'roles');
      return roles.flatMap((role) => [textAt(role, 'name'), textAt(role, 'src'), textAt(role, 'role')]);
    }),
  );
  return new Set([...own, ...nested, ...asked]);
}

function isPlaybook(document: YamlValue): boolean {
  return document.target.kind === 'list' && document.items.some((play) => field(play, 'hosts') !== undefined);
}

export default defineBasicsGate({
  name: 'ansible-names-exist',
  number: 'B6',
  about: 'playbooks, host_vars or group_vars of Ansible',
  severity: 'medium',
  why: 'A role that is not there ends the play. Variables under the name of a host that does not exist are never read, and nobody is told.',
  fix: 'Correct the name, add the role to requirements.yml, or rename the file under host_vars or group_vars.',
  limits: 'Roles of collections, names with variables, and variables for a dynamic inventory are not looked at.',
  reads: ['**/*.yml', '**/*.yaml', '**/host_vars/**', '**/group_vars/**'],

  rules: {
    'role-exists': 'The role `{role}` is not under roles/ and not in requirements.yml.',
    'host-exists': '{file} is about the host `{host}`, which is not in the inventory.',
    'group-exists': '{file} is about the group `{group}`, which is not in the inventory.',
  },

  files(repo) {
    const candidates = matching(repo, [
      '*.yml',
      '*.yaml',
      '**/playbooks/**/*.yml',
      '**/playbooks/**/*.yaml',
      '**/ansible/*.yml',
      '**/ansible/*.yaml',
    ]);
    const variables = matching(repo, ['**/host_vars/**', '**/group_vars/**']);
    const real = candidates.filter((path) => !/template|example|sample/i.test(path));
    repo.prefetch([...real, ...repo.glob('**/roles/*/meta/main.yml')]);
    const playbooks = real.filter((file) => {
      const text = textOr(repo, file);
      return typeof text === 'string' && /^\s*(?:- )?hosts:/m.test(text) && documentsOf(repo, file).some(isPlaybook);
    });
    return [...playbooks, ...variables];
  },

  *check(files, report, { repo }) {
    const known = knownRoles(repo);
    const hasRoles = known.size > 0;
    for (const file of files.filter((path) => !/(?:^|\/)(?:host|group)_vars\//.test(path))) {
      for (const document of documentsOf(repo, file).filter(isPlaybook)) {
        for (const { name, at } of document.items.flatMap((play) => [...rolesOf(play)])) {
          const isOurs = !/[{}$]|^[\w-]+\.[\w-]+\.[\w.-]+$|:\/\//.test(name);
          const isHere =
            known.has(name) ||
            repo.isDirectory(name) ||
            repo.isDirectory(`${folderOf(file)}/${name}`.replace(/^\//, ''));
          if (hasRoles && isOurs && !isHere) yield report('role-exists', `${file} ${name}`, at, { role: name });
        }
      }
    }
    const variables = files.filter((path) => /(?:^|\/)(?:host|group)_vars\//.test(path));
    const inventory = variables.length > 0 ? staticInventory(repo) : undefined;
    if (!inventory) return;
    const said = new Set<string>();
    for (const file of variables) {
      const [, kind, entry = ''] = /(?:^|\/)(host|group)_vars\/([^/]+)/.exec(file) ?? [];
      const name = entry.replace(/\.(?:ya?ml|json)$/, '');
      const subject = file.slice(0, file.indexOf(entry) + entry.length);
      if (name.startsWith('.') || /\.(?:md|j2|sample|example)$/.test(entry) || said.has(subject)) continue;
      said.add(subject);
      const values = { file: subject };
      if (kind === 'host' && !inventory.hosts.has(name))
        yield report('host-exists', subject, repo.at(file), { ...values, host: name });
      if (kind === 'group' && !inventory.groups.has(name))
        yield report('group-exists', subject, repo.at(file), { ...values, group: name });
    }
  },

  examples: {
    pass: [
      {
        title: 'roles, hosts and groups are there',
        files: {
          'site.yml': '- hosts: web\n  roles: [nginx, community.general.x, "{{ extra }}"]\n',
          'roles/nginx/tasks/main.yml': '[]\n',
          'inventory.ini': '[web]\nw1 ansible_host=10.0.0.1\nw[2:3]\n',
          'host_vars/w1.yml': 'a: 1\n',
          'host_vars/w3.yml': 'a: 1\n',
          'group_vars/all.yml': 'a: 1\n',
          'group_vars/web/main.yml': 'a: 1\n',
        },
      },
    ],
    fail: [
      {
        title: 'a role, a host and a group that are not there',
        files: {
          'site.yml': '- hosts: web\n  tasks:\n    - block: [{ import_role: { name: gone } }]\n',
          'roles/nginx/tasks/main.yml': '[]\n',
          'inventory/hosts.yml': 'all:\n  children:\n    web: { hosts: { w1: {} } }\n',
          'host_vars/w2.yml': 'a: 1\n',
          'group_vars/db.yml': 'a: 1\n',
        },
        finds: ['role-exists site.yml gone', 'group-exists group_vars/db.yml', 'host-exists host_vars/w2.yml'],
      },
    ],
    skip: [{ title: 'no Ansible', files: { 'a.yml': 'a: 1\n' } }],
  },
});
