import { defineGate } from '../../lib/define.ts';
import { yaml } from '../../lib/needs.ts';
import { domainReferences } from '../../lib/spine/domain-references.ts';
import { TOPOLOGY } from '../../lib/spine/known-files.ts';
import { coreLaneIsFull, gatesAreAssigned, recordsOf, TOPOLOGY_RULES } from '../../lib/spine/topology.ts';
import { variationsOf } from '../../lib/variations.ts';

const REGISTRY = 'ops/bindings/gate.registry.yaml';
const PROFILES = 'ops/bindings/gate.domain.profiles.yaml';
const AGENTS = 'ops/bindings/gate.agent.profiles.yaml';

const changed = variationsOf({
  [REGISTRY]: 'gates: [{ id: D3 }, { id: D9 }, { id: D21, retired: "true" }]\n',
  [TOPOLOGY]: `core_mode: { core_gate_ids: [D3, D3], core_count_limit: "2" }
domain_metadata: [{ domain_id: core }, { domain_id: infra }]
gate_assignments:
  - { gate_id: D3, primary_domain: core }
  - { gate_id: D9, primary_domain: infra, secondary_domains: [core, ""] }
  - { gate_id: D77, primary_domain: core, secondary_domains: nowhere }
  - { gate_id: D77, primary_domain: core }
release_sequence: [core, infra]
validation_rules: { require_release_sequence_coverage: true }
`,
  [PROFILES]: 'domains: { infra: {} }\n',
  [AGENTS]: 'profiles: [{ agent_id: operator, domains: [core] }]\n',
});

export default defineGate({
  name: 'domain-assignment-drift-lock',
  mirrors: ['046caca7d57183273944a1319c7ffbbba226e40b'],
  why: 'A gate without a domain runs in no lane, and an unknown domain selects nothing. Both look green.',
  fix: 'In gate.execution.topology.yaml, give every active gate exactly one row, name only domains that `domain_metadata` declares, and list each of them in `release_sequence`.',
  needs: { registry: yaml(REGISTRY), topology: yaml(TOPOLOGY), profiles: yaml(PROFILES), agents: yaml(AGENTS) },
  stopsAtFirst: true,
  deviates: [
    'A `core_count_limit` that a shell cannot read as a number, such as 08, is a finding; the script lets it pass.',
    'A bare text as `domains` in gate.domain.profiles.yaml fails; the script may find no domain in it.',
  ],

  rules: {
    ...TOPOLOGY_RULES,
    'has-domains': 'No domain is declared.',
    'has-active-gates': 'No active gate is registered.',
    'core-gate-is-active': 'The core lane lists `{gate}`, which is {state}.',
    'domain-is-declared': '`{source}` names the domain `{domain}`, which the topology does not declare.',
    'has-releases': 'No domain is released.',
    'domain-is-released': 'The domain `{domain}` is missing from `release_sequence`.',
  },

  *check({ registry, topology, profiles, agents }, report) {
    const core = topology.get('core_mode', 'core_gate_ids');
    yield* coreLaneIsFull(core, topology.get('core_mode', 'core_count_limit'));
    const metadata = topology.get('domain_metadata');
    const declared = recordsOf(metadata).map((domain) => domain.get('domain_id').raw);
    if (declared.length === 0) yield report('has-domains', 'domain_metadata', metadata);
    const gates = recordsOf(registry.get('gates'));
    const active = gates.filter((gate) => !gate.get('retired').is('true'));
    if (active.length === 0) yield report('has-active-gates', 'gates', registry.get('gates'));

    yield* gatesAreAssigned(topology.get('gate_assignments'), active, declared);
    for (const item of core.items) {
      const gate = gates.find((candidate) => candidate.get('id').raw === item.raw);
      if (gate && !gate.get('retired').is('true')) continue;
      const state = gate ? 'retired' : 'not registered';
      yield report('core-gate-is-active', `gate:${item.raw}`, item, { gate: item, state });
    }

    const isOn = (rule: string) => topology.get('validation_rules', rule).or('true') === 'true';
    const release = topology.get('release_sequence');
    const domains = profiles.get('domains');
    if (isOn('reject_undefined_domain_refs')) {
      for (const { source, domain, at } of domainReferences(domains, agents.get('profiles'), release)) {
        if (domain === '' || declared.includes(domain)) continue;
        yield report('domain-is-declared', `${source}#${domain}`, at, { source, domain });
      }
    }
    if (!isOn('require_release_sequence_coverage')) return;
    const released = release.items.map((domain) => domain.raw).filter((name) => name !== '');
    if (released.length === 0) yield report('has-releases', 'release_sequence', release);
    for (const domain of declared.filter((name) => !released.includes(name))) {
      yield report('domain-is-released', `domain:${domain}`, release, { domain });
    }
  },

  examples: {
    pass: [changed('every active gate has its row', {})],
    fail: [
      changed('no limit', { core_count_limit: 'limit' }, 'core-lane-has-limit core_count_limit'),
      changed('an empty core lane', { '[D3, D3]': '[]' }, 'core-lane-has-gates core_gate_ids'),
      changed('a core lane below its limit', { '[D3, D3]': '[D3]' }, 'core-lane-fills-its-limit core_gate_ids'),
      changed('no domain', { domain_metadata: 'domains' }, 'has-domains domain_metadata'),
      changed('no registered gate', { 'gates:': 'no_gates:' }, 'has-active-gates gates'),
      changed('no assigned gate', { gate_assignments: 'rows' }, 'has-assignments gate_assignments'),
      changed('no primary domain', { 'D77, primary_domain: core': 'D77' }, 'row-has-primary-domain gate:D77'),
      changed('an unknown domain', { 'domain: infra': 'domain: vm' }, 'row-domain-is-declared gate:D9#vm'),
      changed('an active gate without a row', { 'D9,': 'D8,' }, 'gate-has-one-row gate:D9'),
      changed('a retired core gate', { 'D3 }': 'D3, retired: true }' }, 'core-gate-is-active gate:D3'),
      changed('a profile of a stray domain', { 'infra: {}': 'a: {}' }, 'domain-is-declared domains#a'),
      changed('no release', { '[core, infra]': '[]' }, 'has-releases release_sequence'),
      changed('a domain without release', { ', infra]': ']' }, 'domain-is-released domain:infra'),
    ],
  },
});
