import type { YamlValue } from '../../../core/yaml/value.ts';
import { quote } from '../message.ts';
import type { Facts } from './facts.ts';

/** A VM or container as the lifecycle binding states it. */
export interface Machine {
  readonly at: YamlValue;
  /** The hypervisor's number for it. */
  readonly id: string;
  /** Its key in findings. */
  readonly subject: string;
  /** How a message names it: "VM 203 `immich`". */
  readonly label: string;
  readonly hostname: string;
  readonly ssh: string;
  readonly hypervisor: string;
  readonly status: string;
  readonly isActive: boolean;
  readonly isDecommissioned: boolean;
  /** What its vzdump archives are called up to the time, and what follows it; undefined for a type that vzdump does not know. */
  readonly archive: { readonly start: string; readonly end: string } | undefined;
  /** Hypervisors on which another living machine has the same number, so that an archive there is that one's. */
  readonly namesakesOn: readonly string[];
}

type Draft = Omit<Machine, 'namesakesOn' | 'subject'>;

/** Every machine of the lifecycle binding, in its order. Throws `Abort` where the binding has no list of them. */
export function machinesOf(facts: Facts): readonly Machine[] {
  const drafts = facts.records('vms', 'vms').items.map((record) => draftOf(facts, record));
  const byId = Map.groupBy(
    drafts.filter(({ id, isDecommissioned }) => id !== '' && !isDecommissioned),
    ({ id }) => id,
  );
  return drafts.map((draft) => {
    const { id, hostname, hypervisor } = draft;
    const others = (byId.get(id) ?? []).filter((other) => other.hypervisor !== hypervisor);
    const namesakesOn = others.map((other) => other.hypervisor);
    const subject = `vm:${id || hostname}${namesakesOn.length > 0 ? `@${hypervisor}` : ''}`;
    return { ...draft, namesakesOn, subject };
  });
}

function draftOf(facts: Facts, at: YamlValue): Draft {
  const { words } = facts;
  const [id, hostname, status] = [facts.text(at, 'vm.id'), facts.text(at, 'vm.hostname'), facts.text(at, 'vm.status')];
  const type = facts.text(at, 'vm.type') || 'qemu';
  const form = type === words.lxc ? 'lxc' : type === 'qemu' ? 'qemu' : undefined;
  return {
    at,
    id,
    hostname,
    status,
    label: `${form === 'lxc' ? 'LXC' : 'VM'} ${id || '(no number)'}${hostname && ` ${quote(hostname)}`}`,
    ssh: facts.text(at, 'vm.ssh'),
    hypervisor: facts.text(at, 'vm.hypervisor') || facts.text(facts.root('vms'), 'vms.hypervisor'),
    isActive: status === words.active,
    isDecommissioned: status === words.decommissioned,
    archive: form && id ? { start: `vzdump-${form}-${id}-`, end: `.${words[`archive.${form}`]}` } : undefined,
  };
}

/** Whether archives of another machine are called as those of this one are: of the same type and number, on another hypervisor. */
export function isNamesake(other: Machine, { archive, hypervisor }: Machine): boolean {
  return !other.isDecommissioned && other.hypervisor !== hypervisor && other.archive?.start === archive?.start;
}

/** The machines that a host name stands for: by the name in the SSH address book, else by host name; active ones before those at rest, never decommissioned ones. */
export function machinesNamed(machines: readonly Machine[], name: string): readonly Machine[] {
  if (name === '') return [];
  const living = machines.filter(({ isDecommissioned }) => !isDecommissioned);
  const active = living.filter(({ isActive }) => isActive);
  for (const pool of [active, living]) {
    for (const key of ['ssh', 'hostname'] as const) {
      const found = pool.filter((machine) => machine[key] === name);
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** The first two machines that share a number on one hypervisor, for each such number. A machine that is gone may leave its number to another. */
export function numberTwins(machines: readonly Machine[]): readonly (readonly [Machine, Machine])[] {
  const living = machines.filter(({ id, isDecommissioned }) => id !== '' && !isDecommissioned);
  const groups = Map.groupBy(living, ({ id, hypervisor }) => JSON.stringify([hypervisor, id]));
  return [...groups.values()].flatMap(([first, second]) => (first && second ? [[first, second] as const] : []));
}
