import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { shellNumber } from '../../lib/bash/shell.ts';
import { filesExist, unparsable } from '../../lib/files/files.ts';
import { first } from '../../lib/files/first.ts';
import { domainReferences } from '../../lib/spine/domain-references.ts';
import { TOPOLOGY } from '../../lib/spine/known-files.ts';
import { variationsOf } from '../../lib/variations.ts';

const REGISTRY = 'ops/bindings/gate.registry.yaml';
const PROFILES = 'ops/bindings/gate.domain.profiles.yaml';
const AGENTS = 'ops/bindings/gate.agent.profiles.yaml';
const FILES = [REGISTRY, TOPOLOGY, PROFILES, AGENTS];
/** The query tool passes bare scalars over. */
const canHaveKeys = ({ kind }: YamlValue) => kind !== 'scalar';

const SOUND = {
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
};
const changed = variationsOf(SOUND);

export default defineGate({
  name: 'domain-assignment-drift-lock',
  mirrors: ['046caca7d57183273944a1319c7ffbbba226e40b'],
  why: 'A gate without a domain runs in no lane, and an unknown domain selects nothing: both look green. Only the first mistake is reported, so mending one may uncover the next.',
  fix: 'In gate.execution.topology.yaml give every active gate exactly one row, name only domains that `domain_metadata` declares, and list each of them in `release_sequence`.',
  reads: FILES,
  deviates: [
    'A `core_count_limit` that a shell cannot read as a number, such as 08, is a finding; the script lets it pass.',
    'A bare text as `domains` in gate.domain.profiles.yaml fails; the script may find no domain in it.',
  ],

  *check({ repo }) {
    yield* first(mistakes(repo));
  },

  examples: {
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
  },
});

function* mistakes(repo: Repo): Generator<Problem> {
  yield* filesExist(repo, ...FILES);
  for (const path of FILES) if (!repo.isYaml(path)) yield unparsable(repo, path);
  const topology = repo.yaml(TOPOLOGY);
  const core = topology.get('core_mode', 'core_gate_ids');
  yield* coreLaneFillsItsLimit(core, topology.get('core_mode', 'core_count_limit'));
  const metadata = topology.get('domain_metadata');
  const declared = metadata.items.filter(canHaveKeys).map((domain) => domain.get('domain_id').raw);
  if (declared.length === 0) yield problem('has-domains', 'domain_metadata', metadata, 'No domain is declared.');
  const registry = repo.yaml(REGISTRY).get('gates');
  const gates = registry.items.filter(canHaveKeys);
  const active = gates.filter((gate) => !gate.get('retired').is('true'));
  if (active.length === 0) yield problem('has-active-gates', 'gates', registry, 'No active gate is registered.');
  yield* gatesHaveOneRow(active, topology.get('gate_assignments'), declared);
  for (const item of core.items) {
    const gate = gates.find((candidate) => candidate.get('id').raw === item.raw);
    if (gate && !gate.get('retired').is('true')) continue;
    const message = `The core lane lists \`${item.raw}\`, which is ${gate ? 'retired' : 'not registered'}.`;
    yield problem('core-gate-is-active', `gate:${item.raw}`, item, message);
  }

  const isOn = (rule: string) => topology.get('validation_rules', rule).or('true') === 'true';
  const release = topology.get('release_sequence');
  const profiles = repo.yaml(PROFILES).get('domains');
  if (isOn('reject_undefined_domain_refs')) {
    for (const { source, domain, at } of domainReferences(profiles, repo.yaml(AGENTS).get('profiles'), release)) {
      if (domain === '' || declared.includes(domain)) continue;
      const message = `\`${source}\` names the domain \`${domain}\`, which the topology does not declare.`;
      yield problem('domain-is-declared', `${source}#${domain}`, at, message);
    }
  }
  if (!isOn('require_release_sequence_coverage')) return;
  const released = release.items.map((domain) => domain.raw).filter((name) => name !== '');
  if (released.length === 0) yield problem('has-releases', 'release_sequence', release, 'No domain is released.');
  for (const domain of declared.filter((name) => !released.includes(name))) {
    const message = `The domain \`${domain}\` is missing from \`release_sequence\`.`;
    yield problem('domain-is-released', `domain:${domain}`, release, message);
  }
}

function* coreLaneFillsItsLimit(core: YamlValue, limit: YamlValue): Generator<Problem> {
  const count = core.items.length;
  if (limit.or('') === '')
    yield problem('core-lane-has-limit', 'core_count_limit', limit, 'The core lane has no limit.');
  if (count === 0) yield problem('core-lane-has-gates', 'core_gate_ids', core, 'The core lane lists no gate.');
  if (shellNumber(limit.raw) === count) return;
  const message = `The core lane lists ${count} gates, but \`core_count_limit\` is \`${limit.raw}\`.`;
  yield problem('core-lane-fills-its-limit', 'core_gate_ids', core, message);
}

function* gatesHaveOneRow(active: readonly YamlValue[], rows: YamlValue, declared: readonly string[]) {
  if (rows.items.length === 0) yield problem('has-assignments', 'gate_assignments', rows, 'No gate has a domain.');
  const counts = new Map<string, number>();
  for (const row of rows.items.filter((item) => !item.get('gate_id').isBlank)) {
    const id = row.get('gate_id').raw;
    counts.set(id, (counts.get(id) ?? 0) + 1);
    const primary = row.get('primary_domain');
    if (primary.isBlank) yield problem('row-has-primary-domain', `gate:${id}`, row, `\`${id}\` has no primary domain.`);
    for (const domain of [primary, ...row.get('secondary_domains').items]) {
      if (domain.raw === '' || declared.includes(domain.raw)) continue;
      const message = `\`${id}\` is assigned to \`${domain.raw}\`, a domain that is not declared.`;
      yield problem('row-domain-is-declared', `gate:${id}#${domain.raw}`, domain, message);
    }
  }
  for (const gate of active) {
    const id = gate.get('id').raw;
    const count = counts.get(id) ?? 0;
    if (count !== 1) yield problem('gate-has-one-row', `gate:${id}`, gate, `\`${id}\` is assigned ${count} times.`);
  }
}
