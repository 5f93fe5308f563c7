import gate from '../../src/gates/spine/process-hygiene/domain-assignment-drift-lock.ts';
import { nearMisses, soundFiles, variationsOn } from './near-misses.ts';

const REGISTRY = 'ops/bindings/gate.registry.yaml';
const PROFILES = 'ops/bindings/gate.domain.profiles.yaml';
const AGENTS = 'ops/bindings/gate.agent.profiles.yaml';
const SOUND = soundFiles(gate);
const changed = variationsOn(gate);

export default nearMisses(gate, {
  pass: [
    { title: 'a repeated core gate, a retired gate without a row, rows of a gate nobody registered', files: SOUND },
    changed('the word "false" switches a rule off', { 'coverage: true': 'coverage: "false"', ', infra]': ']' }),
  ],
  fail: [
    { title: 'no governance files', files: {}, finds: [`file-exists ${REGISTRY}`] },
    changed('agent profiles that are not YAML', { 'profiles: [': 'profiles: [[' }, `file-is-yaml ${AGENTS}`),
    changed('no limit for the core lane', { core_count_limit: 'limit' }, 'core-lane-has-limit core_count_limit'),
    changed('an empty core lane', { '[D3, D3]': '[]' }, 'core-lane-has-gates core_gate_ids'),
    changed('a core lane below its limit', { '[D3, D3]': '[D3]' }, 'core-lane-fills-its-limit core_gate_ids'),
    changed('no domain', { domain_metadata: 'domains' }, 'has-domains domain_metadata'),
    changed('no registered gate', { 'gates:': 'no_gates:' }, 'has-active-gates gates'),
    changed('no assigned gate', { gate_assignments: 'rows' }, 'has-assignments gate_assignments'),
    changed('no primary domain', { 'D77, primary_domain: core': 'D77' }, 'row-has-primary-domain gate:D77'),
    changed('an alias', { 'primary_domain: infra': 'primary_domain: vm' }, 'row-domain-is-declared gate:D9#vm'),
    changed('a stray secondary domain', { '""': '"", Core' }, 'row-domain-is-declared gate:D9#Core'),
    changed('an active gate without a row', { 'D9,': 'D8,' }, 'gate-has-one-row gate:D9'),
    changed('"True" does not retire a gate', { 'D9 }': 'D77, retired: True }' }, 'gate-has-one-row gate:D77'),
    changed('a retired core gate', { 'D3 }': 'D3, retired: true }' }, 'core-gate-is-active gate:D3'),
    changed('a profile of a stray domain', { 'infra: {}': 'a: {}' }, 'domain-is-declared domains#a'),
    changed('an agent in a stray domain', { 'domains: [core]': 'domains: [a]' }, 'domain-is-declared profiles#a'),
    changed('a stray release', { ', infra]': ', infra, a]' }, 'domain-is-declared release_sequence#a'),
    changed('no release', { '[core, infra]': '[]' }, 'has-releases release_sequence'),
    changed('a boolean false', { 'e: true': 'e: false', ', infra]': ']' }, 'domain-is-released domain:infra'),
    changed('a bare text for profiles', { '{ infra: {} }': 'infra' }, `unreadable ${PROFILES}`),
  ],
});
