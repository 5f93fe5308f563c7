import type { YamlValue } from '../../../core/yaml/value.ts';
import type { Facts } from './facts.ts';
import { type Machine, machinesNamed } from './machines.ts';

/** One line of a phase: a host, and for a hypervisor the numbers of the machines that it starts. */
export interface Start {
  readonly at: YamlValue;
  readonly host: string;
  readonly vms: readonly YamlValue[];
}

export interface Phase {
  readonly at: YamlValue;
  /** Its key in findings. */
  readonly subject: string;
  /** How a message begins with it, and how it names it in passing. */
  readonly label: string;
  readonly name: string;
  readonly site: string;
  readonly starts: readonly Start[];
}

/** The phases of the startup sequence, in its order. Throws `Abort` where it has no list of them. */
export function phasesOf(facts: Facts): readonly Phase[] {
  return facts.records('startup', 'phases').items.map((at, index) => {
    const number = facts.text(at, 'phase.number');
    return {
      at,
      subject: `phase:${number || `at ${index + 1}`}`,
      label: number ? `Phase ${number}` : `The phase at position ${index + 1}`,
      name: number ? `phase ${number}` : `the phase at position ${index + 1}`,
      site: facts.text(at, 'phase.site'),
      starts: facts.value(at, 'phase.hosts').items.map((start) => startOf(facts, start)),
    };
  });
}

function startOf(facts: Facts, at: YamlValue): Start {
  if (at.kind === 'scalar') return { at, host: at.raw, vms: [] };
  return { at, host: facts.text(at, 'start.host'), vms: facts.value(at, 'start.vms').items };
}

/** The machines that a line of a phase starts: those of that name, and those with one of its numbers on that hypervisor. */
export function startedBy({ host, vms }: Start, machines: readonly Machine[]): readonly Machine[] {
  const ids = new Set(vms.map((id) => id.raw));
  return [
    ...machinesNamed(machines, host),
    ...machines.filter(({ id, hypervisor }) => hypervisor === host && ids.has(id)),
  ];
}
