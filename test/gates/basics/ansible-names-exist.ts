import gate from '../../../src/gates/basics/ansible-names-exist.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
    {
      title: 'a role that comes with a package: nobody says what is asked of Galaxy',
      files: {
        'site.yml': '- hosts: web\n  roles: [ann.nginx]\n',
        'roles/own/requirements.yml': '[]\n',
        'roles/own/tasks/main.yml': '[]\n',
      },
    },
  ],
  fail: [
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
