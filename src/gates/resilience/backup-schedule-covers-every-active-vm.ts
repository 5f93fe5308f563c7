import type { YamlValue } from '../../core/yaml/value.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import type { Facts } from '../lib/resilience/facts.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { machinesOf } from '../lib/resilience/machines.ts';

/** A job whose text names the machines that it backs up. */
interface Job {
  readonly at: YamlValue;
  readonly title: string;
  readonly text: string;
  readonly ids: ReadonlySet<string>;
}

function jobsOf(facts: Facts): readonly Job[] {
  return facts.records('calendar', 'jobs').items.flatMap((job) => {
    const text = facts.text(job, 'job.text');
    const ids = [...text.matchAll(/\bvmids?\b[\s:=]*((?:\d+[\s,]*)+)/gi)].flatMap(
      ([, list = '']) => list.match(/\d+/g) ?? [],
    );
    const named = { at: facts.value(job, 'job.text'), title: facts.text(job, 'job.title'), text, ids: new Set(ids) };
    return ids.length > 0 ? [named] : [];
  });
}

/** The hypervisor that a text names first, as a word of its own; a part of a path or of a longer name does not count. */
function firstNamed(text: string, hypervisors: ReadonlySet<string>): string | undefined {
  const words = text.match(/[^\s,;:.()[\]'"`]+/g) ?? [];
  return words.find((word) => hypervisors.has(word));
}

export default defineResilienceGate({
  name: 'backup-schedule-covers-every-active-vm',
  number: 'R10',
  severity: 'high',
  why: 'A backup job that lists its machines by number misses each new one: the backup target exists and is enabled, but no archive ever arrives.',
  fix: "Add the VM's number to the job on the hypervisor, then to the `vmid` list in the job's `description:` in backup.calendar.yaml.",
  limits: 'The job on the hypervisor itself is not visible; only its description in the calendar is read.',
  needs: ['vms', 'calendar'],

  rules: {
    'job-names-its-hypervisor': 'This job lists active VMs by number but does not name the hypervisor they run on.',
    'active-vm-is-scheduled': '{machine} is active, but no backup job for `{hypervisor}` lists its number.',
  },

  *check(facts, report) {
    const machines = machinesOf(facts);
    const active = machines.filter(({ isActive }) => isActive);
    const hypervisors = new Set(machines.map(({ hypervisor }) => hypervisor));
    const jobs = jobsOf(facts);
    if (jobs.length === 0) {
      yield { notApplicable: `no job of ${facts.path('calendar')} lists its machines by number` };
    }
    const byHypervisor = Map.groupBy(jobs, ({ text, title }) => firstNamed(`${text} ${title}`, hypervisors));
    for (const { title, ids, at } of byHypervisor.get(undefined) ?? []) {
      if (active.some(({ id }) => ids.has(id))) yield report('job-names-its-hypervisor', `job:${title}`, at);
    }
    for (const { subject, label, id, hypervisor } of active) {
      const [first, ...others] = byHypervisor.get(hypervisor) ?? [];
      if (!first || [first, ...others].some(({ ids }) => ids.has(id))) continue;
      yield report('active-vm-is-scheduled', subject, first.at, { machine: label, hypervisor });
    }
  },

  examples: {
    pass: [variation('both jobs list their machines', {})],
    fail: [
      variation('a new machine that nobody added', { 'vmid 200.': 'vmid 201,209.' }, 'active-vm-is-scheduled vm:200'),
      variation(
        'a hypervisor that no machine runs on',
        { '"pve job': '"pve-two job' },
        'job-names-its-hypervisor job:Shop',
      ),
    ],
    skip: [without('no calendar', 'calendar')],
  },
});
