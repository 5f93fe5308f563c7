import { problem } from '../../core/finding.ts';
import { backupsOf, isAbout } from '../lib/resilience/backups.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { machinesOf } from '../lib/resilience/machines.ts';

export default defineResilienceGate({
  name: 'backups-do-not-outlive-their-vm',
  number: 'R8',
  severity: 'medium',
  why: 'A backup that is still expected of a machine that no longer runs raises an alarm every day until nobody reads alarms any more, or a last old archive makes it look as if something were backed up.',
  fix: "Set `enabled: false` on the target in backup.inventory.yaml, or correct the VM's `status:` in vm.lifecycle.yaml if it runs after all.",
  needs: ['vms', 'backups'],

  *check(facts) {
    const machines = machinesOf(facts);
    const { stopped, decommissioned } = facts.words;
    for (const backup of backupsOf(facts)) {
      const hours = backup.budget.or('');
      if (!backup.isEnabled || hours === '') continue;
      const about = machines.filter((machine) => isAbout(backup, machine));
      const [machine, ...others] = about;
      if (!machine || !about.every(({ status }) => status === stopped || status === decommissioned)) continue;
      const whose = `${machine.label} is ${machine.status}${others.length > 0 ? ', as is all else that it covers' : ''}`;
      const message = `\`${backup.name}\` expects a new archive every ${hours} h, but ${whose}.`;
      yield problem('backup-has-a-running-vm', backup.subject, backup.at, message);
    }
  },

  examples: {
    pass: [
      variation('every machine with a backup runs', {}),
      variation('the backup went when its machine did', {
        'status: active': 'status: stopped',
        'shelf, enabled: true': 'shelf, enabled: false',
        'shelf-away, enabled: true': 'shelf-away, enabled: false',
      }),
      variation('a wildcard that covers a running machine, too', { 'qemu-200-*': 'qemu-2*' }),
      variation('without a budget nothing is ever late', {
        'qemu-200-*': 'qemu-209-*',
        ', stale_after_hours: 26 }\n': ' }\n',
        'defaults: { stale_after_hours: 26 }\n': '',
      }),
      variation('a number that was given to a new machine', { 'id: 209': 'id: 200' }),
    ],
    fail: [
      variation('stopped', { 'qemu-200-*': 'qemu-209-*' }, 'backup-has-a-running-vm target:shelf'),
      variation(
        'decommissioned, and its last archive under watch',
        { 'status: stopped': 'status: decommissioned', 'qemu-200-*': 'qemu-209-2026_02_15-*' },
        'backup-has-a-running-vm target:shelf',
      ),
      variation(
        'the budget is that of the defaults',
        { 'qemu-200-*.vma.zst", classification: critical }': 'qemu-209-*.vma.zst", classification: critical }' },
        'backup-has-a-running-vm target:shelf-away',
      ),
    ],
    skip: [without('no lifecycle', 'vms')],
  },
});
