import { type Problem, problem } from '../../core/finding.ts';
import { defineGate } from '../../core/gate.ts';
import type { Repo } from '../../core/repo.ts';
import type { YamlValue } from '../../core/yaml.ts';
import { absent, leadsToFile, unparsable } from '../_shapes/files.ts';
import { first } from '../_shapes/first.ts';
import { membersOf } from '../_shapes/members.ts';

const REGISTRY = 'ops/capabilities.yaml';
const FIELDS = ['description', 'command', 'safety', 'approval'];
const SAFETY = ['read-only', 'mutating', 'destructive'];
const APPROVAL = ['auto', 'manual', 'operator'];
const SECRETS_CHECKS = ['secrets.binding', 'secrets.auth.status'];

export default defineGate({
  name: 'capabilities-metadata-lock',
  mirrors: ['de0c95fd8eb93830b79f50bbf3c7b7eafaf2c4d4'],
  why: 'A capability with a typo, or one whose script has moved, is noticed by whoever needs it at night. Only the first mistake is shown: there may be more behind it.',
  fix: 'Correct the entry in ops/capabilities.yaml, or bring its script back with its executable bit.',
  reads: [REGISTRY],

  *check({ repo }) {
    yield* first(mistakes(repo));
  },

  examples: {
    pass: [
      { title: 'capabilities that are complete', files: registry('requires: [a]'), executable: ['bin/run'] },
      {
        title: 'only the first word of a command is looked up, and only if it starts with ./',
        files: registry('command: ./bin/run -- ./lost', '  b: { <<: *ok, command: bash ./lost }\n'),
        executable: ['bin/run'],
      },
      {
        title: 'requirements in a map count, those in a text or left empty do not',
        files: registry(
          'touches_api: "true", requires: { x: secrets.binding, y: secrets.auth.status }',
          '  secrets.binding: { <<: *ok, requires: lost }\n  secrets.auth.status: { <<: *ok, requires: [a, "", null] }\n',
        ),
        executable: ['bin/run'],
      },
      {
        title: 'an output in words, `True` touching no API, a date that no calendar has',
        files: registry('outputs: stdout, touches_api: True', '', '2026-99-99'),
        executable: ['bin/run'],
      },
      {
        title: 'of a repeated id only the last is looked at',
        files: registry('safety: typo', '  a: *ok\n'),
        executable: ['bin/run'],
      },
    ],
    fail: [
      { title: 'no registry', files: {}, finds: [`file-exists ${REGISTRY}`] },
      { title: 'not YAML', files: { [REGISTRY]: 'version: [' }, finds: [`file-is-yaml ${REGISTRY}`] },
      { title: 'no version', files: { [REGISTRY]: 'version: False' }, finds: ['has-version version'] },
      { title: 'a date with a time', files: registry('', '', '2026-02-17T20'), finds: ['updated-is-a-date updated'] },
      {
        title: 'no capabilities',
        files: { [REGISTRY]: 'version: 1\nupdated: 2026-02-17\ncapabilities: []\n' },
        finds: ['has-capabilities capabilities'],
      },
      ...FIELDS.map((field) => ({
        title: `no ${field}`,
        files: registry(`${field}: ~`),
        finds: [`capability-has-${field} capability:a`],
      })),
      ...[
        {
          title: 'a safety in capitals comes before an unknown approval',
          a: 'safety: Mutating, approval: me',
          rule: 'safety-is-known',
        },
        { title: 'approval by nobody we know', a: 'approval: me', rule: 'approval-is-known' },
        { title: 'no outputs', a: 'outputs: []', rule: 'capability-has-outputs' },
        { title: 'a requirement that nobody offers', a: 'requires: [a, lost]', rule: 'requirement-exists' },
        {
          title: 'an API without secrets checks',
          a: 'touches_api: true, requires: [a]',
          rule: 'api-user-checks-secrets',
        },
        { title: 'a script that is gone', a: 'command: ./lost', rule: 'command-is-a-file' },
        { title: 'a folder', a: 'command: ./bin', rule: 'command-is-a-file' },
        { title: 'a slash too many', a: 'command: ./bin/run/', rule: 'command-is-a-file' },
        { title: 'two lines make one path', a: 'command: "./bin/run\\n./bin/run"', rule: 'command-is-a-file' },
        { title: 'a script without its executable bit', a: 'command: "  ./bin/run x"', rule: 'command-is-executable' },
      ].map(({ title, a, rule }) => ({ title, files: registry(a), finds: [`${rule} capability:a`] })),
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
  if (!repo.isFile(REGISTRY)) return yield absent(repo, REGISTRY);
  if (!repo.isYaml(REGISTRY)) return yield unparsable(repo, REGISTRY);
  const registry = repo.yaml(REGISTRY);

  const version = registry.get('version');
  if (version.or('') === '') yield problem('has-version', 'version', version, 'The registry has no version.');
  const updated = registry.get('updated');
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(updated.or(''))) {
    yield problem('updated-is-a-date', 'updated', updated, `\`updated: ${updated.raw}\` is no date like 2026-02-17.`);
  }
  const capabilities = registry.get('capabilities');
  const byId = new Map(membersOf(capabilities));
  if (byId.size === 0) yield problem('has-capabilities', 'capabilities', capabilities, 'No capability is registered.');

  const isAlone = repo.yamlDocuments(REGISTRY).length === 1;
  for (const [id, capability] of byId) {
    yield* mistakesIn(id, capability, byId, isAlone);
    yield* mistakesInCommand(repo, id, capability.get('command'));
  }
}

function* mistakesIn(
  id: string,
  capability: YamlValue,
  ids: ReadonlyMap<string, YamlValue>,
  isAlone: boolean,
): Generator<Problem> {
  const mistake = (rule: string, at: YamlValue, what: string) =>
    problem(rule, `capability:${id}`, at, `\`${id}\` ${what}.`);
  for (const field of FIELDS) {
    const value = capability.get(field);
    if (value.or('') === '') yield mistake(`capability-has-${field}`, value, `has no ${field}`);
  }
  const [safety, approval] = [capability.get('safety'), capability.get('approval')];
  if (!SAFETY.includes(safety.raw))
    yield mistake('safety-is-known', safety, `has safety \`${safety.raw}\`, not one of ${SAFETY.join(', ')}`);
  if (!APPROVAL.includes(approval.raw))
    yield mistake('approval-is-known', approval, `has approval \`${approval.raw}\`, not one of ${APPROVAL.join(', ')}`);

  const outputs = capability.get('outputs');
  if (!isAlone)
    yield mistake(
      'capability-has-outputs',
      outputs,
      'has outputs that cannot be counted while the file holds several documents',
    );
  if (outputs.length === 0) yield mistake('capability-has-outputs', outputs, 'has no outputs');

  const required = capability.get('requires').items.filter((item) => !item.isBlank);
  for (const item of required) {
    if (!ids.has(item.raw))
      yield mistake('requirement-exists', item, `requires \`${item.raw}\`, which is no capability`);
  }
  const api = capability.get('touches_api');
  const unchecked = SECRETS_CHECKS.filter((check) => !required.some((item) => item.raw === check));
  if (api.raw === 'true' && unchecked.length > 0) {
    yield mistake('api-user-checks-secrets', api, `touches an API without requiring ${unchecked.join(' and ')}`);
  }
}

function* mistakesInCommand(repo: Repo, id: string, command: YamlValue): Generator<Problem> {
  const firstWords = command.raw.split('\n').map((line) => /[^ \t]+/.exec(line)?.[0] ?? '');
  const program = firstWords.join('\n').replace(/\n+$/, '');
  if (!program.startsWith('./')) return;
  if (!leadsToFile(repo, program.slice(2))) {
    yield problem(
      'command-is-a-file',
      `capability:${id}`,
      command,
      `\`${id}\` runs \`${firstWords[0]}\`, which is no file of the repo.`,
    );
  } else if (!repo.isExecutable(program.replace(/^\.\/+/, ''))) {
    yield problem(
      'command-is-executable',
      `capability:${id}`,
      command,
      `\`${id}\` runs \`${program}\`, which is not executable.`,
    );
  }
}

function registry(a: string, more = '', updated = '2026-02-17'): Readonly<Record<string, string>> {
  const ok = '{ description: d, command: ./bin/run, safety: read-only, approval: auto, outputs: [stdout] }';
  const text = `version: "1.0"\nupdated: ${updated}\nbase: &ok ${ok}\ncapabilities:\n  a: { <<: *ok, ${a} }\n${more}`;
  return { [REGISTRY]: text, 'bin/run': '' };
}
