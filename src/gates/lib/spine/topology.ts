import type { GateFinding } from '../../../core/finding.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { shellNumber } from '../bash/shell.ts';
import { reporterFor } from '../define.ts';

// Chapters of the topology, which says what gate runs in which lane. The scripts look at one after the other.

export const TOPOLOGY_RULES = {
  'core-lane-has-limit': 'The core lane has no limit.',
  'core-lane-has-gates': 'The core lane lists no gate.',
  'core-lane-fills-its-limit': 'The core lane lists {count} gates, but `core_count_limit` is `{limit}`.',
  'has-assignments': 'No gate has a domain.',
  'row-has-primary-domain': '`{gate}` has no primary domain.',
  'row-domain-is-declared': '`{gate}` is assigned to `{domain}`, a domain that is not declared.',
  'gate-has-one-row': '`{gate}` is assigned {count} times; it must be assigned once.',
} as const;

const report = reporterFor(TOPOLOGY_RULES);

/** The query tool passes bare scalars over. */
export function recordsOf(list: YamlValue): readonly YamlValue[] {
  return list.items.filter(({ kind }) => kind !== 'scalar');
}

/** Whether the core lane lists exactly as many gates as its limit says. */
export function* coreLaneIsFull(core: YamlValue, limit: YamlValue): Generator<GateFinding> {
  const count = core.items.length;
  if (limit.or('') === '') yield report('core-lane-has-limit', 'core_count_limit', limit);
  if (count === 0) yield report('core-lane-has-gates', 'core_gate_ids', core);
  if (shellNumber(limit.raw) === count) return;
  yield report('core-lane-fills-its-limit', 'core_gate_ids', core, { count, limit });
}

/** Whether each active gate has one row, and every row only domains that are declared. */
export function* gatesAreAssigned(rows: YamlValue, active: readonly YamlValue[], declared: readonly string[]) {
  if (rows.items.length === 0) yield report('has-assignments', 'gate_assignments', rows);
  const counts = new Map<string, number>();
  for (const row of rows.items.filter((item) => !item.get('gate_id').isBlank)) {
    const gate = row.get('gate_id').raw;
    counts.set(gate, (counts.get(gate) ?? 0) + 1);
    const primary = row.get('primary_domain');
    if (primary.isBlank) yield report('row-has-primary-domain', `gate:${gate}`, row, { gate });
    for (const domain of [primary, ...row.get('secondary_domains').items]) {
      if (domain.raw === '' || declared.includes(domain.raw)) continue;
      yield report('row-domain-is-declared', `gate:${gate}#${domain.raw}`, domain, { gate, domain });
    }
  }
  for (const entry of active) {
    const gate = entry.get('id').raw;
    const count = counts.get(gate) ?? 0;
    if (count !== 1) yield report('gate-has-one-row', `gate:${gate}`, entry, { gate, count });
  }
}
