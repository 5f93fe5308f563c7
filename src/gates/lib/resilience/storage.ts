import type { Backup } from './backups.ts';
import type { Facts } from './facts.ts';
import { machinesOf } from './machines.ts';
import { sitesOf } from './sites.ts';

/** Hosts that backups are on and that are storage devices: the naming policy says so, or they are nothing else that the repo knows. */
export function storageHosts(facts: Facts, backups: readonly Backup[]): readonly string[] {
  const machines = machinesOf(facts);
  const { knows } = sitesOf(facts, machines);
  const hosts = facts.records('hosts', 'hosts').items;
  const stated = hosts.filter((host) => facts.text(host, 'host.kind') === facts.words.storage);
  const names = new Set(stated.map((host) => facts.text(host, 'host.name')));
  const isElse = (host: string) => knows(host) || machines.some(({ hypervisor }) => hypervisor === host);
  return [...new Set(backups.map(({ host }) => host))].filter(
    (host) => host !== '' && (names.has(host) || !isElse(host)),
  );
}
