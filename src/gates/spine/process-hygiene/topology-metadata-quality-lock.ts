import type { YamlValue } from '../../../core/yaml/value.ts';
import { isUnset } from '../../lib/bash/unset.ts';
import { defineGate } from '../../lib/define.ts';
import { membersByPosition } from '../../lib/files/members.ts';
import { yamlOrDie } from '../../lib/needs.ts';
import { TOPOLOGY } from '../../lib/spine/known-files.ts';
import { variationsOf } from '../../lib/variations.ts';

const ROUTES = ['capability_prefixes', 'path_triggers'];
const DOMAIN_FIELDS = ['domain_id', 'description', 'criticality', ...ROUTES, 'added_date'];
const ROW_FIELDS = ['gate_id', 'primary_domain', 'family'];

function nameOf(id: YamlValue, index: number): string {
  return isUnset(id) ? `${index + 1}` : id.raw;
}

const changed = variationsOf({
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
});

export default defineGate({
  name: 'topology-metadata-quality-lock',
  mirrors: ['a807455877f5d74ca8f64b364b0c11ff8a19556e'],
  why: 'A domain without path triggers or capability prefixes is never picked for a change, so its checks do not run while everything looks green.',
  fix: 'Fill in every field of the entry in gate.execution.topology.yaml; `criticality` is `critical` or `standard`.',
  limits: 'Only presence is checked: a text counts as a list, any text as a date.',
  needs: { topology: yamlOrDie(TOPOLOGY) },

  rules: {
    'has-domains': 'No domain is declared.',
    'domain-has-field': 'The domain `{domain}` has no `{field}`.',
    'criticality-is-known': 'The domain `{domain}` has the criticality `{value}`; use critical or standard.',
    'domain-has-routes': 'The domain `{domain}` lists nothing under `{field}`.',
    'row-has-field': 'The row of gate `{gate}` has no `{field}`.',
  },

  *check({ topology }, report) {
    const domains = topology.get('domain_metadata');
    if (domains.length === 0) return yield report('has-domains', 'domain_metadata', domains);
    for (const [index, entry] of membersByPosition(domains).entries()) {
      const domain = nameOf(entry.get('domain_id'), index);
      for (const field of DOMAIN_FIELDS.filter((candidate) => isUnset(entry.get(candidate)))) {
        yield report('domain-has-field', `domain:${domain}#${field}`, entry.get(field), { domain, field });
      }
      const value = entry.get('criticality');
      if (!isUnset(value) && !['critical', 'standard'].includes(value.raw)) {
        yield report('criticality-is-known', `domain:${domain}`, value, { domain, value });
      }
      for (const field of ROUTES.filter((route) => entry.get(route).length === 0)) {
        yield report('domain-has-routes', `domain:${domain}#${field}`, entry.get(field), { domain, field });
      }
    }
    for (const [index, row] of membersByPosition(topology.get('gate_assignments')).entries()) {
      const gate = nameOf(row.get('gate_id'), index);
      for (const field of ROW_FIELDS.filter((candidate) => isUnset(row.get(candidate)))) {
        yield report('row-has-field', `gate:${gate}#${field}`, row.get(field), { gate, field });
      }
    }
  },

  examples: {
    pass: [changed('every field is filled in', {})],
    fail: [
      changed('no domain', { domain_metadata: 'domains' }, 'has-domains domain_metadata'),
      changed('no description', { 'description: 0': 'description: ~' }, 'domain-has-field domain:rag#description'),
      changed('a criticality in capitals', { standard: 'Standard' }, 'criticality-is-known domain:rag'),
      changed('no triggers', { 'ops/plugins/rag/': '[]' }, 'domain-has-routes domain:rag#path_triggers'),
      changed('a row without family', { ', family: x': '' }, 'row-has-field gate:D9#family'),
    ],
  },
});
