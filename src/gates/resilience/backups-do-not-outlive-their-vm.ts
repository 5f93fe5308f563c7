import { backupsOf, isAbout } from '../lib/resilience/backups.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { machinesOf } from '../lib/resilience/machines.ts';

export default defineResilienceGate({
  name: 'backups-do-not-outlive-their-vm',
  number: 'R8',
  severity: 'medium',
  why: 'A backup still expected of a machine that no longer runs raises an alarm every day until nobody reads alarms, or its last archive makes it look as if something were still backed up.',
  fix: "Set `enabled: false` on the target in backup.inventory.yaml, or correct the VM's `status:` in vm.lifecycle.yaml if it still runs.",
  needs: ['vms', 'backups'],

  rules: {
    'backup-has-a-running-vm': '`{target}` expects a new archive every {hours} h, but {machine} is {status}.',
    'backup-has-a-running-vm:several':
      '`{target}` expects a new archive every {hours} h, but {machine} and all other machines it covers are {status}.',
  },

  *check(facts, report) {
    const machines = machinesOf(facts);
    const { stopped, decommissioned } = facts.words;
    for (const backup of backupsOf(facts)) {
      const hours = backup.budget.or('');
      if (!backup.isEnabled || hours === '') continue;
      const about = machines.filter((machine) => isAbout(backup, machine));
      const [machine, ...others] = about;
      if (!machine || !about.every(({ status }) => status === stopped || status === decommissioned)) continue;
      const rule = others.length === 0 ? 'backup-has-a-running-vm' : 'backup-has-a-running-vm:several';
      const status = [...new Set(about.map((each) => each.status))].join(' or ');
      yield report(rule, backup.subject, backup.at, { target: backup.name, hours, machine: machine.label, status });
    }
  },

  examples: {
    pass: [variation('every machine with a backup runs', {})],
    fail: [variation('stopped', { 'qemu-200-*': 'qemu-209-*' }, 'backup-has-a-running-vm target:shelf')],
    skip: [without('no lifecycle', 'vms')],
  },
});
