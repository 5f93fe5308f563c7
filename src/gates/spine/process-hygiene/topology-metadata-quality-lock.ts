import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { isUnset } from '../../lib/bash/unset.ts';
import { absent } from '../../lib/files/files.ts';
import { membersByPosition } from '../../lib/files/members.ts';
import { TOPOLOGY } from '../../lib/spine/known-files.ts';
import { variationsOf } from '../../lib/variations.ts';

const ROUTES = ['capability_prefixes', 'path_triggers'];
const DOMAIN_FIELDS = ['domain_id', 'description', 'criticality', ...ROUTES, 'added_date'];
const ROW_FIELDS = ['gate_id', 'primary_domain', 'family'];

const SOUND = {
  [TOPOLOGY]: `domain_metadata:
  - domain_id: rag
    description: 0
    criticality: standard
    capability_prefixes: ["rag."]
    path_triggers: ops/plugins/rag/
    added_date: some day
gate_assignments:
  - { gate_id: D9, primary_domain: nowhere, family: x }
`,
};

const changed = variationsOf(SOUND);

export default defineGate({
  name: 'topology-metadata-quality-lock',
  mirrors: ['a807455877f5d74ca8f64b364b0c11ff8a19556e'],
  why: 'A domain without path triggers or capability prefixes is never picked for a change, so its checks sit idle while everything looks green. Only presence is examined: a text counts as a list, any text as a date.',
  fix: 'Fill in every field of the entry in gate.execution.topology.yaml; `criticality` is `critical` or `standard`.',
  reads: [TOPOLOGY],

  *check({ repo }) {
    if (!repo.isFile(TOPOLOGY)) return yield absent(repo, TOPOLOGY);
    const topology = repo.yaml(TOPOLOGY);
    const domains = topology.get('domain_metadata');
    if (domains.length === 0) {
      return yield problem('has-domains', 'domain_metadata', domains, 'No domain is declared.');
    }
    for (const [index, domain] of membersByPosition(domains).entries()) {
      const name = `domain:${nameOf(domain.get('domain_id'), index)}`;
      yield* fieldsAreFilled('domain', name, domain, DOMAIN_FIELDS);
      const criticality = domain.get('criticality');
      if (!isUnset(criticality) && !['critical', 'standard'].includes(criticality.raw)) {
        const message = `The criticality of ${name} is \`${criticality.raw}\`, neither \`critical\` nor \`standard\`.`;
        yield problem('criticality-is-known', name, criticality, message);
      }
      for (const field of ROUTES.filter((route) => domain.get(route).length === 0)) {
        yield problem(
          'domain-has-routes',
          `${name}#${field}`,
          domain.get(field),
          `\`${field}\` of ${name} lists nothing.`,
        );
      }
    }
    for (const [index, row] of membersByPosition(topology.get('gate_assignments')).entries()) {
      yield* fieldsAreFilled('row', `gate:${nameOf(row.get('gate_id'), index)}`, row, ROW_FIELDS);
    }
  },

  examples: {
    pass: [
      { title: 'every field filled, with whatever', files: SOUND },
      changed('no gate assigned', { 'gate_assignments:': 'rows:' }),
      changed('a list that holds an empty text', { '"rag."': '""' }),
    ],
    fail: [
      { title: 'no topology', files: {}, finds: [`file-exists ${TOPOLOGY}`] },
      changed('not YAML', { '["rag."]': '[' }, `unreadable ${TOPOLOGY}`),
      { title: 'an empty file', files: { [TOPOLOGY]: '' }, finds: ['has-domains domain_metadata'] },
      changed(
        'false is missing',
        { 'description: 0': 'description: false' },
        'domain-has-field domain:rag#description',
      ),
      changed('the word null is missing', { 'some day': '"null"' }, 'domain-has-field domain:rag#added_date'),
      changed('a criticality in capitals', { standard: 'Standard' }, 'criticality-is-known domain:rag'),
      changed('no triggers', { 'ops/plugins/rag/': '[]' }, 'domain-has-routes domain:rag#path_triggers'),
      changed(
        'prefixes that are absent are missed twice',
        { capability_prefixes: 'prefixes' },
        'domain-has-field domain:rag#capability_prefixes',
        'domain-has-routes domain:rag#capability_prefixes',
      ),
      changed(
        'domains in a map are as empty as an entry without any field: all six missed, two of them as lists too',
        {
          '  - domain_id: rag\n    description: 0\n': '  rag: all\n',
          '    criticality: standard\n    capability_prefixes: ["rag."]\n    path_triggers: ops/plugins/rag/\n    added_date: some day\n':
            '',
        },
        ...DOMAIN_FIELDS.map((field) => `domain-has-field domain:1#${field}`),
        ...ROUTES.map((field) => `domain-has-routes domain:1#${field}`),
      ),
      changed(
        'assignments in a map have no rows to fill in',
        { '- { gate_id: D9, primary_domain: nowhere, family: x }': 'D9: infra' },
        'row-has-field gate:1#gate_id',
        'row-has-field gate:1#primary_domain',
        'row-has-field gate:1#family',
      ),
    ],
  },
});

function nameOf(id: YamlValue, index: number): string {
  return isUnset(id) ? `${index + 1}` : id.raw;
}

function* fieldsAreFilled(kind: string, name: string, item: YamlValue, fields: readonly string[]): Generator<Problem> {
  for (const field of fields.filter((candidate) => isUnset(item.get(candidate)))) {
    yield problem(`${kind}-has-field`, `${name}#${field}`, item.get(field), `\`${field}\` of ${name} says nothing.`);
  }
}
