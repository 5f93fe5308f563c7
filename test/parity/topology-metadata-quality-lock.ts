import { TOPOLOGY } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/process-hygiene/topology-metadata-quality-lock.ts';
import { nearMisses, soundFiles, variationsOn } from './near-misses.ts';

const ROUTES = ['capability_prefixes', 'path_triggers'];
const DOMAIN_FIELDS = ['domain_id', 'description', 'criticality', ...ROUTES, 'added_date'];
const SOUND = soundFiles(gate);
const changed = variationsOn(gate);

export default nearMisses(gate, {
  pass: [
    { title: 'every field filled, with whatever', files: SOUND },
    changed('no gate assigned', { 'gate_assignments:': 'rows:' }),
    changed('a list that holds an empty text', { '"rag."': '""' }),
  ],
  fail: [
    { title: 'no topology', files: {}, finds: [`file-exists ${TOPOLOGY}`] },
    changed('not YAML', { '["rag."]': '[' }, `unreadable ${TOPOLOGY}`),
    { title: 'an empty file', files: { [TOPOLOGY]: '' }, finds: ['has-domains domain_metadata'] },
    changed('false is missing', { 'description: 0': 'description: false' }, 'domain-has-field domain:rag#description'),
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
});
