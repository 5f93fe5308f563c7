import type { YamlValue } from '../core/yaml.ts';
import { CouldNotAudit, type Governance } from './governance.ts';

/** An ordered set of gate ids. */
export interface Lane {
  readonly id: string;
  readonly gates: readonly string[];
}

const ALIASES: Readonly<Record<string, string>> = {
  'loop-gap': 'loop_gap',
  'home-automation': 'home',
  'finance-ops': 'finance',
  automation: 'n8n',
  photos: 'immich',
  identity: 'ms-graph',
  email: 'ms-graph',
  calendar: 'ms-graph',
  graph: 'ms-graph',
  ms_graph: 'ms-graph',
  msgraph: 'ms-graph',
};

/** The name under which the repo's tools know a domain (LANES.md 1). */
export function normalizeDomain(name: string): string {
  return ALIASES[name] ?? name;
}

/** The id of a domain's lane with us: `core` is taken by the core lane. */
export function laneIdOf(domain: string): string {
  const name = normalizeDomain(domain);
  return name === 'core' ? 'core-domain' : name;
}

/** Every lane of an ops repo: core, then the release sequence, then any other domain, bytewise (LANES.md 7). */
export function resolveLanes(governance: Governance): readonly Lane[] {
  const sequence = texts(governance.topology.get('release_sequence'));
  const declared = texts(governance.topology.get('domain_metadata'), 'domain_id');
  const profiled = governance.domains.get('domains').keys;
  const assigned = assignments(governance).flatMap(({ primary, secondary }) => [primary, ...secondary]);
  const others = [...declared, ...profiled, ...assigned].map(normalizeDomain).sort();
  const domains = new Set([...sequence.map(normalizeDomain), ...others].filter((domain) => domain !== ''));
  const lanes = [...domains].map((domain) => ({ id: laneIdOf(domain), gates: domainGates(governance, domain) }));
  const byCoreFirst = [
    ...lanes.filter(({ id }) => id === 'core-domain'),
    ...lanes.filter(({ id }) => id !== 'core-domain'),
  ];
  return [{ id: 'core', gates: coreGates(governance) }, ...byCoreFirst].filter(({ gates }) => gates.length > 0);
}

/** The core lane in file order. */
export function coreGates({ topology }: Governance): readonly string[] {
  return [...new Set(texts(topology.get('core_mode', 'core_gate_ids')))];
}

/** A domain's gates in natural order: its assignments, or only without any, its profile. */
export function domainGates(governance: Governance, domain: string): readonly string[] {
  const assigned = assignments(governance)
    .filter(({ primary, secondary }) => primary === domain || secondary.includes(domain))
    .map(({ gate }) => gate);
  const profile = governance.domains.get('domains');
  const ids = assigned.length > 0 ? assigned : profile.kind === 'map' ? texts(profile.get(domain), 'gate_ids') : [];
  return [...new Set(ids)].sort(byNaturalOrder);
}

/**
 * The gates that an agent, a domain, or nobody in particular (`undefined`) runs as its pack (LANES.md 2).
 * Throws `CouldNotAudit` for a target that is neither agent nor domain.
 */
export function resolvePack(governance: Governance, target?: string): readonly string[] {
  const { agents, domains, topology } = governance;
  const name = target ?? agents.get('defaults', 'default_pack').or('core-operator');
  const agent = agents.get('profiles').items.find((profile) => profile.get('agent_id').raw === name);
  if (agent) {
    const own = texts(agent.get('domains'))
      .map(normalizeDomain)
      .filter((domain) => domain !== 'core');
    return [...new Set([...coreGates(governance), ...own.flatMap((domain) => domainGates(governance, domain))])];
  }
  const isDeclared = texts(topology.get('domain_metadata'), 'domain_id').includes(normalizeDomain(name));
  if (!domains.get('domains').has(name) && !isDeclared) {
    throw new CouldNotAudit(
      `\`${name}\` is neither an agent nor a domain.`,
      'See gate.agent.profiles.yaml for the agents.',
    );
  }
  return name === 'core' ? coreGates(governance) : domainGates(governance, normalizeDomain(name));
}

/** Ids of the lanes that a change of these paths or capabilities asks for (LANES.md 5); just `core` when none does. */
export function lanesTouched(
  { topology }: Governance,
  paths: readonly string[],
  capabilities: readonly string[] = [],
): readonly string[] {
  const selected = topology
    .get('domain_metadata')
    .items.filter((domain) => {
      const prefixes = texts(domain.get('capability_prefixes')).flatMap(splitOnCommas);
      const listed = texts(domain.get('path_triggers')).flatMap(splitOnCommas);
      const triggers = listed.length > 0 ? listed : prefixes;
      const matching = listed.length > 0 ? prefixes : [];
      return (
        triggers.some((trigger) => paths.some((path) => path.includes(trigger))) ||
        matching.some((prefix) => capabilities.some((capability) => capability.startsWith(prefix)))
      );
    })
    .map((domain) => domain.get('domain_id').raw);
  return selected.length > 0 ? [...new Set(selected)].sort() : ['core'];
}

interface Assignment {
  readonly gate: string;
  readonly primary: string;
  readonly secondary: readonly string[];
}

/** The repo's tools read rows as columns in which empty ones collapse: without a primary domain, the secondary ones move into its place. */
function assignments({ topology }: Governance): readonly Assignment[] {
  return topology
    .get('gate_assignments')
    .items.filter((row) => row.kind === 'map' && row.get('gate_id').or('') !== '')
    .map((row) => {
      const columns = [row.get('primary_domain').or(''), texts(row.get('secondary_domains')).join(',')];
      const [primary = '', secondary = ''] = columns.filter((column) => column !== '');
      return { gate: row.get('gate_id').raw, primary, secondary: splitOnCommas(secondary) };
    });
}

function splitOnCommas(text: string): readonly string[] {
  return text.split(',').filter((part) => part !== '');
}

/** Non-empty texts of a list's items, or of one key of each; of a map's key when the value is a map. */
function texts(value: YamlValue, key?: string): readonly string[] {
  const values =
    key === undefined
      ? value.items
      : value.kind === 'map'
        ? value.get(key).items
        : value.items.map((item) => item.get(key));
  return values.map((item) => item.or('')).filter((text) => text !== '');
}

const collator = new Intl.Collator('en', { numeric: true });

/** D3 before D18 before D100. */
export function byNaturalOrder(one: string, other: string): number {
  return collator.compare(one, other) || (one < other ? -1 : Number(one > other));
}
