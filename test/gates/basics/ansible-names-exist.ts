import gate from '../../../src/gates/basics/ansible-names-exist.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
    {
      title: 'files of tasks beside the file, in the role, beside the playbook; made ones, and names with variables',
      files: {
        '.gitignore': 'made.yml\n',
        'site.yml': '- import_playbook: more/db.yml\n- import_playbook: made.yml\n- hosts: web\n  roles: [nginx]\n',
        'more/db.yml': '[]\n',
        'roles/nginx/tasks/main.yml':
          '- include_tasks: { file: tls.yml }\n- import_tasks: "{{ os }}.yml"\n- include_tasks: common.yml\n- include_tasks: tls.yml tag=x\n',
        'roles/nginx/tasks/tls.yml': '[]\n',
        'tasks/common.yml': '[]\n',
      },
    },
    {
      title: 'a role that comes with a package: nobody says what is asked of Galaxy',
      files: {
        'site.yml': '- hosts: web\n  roles: [ann.nginx]\n',
        'roles/own/requirements.yml': '[]\n',
        'roles/own/tasks/main.yml': '[]\n',
      },
    },
    {
      title: 'a role that is nothing but what it depends on',
      files: {
        'site.yml': '- hosts: web\n  roles: [apps/crds]\n',
        'roles/apps/crds/meta/main.yml': 'dependencies: [apps/crds/one]\n',
        'roles/apps/crds/one/tasks/main.yml': '[]\n',
      },
    },
    {
      title: 'hosts and groups of a Vagrantfile and of Molecule, in samples, and of clouds',
      files: {
        'inventory/hosts.ini': '[web]\nw1\n',
        'group_vars/tag_role_web': 'a: 1\n',
        'group_vars/testing': 'a: 1\n',
        Vagrantfile: 'ansible.groups = { "testing" => ["jessie"] }\n',
        'inventory/sample/group_vars/proxmox.yml': 'a: 1\n',
        'molecule/ipv6/molecule.yml':
          'platforms: [{ name: control1, groups: [master] }]\nprovisioner: { inventory: { hosts: { all: { hosts: { c2: {} } } } } }\n',
        'molecule/ipv6/host_vars/control1.yml': 'a: 1\n',
        'molecule/ipv6/host_vars/c2.yml': 'a: 1\n',
        'molecule/ipv6/group_vars/master.yml': 'a: 1\n',
      },
    },
    {
      title: 'one of many projects: its hosts are elsewhere',
      files: {
        'one/hosts': '[web]\nw1\n',
        'more/two/group_vars/db': 'a: 1\n',
        'more/two/site.yml': '- hosts: db\n  roles: [x]\n',
      },
    },
  ],
  fail: [
    {
      title: 'files of tasks and a playbook that are not there',
      files: {
        'site.yml': '- import_playbook: more/gone.yml\n- hosts: web\n  roles: [nginx]\n',
        'roles/nginx/tasks/main.yml': '- block:\n    - ansible.builtin.include_tasks: tsl.yml\n',
        'roles/nginx/tasks/tls.yml': '[]\n',
      },
      finds: ['included-file-exists site.yml more/gone.yml', 'included-file-exists roles/nginx/tasks/main.yml tsl.yml'],
    },
    {
      title: 'an inventory beside the folder of the variables',
      files: {
        'one/inventory/hosts': '[web]\nw1\n',
        'one/playbooks/group_vars/db': 'a: 1\n',
        'one/playbooks/host_vars/w2/main.yml': 'a: 1\n',
      },
      finds: ['group-exists one/playbooks/group_vars/db', 'host-exists one/playbooks/host_vars/w2'],
    },
    {
      title: 'in the tasks and in the dependencies of a role',
      files: {
        'site.yml': '- hosts: web\n  roles: [a, galaxy/ann.mail]\n',
        'requirements.yml': 'roles: [{ name: ann.mail }]\n',
        'roles/a/tasks/more.yml': '- block: [{ ansible.builtin.include_role: { name: gone } }]\n',
        'roles/a/meta/main.yml': 'galaxy_info: {}\ndependencies: [{ role: lost }, { role: a }]\n',
      },
      finds: ['role-exists roles/a/meta/main.yml lost', 'role-exists roles/a/tasks/more.yml gone'],
    },
    {
      title: 'a host of no scenario of Molecule',
      files: {
        'inventory/hosts.ini': '[web]\nw1\n',
        'molecule/a/molecule.yml': 'platforms: [{ name: control1 }]\n',
        'molecule/a/host_vars/control2.yml': 'a: 1\n',
      },
      finds: ['host-exists molecule/a/host_vars/control2.yml'],
    },
    {
      title: 'a role that Galaxy is not asked for, where it is asked for others',
      files: {
        'site.yml': '- hosts: web\n  roles: [ann.nginx, ann.mail]\n',
        'requirements.yml': 'roles: [{ name: ann.mail }]\n',
        'roles/own/tasks/main.yml': '[]\n',
      },
      finds: ['role-exists site.yml ann.nginx'],
    },
  ],
});
