import { quote } from '../message.ts';
import type { Facts } from './facts.ts';
import { type Machine, machinesNamed } from './machines.ts';

/** Where a host is, and what says so. */
export interface Whereabouts {
  readonly site: string;
  readonly source: string;
}

export interface Sites {
  /** Whether the naming policy or the lifecycle binding has the host. */
  knows(host: string): boolean;
  /** All that is said of a host's site: by the naming policy, and for a machine by its hypervisor. */
  of(host: string): readonly Whereabouts[];
  /** The one site that is said of a host; undefined where none is, or two are. */
  siteOf(host: string): string | undefined;
}

/** Answers questions about sites from the naming policy. */
export function sitesOf(facts: Facts, machines: readonly Machine[]): Sites {
  const hosts = Map.groupBy(facts.records('hosts', 'hosts').items, (host) => facts.text(host, 'host.name'));
  const stated = (name: string): readonly Whereabouts[] =>
    (hosts.get(name) ?? [])
      .map((host) => ({ site: facts.text(host, 'host.site'), source: facts.path('hosts') }))
      .filter(({ site }) => site !== '');
  const of = (name: string): readonly Whereabouts[] => {
    const [machine, ...others] = machinesNamed(machines, name);
    if (!machine || others.length > 0) return stated(name);
    const source = `its hypervisor ${quote(machine.hypervisor)}`;
    return [...stated(name), ...stated(machine.hypervisor).map(({ site }) => ({ site, source }))];
  };
  return {
    of,
    knows: (name) => name !== '' && (hosts.has(name) || machinesNamed(machines, name).length > 0),
    siteOf(name) {
      const [site, ...others] = new Set(of(name).map((whereabouts) => whereabouts.site));
      return others.length > 0 ? undefined : site;
    },
  };
}
