import type { YamlValue } from '../../../core/yaml/value.ts';
import type { Facts } from './facts.ts';
import { type MachineList, readMachineList } from './machine-list.ts';

/** A backup job whose text says which machines it backs up. */
export interface Job {
  readonly at: YamlValue;
  readonly title: string;
  readonly text: string;
  readonly machines: MachineList;
}

/** The jobs of the calendar whose text lists machines by number, or speaks of all of them. Throws `Abort` where it has no list of jobs. */
export function jobsOf(facts: Facts): readonly Job[] {
  return facts.records('calendar', 'jobs').items.flatMap((job) => {
    const text = facts.text(job, 'job.text');
    const machines = readMachineList(text);
    return machines ? [{ at: facts.value(job, 'job.text'), title: facts.text(job, 'job.title'), text, machines }] : [];
  });
}

/** The hypervisor that a job names first, as a word of its own; a part of a path or of a longer name does not count. */
export function hypervisorOf({ text, title }: Job, hypervisors: ReadonlySet<string>): string | undefined {
  const words = `${text} ${title}`.match(/[^\s,;:.()[\]'"`]+/g) ?? [];
  return words.find((word) => hypervisors.has(word));
}
