import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { absent, unparsable } from '../../lib/files/files.ts';
import { first } from '../../lib/files/first.ts';
import { membersOf } from '../../lib/files/members.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';

const FIELDS = ['description', 'command', 'safety', 'approval'];
const VOCABULARY = { safety: ['read-only', 'mutating', 'destructive'], approval: ['auto', 'manual', 'operator'] };
const SECRETS_CHECKS = ['secrets.binding', 'secrets.auth.status'];

export default defineGate({
  name: 'capabilities-metadata-lock',
  mirrors: ['de0c95fd8eb93830b79f50bbf3c7b7eafaf2c4d4'],
  why: 'A capability with a typo, or one whose script has moved, is noticed by whoever needs it at night. Only the first mistake is shown: there may be more behind it.',
  fix: 'Correct the entry in ops/capabilities.yaml, or bring its script back with its executable bit.',
  reads: [CAPABILITIES],

  *check({ repo }) {
    yield* first(mistakes(repo));
  },

  examples: {
    pass: [
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
  },
});

/** Everything that is wrong, in the order in which the script meets it. */
function* mistakes(repo: Repo): Generator<Problem> {
  if (!repo.isFile(CAPABILITIES)) return yield absent(repo, CAPABILITIES);
  if (!repo.isYaml(CAPABILITIES)) return yield unparsable(repo, CAPABILITIES);
  const registry = repo.yaml(CAPABILITIES);

  const version = registry.get('version');
  if (version.or('') === '') yield problem('has-version', 'version', version, 'The registry has no version.');
  const updated = registry.get('updated');
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(updated.or(''))) {
    yield problem('updated-is-a-date', 'updated', updated, `\`updated: ${updated.raw}\` is no date like 2026-02-17.`);
  }
  const capabilities = registry.get('capabilities');
  const byId = new Map(membersOf(capabilities));
  if (byId.size === 0) yield problem('has-capabilities', 'capabilities', capabilities, 'No capability is registered.');

  const isAlone = repo.yamlDocuments(CAPABILITIES).length === 1;
  for (const [id, capability] of byId) {
    yield* mistakesInWords(id, capability);
    const outputs = capability.get('outputs');
    if (outputs.length === 0) yield mistake('capability-has-outputs', id, outputs, 'has no outputs');
    if (!isAlone) yield mistake('capability-has-outputs', id, outputs, 'shares its file with a second document');
    yield* mistakesInRequirements(id, capability, byId);
    yield* mistakesInCommand(id, capability.get('command'), repo);
  }
}

function mistake(rule: string, id: string, at: YamlValue, what: string): Problem {
  return problem(rule, `capability:${id}`, at, `\`${id}\` ${what}.`);
}

function* mistakesInWords(id: string, capability: YamlValue): Generator<Problem> {
  for (const field of FIELDS) {
    const value = capability.get(field);
    if (value.or('') === '') yield mistake(`capability-has-${field}`, id, value, `has no ${field}`);
  }
  for (const [field, words] of Object.entries(VOCABULARY)) {
    const value = capability.get(field);
    if (words.includes(value.raw)) continue;
    yield mistake(`${field}-is-known`, id, value, `says \`${field}: ${value.raw}\`, not ${words.join(' or ')}`);
  }
}

function* mistakesInRequirements(id: string, capability: YamlValue, known: ReadonlyMap<string, unknown>) {
  const required = capability.get('requires').items.filter((item) => !item.isBlank);
  for (const item of required) {
    if (!known.has(item.raw)) yield mistake('requirement-exists', id, item, `requires \`${item.raw}\`, no capability`);
  }
  const api = capability.get('touches_api');
  const missing = SECRETS_CHECKS.filter((check) => !required.some((item) => item.raw === check));
  if (api.raw !== 'true' || missing.length === 0) return;
  yield mistake('api-user-checks-secrets', id, api, `touches an API and does not require ${missing.join(' and ')}`);
}

/** The first words of all lines count as one path, so a command of several lines never leads to a file. */
function* mistakesInCommand(id: string, command: YamlValue, repo: Repo): Generator<Problem> {
  const firstWords = command.raw.split('\n').map((line) => /[^ \t]+/.exec(line)?.[0] ?? '');
  const program = firstWords.join('\n').replace(/\n+$/, '');
  if (!program.startsWith('./')) return;
  const path = program.replace(/^\.\/+/, '');
  if (!repo.isFile(path)) yield mistake('command-is-a-file', id, command, `runs ${path}, which is no file of the repo`);
  else if (!repo.isExecutable(path))
    yield mistake('command-is-executable', id, command, `runs ${path} without an executable bit`);
}

function registry(a = '', more = '', updated = '2026-02-17'): Readonly<Record<string, string>> {
  const ok = '{ description: d, command: ./bin/run, safety: read-only, approval: auto, outputs: [stdout] }';
  const text = `version: "1.0"\nupdated: ${updated}\nbase: &ok ${ok}\ncapabilities:\n  a: { <<: *ok, ${a} }\n${more}`;
  return { [CAPABILITIES]: text, 'bin/run': '' };
}
