import gate from '../../../src/gates/basics/yaml-and-json-parse.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
    {
      title: 'templates: a statement, a value, an item',
      files: {
        'a.yaml': 'a:\n{%- for x in y %}\n  - {{ x }}: [\n{%- endfor %}\n',
        'b.yaml': 'a: {{ .Values.a }}\n  b: 1\n',
        'd.yaml': 'a: "{{ env "KEY" }}"\n',
        'c.json': '{ "a": {{ toJson .a }} }',
      },
    },
    {
      title: 'a role that is a template itself',
      files: { 'roles/_template/tasks/main.yml': 'a: {{ b }}\n  c: 1\n', 'a.json': '{}' },
    },
  ],
  fail: [
    {
      title: 'Ansible reads YAML before it fills in variables',
      files: { 'roles/web/tasks/main.yml': '- name: x\n  copy: { dest: {{ home }}/x }\n' },
      finds: ['yaml-parses roles/web/tasks/main.yml'],
    },
    {
      title: 'variables in quotes make no template',
      files: { 'secret.yaml': 'a: "{{ .password }}"\n  b: 1\n', 'board.json': '{ "a": "{{instance}}", }' },
      finds: ['json-parses board.json', 'yaml-parses secret.yaml'],
    },
  ],
});
