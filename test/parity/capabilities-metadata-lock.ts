import { CAPABILITIES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/process-hygiene/capabilities-metadata-lock.ts';
import { nearMisses } from './near-misses.ts';

const FIELDS = ['description', 'command', 'safety', 'approval'];

function registry(a = '', more = '', updated = '2026-02-17'): Readonly<Record<string, string>> {
  const ok = '{ description: d, command: ./bin/run, safety: read-only, approval: auto, outputs: [stdout] }';
  const text = `version: "1.0"\nupdated: ${updated}\nbase: &ok ${ok}\ncapabilities:\n  a: { <<: *ok, ${a} }\n${more}`;
  return { [CAPABILITIES]: text, 'bin/run': '' };
}

export default nearMisses(gate, {
  pass: [
    ...[
      ['everything said, a requirement on itself', 'requires: [a]'],
      ['only the first word of a command is looked up', 'command: ./bin/run -- ./lost'],
      ['and only if it starts with ./', 'command: bash ./lost'],
      ['an output in words, and `True` touching no API', 'outputs: stdout, touches_api: True'],
      ['requirements in a text or left empty are none', 'requires: lost', '  b: { <<: *ok, requires: ["", null] }\n'],
      [
        'requirements in a map count',
        'touches_api: "true", requires: { x: secrets.binding, y: secrets.auth.status }',
        '  secrets.binding: *ok\n  secrets.auth.status: *ok\n',
      ],
      ['of a repeated id only the last is looked at', 'safety: typo', '  a: *ok\n'],
      ['a date that no calendar has', '', '', '2026-99-99'],
    ].map(([title = '', ...parts]) => ({ title, files: registry(...parts), executable: ['bin/run'] })),
  ],
  fail: [
    { title: 'no registry', files: {}, finds: [`file-exists ${CAPABILITIES}`] },
    { title: 'not YAML', files: { [CAPABILITIES]: 'version: [' }, finds: [`file-is-yaml ${CAPABILITIES}`] },
    { title: 'no version', files: { [CAPABILITIES]: 'version: False' }, finds: ['has-version version'] },
    { title: 'a date with a time', files: registry('', '', '2026-02-17T20'), finds: ['updated-is-a-date updated'] },
    {
      title: 'no capabilities',
      files: { [CAPABILITIES]: 'version: 1\nupdated: 2026-02-17\ncapabilities: []\n' },
      finds: ['has-capabilities capabilities'],
    },
    ...FIELDS.map((field) => ({
      title: `no ${field}`,
      files: registry(`${field}: ~`),
      finds: [`capability-has-${field} capability:a`],
    })),
    ...[
      ['Mutating, and an unknown approval', 'safety: Mutating, approval: me', 'safety-is-known'],
      ['approval by nobody we know', 'approval: me', 'approval-is-known'],
      ['no outputs', 'outputs: []', 'capability-has-outputs'],
      ['a requirement that nobody offers', 'requires: [a, lost]', 'requirement-exists'],
      ['an API without secrets checks', 'touches_api: true, requires: [a]', 'api-user-checks-secrets'],
      ['a script that is gone', 'command: ./lost', 'command-is-a-file'],
      ['a folder', 'command: ./bin', 'command-is-a-file'],
      ['a slash too many', 'command: ./bin/run/', 'command-is-a-file'],
      ['two lines make one path', 'command: "./bin/run\\n./bin/run"', 'command-is-a-file'],
      ['a script without its executable bit', 'command: "  ./bin/run x"', 'command-is-executable'],
    ].map(([title = '', a = '', rule]) => ({ title, files: registry(a), finds: [`${rule} capability:a`] })),
    {
      title: 'a second document confuses the count of outputs',
      files: registry('', '---\nmore: 1\n'),
      finds: ['capability-has-outputs capability:a'],
    },
  ],
});
