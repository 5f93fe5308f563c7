import { lostInclusions } from '../lib/basics/ansible-includes.ts';
import { asksGalaxy, hasRole, knownRoles, playsAndParts, rolesOf, SAMPLE } from '../lib/basics/ansible-roles.ts';
import { defineBasicsGate, matchingInUse } from '../lib/basics/define.ts';
import { staticInventory } from '../lib/basics/inventory.ts';
import { folderOf } from '../lib/basics/paths.ts';
import { documentsOf } from '../lib/basics/yaml-files.ts';

/** Groups that the inventories of clouds make of tags. */
const MADE = /^tag_/;

export default defineBasicsGate({
  name: 'ansible-names-exist',
  number: 'B6',
  about: 'playbooks, host_vars or group_vars of Ansible',
  severity: 'medium',
  why: 'A role or a file of tasks that is not there ends the play. Variables under the name of a host that does not exist are never read, and nobody is told.',
  fix: 'Correct the name, add the role to requirements.yml, or rename the file under host_vars or group_vars.',
  limits:
    'Roles of collections, names with variables, variables for a dynamic inventory and folders called archive are not looked at.',
  reads: ['**/*.yml', '**/*.yaml', '**/host_vars/**', '**/group_vars/**'],

  rules: {
    'role-exists': 'The role `{role}` is not under roles/ and not in requirements.yml.',
    'included-file-exists': 'There is no file `{path}`, which is taken in here.',
    'host-exists': '{file} is about the host `{host}`, which is not in the inventory.',
    'group-exists': '{file} is about the group `{group}`, which is not in the inventory.',
  },

  files: (repo) => [...playsAndParts(repo), ...matchingInUse(repo, ['**/host_vars/**', '**/group_vars/**'])],

  *check(files, report, { repo }) {
    const known = knownRoles(repo);
    const usesGalaxy = asksGalaxy(repo);
    const playbooks = files.filter((path) => !/(?:^|\/)(?:host|group)_vars\//.test(path));
    for (const file of playbooks) {
      for (const document of documentsOf(repo, file)) {
        const parts = document.target.kind === 'list' ? document.items : [document];
        for (const { name, at } of parts.flatMap((part) => [...rolesOf(part)])) {
          const isOurs = !/[{}$]|^[\w-]+\.[\w-]+\.[\w.-]+$|:\/\//.test(name) && (usesGalaxy || !name.includes('.'));
          const isHere =
            known.has(name) ||
            known.has(name.slice(name.lastIndexOf('/') + 1)) ||
            repo.isDirectory(name) ||
            hasRole(repo, name) ||
            repo.isDirectory(`${folderOf(file)}/${name}`.replace(/^\//, ''));
          if (known.size > 0 && isOurs && !isHere) yield report('role-exists', `${file} ${name}`, at, { role: name });
        }
      }
    }
    for (const { file, path, at } of lostInclusions(repo, playbooks))
      yield report('included-file-exists', `${file} ${path}`, at, { path });
    const variables = files.filter((path) => /(?:^|\/)(?:host|group)_vars\//.test(path));
    const inventory = variables.length > 0 ? staticInventory(repo) : undefined;
    if (!inventory) return;
    const said = new Set<string>();
    for (const file of variables) {
      const [, kind, entry = ''] = /(?:^|\/)(host|group)_vars\/([^/]+)/.exec(file) ?? [];
      // The plugin of community.sops reads `web.sops.yml` beside `web.yml`.
      const name = entry.replace(/(?:\.sops)?\.(?:ya?ml|json)$/, '');
      const subject = file.slice(0, file.indexOf(entry) + entry.length);
      if (name.startsWith('.') || /\.(?:md|j2|sample|example)$/.test(entry) || said.has(subject)) continue;
      said.add(subject);
      const folder = file.slice(0, file.indexOf(entry) - 1);
      if (SAMPLE.test(folder) || MADE.test(name) || !inventory.speaksFor(folderOf(folder))) continue;
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
          'group_vars/web.sops.yml': 'a: 1\n',
          'group_vars/web/main.yml': 'a: 1\n',
        },
      },
    ],
    fail: [
      {
        title: 'a role, a host and a group that are not there',
        files: {
          'site.yml':
            '- hosts: web\n  tasks:\n    - block: [{ import_role: { name: gone } }, { import_tasks: gone.yml }]\n',
          'roles/nginx/tasks/main.yml': '[]\n',
          'inventory/hosts.yml': 'all:\n  children:\n    web: { hosts: { w1: {} } }\n',
          'host_vars/w2.yml': 'a: 1\n',
          'group_vars/db.yml': 'a: 1\n',
        },
        finds: [
          'role-exists site.yml gone',
          'included-file-exists site.yml gone.yml',
          'group-exists group_vars/db.yml',
          'host-exists host_vars/w2.yml',
        ],
      },
    ],
    skip: [{ title: 'no Ansible', files: { 'a.yml': 'a: 1\n' } }],
  },
});
