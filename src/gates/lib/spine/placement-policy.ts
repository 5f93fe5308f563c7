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
