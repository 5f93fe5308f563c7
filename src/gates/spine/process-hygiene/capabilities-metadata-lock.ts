import { firstWords } from '../../lib/bash/shell.ts';
import { defineGate } from '../../lib/define.ts';
import { membersOf } from '../../lib/files/members.ts';
import { yaml } from '../../lib/needs.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';

const FIELDS = ['description', 'command', 'safety', 'approval'] as const;
const VOCABULARY = [
  { field: 'safety', words: ['read-only', 'mutating', 'destructive'] },
  { field: 'approval', words: ['auto', 'manual', 'operator'] },
] as const;
const SECRETS_CHECKS = ['secrets.binding', 'secrets.auth.status'];

function registry(a = '', more = '', updated = '2026-02-17'): Readonly<Record<string, string>> {
  const ok = '{ description: d, command: ./bin/run, safety: read-only, approval: auto, outputs: [stdout] }';
  const text = `version: "1.0"\nupdated: ${updated}\nbase: &ok ${ok}\ncapabilities:\n  a: { <<: *ok, ${a} }\n${more}`;
  return { [CAPABILITIES]: text, 'bin/run': '' };
}

const broken = [
  ['a script that is gone', 'command: ./lost', 'command-is-a-file'],
  ['a script without its executable bit', 'command: ./bin/run', 'command-is-executable'],
  ['an unknown safety', 'safety: Mutating', 'safety-is-known'],
  ['an unknown approval', 'approval: me', 'approval-is-known'],
  ['no outputs', 'outputs: []', 'capability-has-outputs'],
  ['a requirement that nobody offers', 'requires: [a, lost]', 'requirement-exists'],
  ['an API without secrets checks', 'touches_api: true, requires: [a]', 'api-user-checks-secrets'],
  ...FIELDS.map((field) => [`no ${field}`, `${field}: ~`, `capability-has-${field}`]),
];

export default defineGate({
  name: 'capabilities-metadata-lock',
  mirrors: ['de0c95fd8eb93830b79f50bbf3c7b7eafaf2c4d4'],
  why: 'A capability with a typo, or one whose script has moved, is noticed only by the person who needs it at night.',
  fix: 'Correct the entry in ops/capabilities.yaml, or bring its script back with its executable bit.',
  needs: { file: yaml(CAPABILITIES) },
  stopsAtFirst: true,

  rules: {
    'has-version': 'The registry has no version.',
    'updated-is-a-date': '`updated` is `{updated}`, not a date like 2026-02-17.',
    'has-capabilities': 'No capability is registered.',
    'capability-has-description': '`{capability}` has no `{field}`.',
    'capability-has-command': '`{capability}` has no `{field}`.',
    'capability-has-safety': '`{capability}` has no `{field}`.',
    'capability-has-approval': '`{capability}` has no `{field}`.',
    'safety-is-known': '`{capability}` has the {field} `{value}`; use one of {words}.',
    'approval-is-known': '`{capability}` has the {field} `{value}`; use one of {words}.',
    'capability-has-outputs': '`{capability}` has no outputs, or the file has a second YAML document.',
    'requirement-exists': '`{capability}` requires `{required}`, which is not a capability.',
    'api-user-checks-secrets': '`{capability}` uses an API but does not require {checks}.',
    'command-is-a-file': '`{capability}` runs `{path}`, which is not a file of the repo.',
    'command-is-executable': '`{capability}` runs `{path}`, which is not executable.',
  },

  *check({ file }, report, { repo }) {
    const [version, updated, capabilities] = [file.get('version'), file.get('updated'), file.get('capabilities')];
    if (version.or('') === '') yield report('has-version', 'version', version);
    if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(updated.or(''))) {
      yield report('updated-is-a-date', 'updated', updated, { updated });
    }
    const byId = new Map(membersOf(capabilities));
    if (byId.size === 0) yield report('has-capabilities', 'capabilities', capabilities);

    const isAlone = repo.yamlDocuments(CAPABILITIES).length === 1;
    for (const [capability, entry] of byId) {
      const subject = `capability:${capability}`;
      for (const field of FIELDS) {
        const value = entry.get(field);
        if (value.or('') === '') yield report(`capability-has-${field}`, subject, value, { capability, field });
      }
      for (const { field, words } of VOCABULARY) {
        const value = entry.get(field);
        if (words.some((word) => word === value.raw)) continue;
        yield report(`${field}-is-known`, subject, value, { capability, field, value, words: words.join(', ') });
      }
      const outputs = entry.get('outputs');
      if (outputs.length === 0 || !isAlone) yield report('capability-has-outputs', subject, outputs, { capability });

      const required = entry.get('requires').items.filter((item) => !item.isBlank);
      const unknown = required.find((item) => !byId.has(item.raw));
      if (unknown) yield report('requirement-exists', subject, unknown, { capability, required: unknown });
      const api = entry.get('touches_api');
      const checks = SECRETS_CHECKS.filter((check) => !required.some((item) => item.raw === check)).join(' and ');
      if (api.raw === 'true' && checks !== '')
        yield report('api-user-checks-secrets', subject, api, { capability, checks });

      const command = entry.get('command');
      const program = firstWords(command.raw);
      if (!program.startsWith('./')) continue;
      const path = program.replace(/^\.\/+/, '');
      if (!repo.isFile(path)) yield report('command-is-a-file', subject, command, { capability, path });
      if (!repo.isExecutable(path)) yield report('command-is-executable', subject, command, { capability, path });
    }
  },

  examples: {
    pass: [{ title: 'everything filled in', files: registry(), executable: ['bin/run'] }],
    fail: [
      { title: 'no version', files: { [CAPABILITIES]: 'updated: 2026-02-17\n' }, finds: ['has-version version'] },
      { title: 'a date with a time', files: registry('', '', '2026-02-17T20'), finds: ['updated-is-a-date updated'] },
      {
        title: 'no capabilities',
        files: { [CAPABILITIES]: 'version: 1\nupdated: 2026-02-17\n' },
        finds: ['has-capabilities capabilities'],
      },
      ...broken.map(([title = '', a, rule]) => ({ title, files: registry(a), finds: [`${rule} capability:a`] })),
    ],
  },
});
