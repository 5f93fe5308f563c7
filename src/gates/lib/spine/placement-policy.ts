import { type Problem, problem } from '../../../core/finding.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { named, textOf } from '../bash/joins.ts';

/** What the policy says, asked by names that stand in the plan. */
export function readPolicy(policy: YamlValue) {
  const ask = (section: string, name: string) => named(policy.get(section), name);
  const text = (section: string, field: string) => (name: string) => textOf(ask(section, name), field, '');
  return {
    siteOf: text('hosts', 'site'),
    kindOf: text('hosts', 'kind'),
    leastVmid: text('sites', 'vmid_min'),
    mostVmid: text('sites', 'vmid_max'),
    lists: (site: string, host: string) =>
      ask('sites', site).some((entry) => entry.get('proxmox_hosts').items.some((item) => item.is(host))),
    mapFor: (section: string, name: string) => ask(section, name).find((entry) => entry.kind === 'map'),
    demands: (guard: string) => policy.get('guards', guard).or('false') === 'true',
  };
}

export type Policy = ReturnType<typeof readPolicy>;

/** One line of a rule book: a rule, whether it is broken, and what to say then. */
export type Rule = readonly [rule: string, isBroken: boolean, message: string];

/** A finding for each rule that something breaks. */
export function brokenRules(subject: string, at: YamlValue, rules: readonly Rule[]): readonly Problem[] {
  return rules.flatMap(([rule, isBroken, message]) => (isBroken ? [problem(rule, subject, at, message)] : []));
}
