import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { hypervisorOf, jobsOf } from '../lib/resilience/jobs.ts';
import { machinesOf } from '../lib/resilience/machines.ts';

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
    'active-vm-is-scheduled': '{machine} is active, but no backup job for `{hypervisor}` includes its number.',
  },

  *check(facts, report) {
    const machines = machinesOf(facts);
    const active = machines.filter(({ isActive }) => isActive);
    const hypervisors = new Set(machines.map(({ hypervisor }) => hypervisor));
    const jobs = jobsOf(facts);
    if (jobs.length === 0) {
      yield { notApplicable: `no job of ${facts.path('calendar')} lists its machines by number` };
    }
    const byHypervisor = Map.groupBy(jobs, (job) => hypervisorOf(job, hypervisors));
    for (const { title, machines: list, at } of byHypervisor.get(undefined) ?? []) {
      if (active.some(({ id }) => list.names(id))) yield report('job-names-its-hypervisor', `job:${title}`, at);
    }
    for (const { subject, label, id, hypervisor } of active) {
      const [first, ...others] = byHypervisor.get(hypervisor) ?? [];
      if (!first || [first, ...others].some((job) => job.machines.includes(id))) continue;
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
