import { quote } from '../lib/message.ts';
import { type Backup, backupsOf, covers } from '../lib/resilience/backups.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { type Machine, machinesOf } from '../lib/resilience/machines.ts';

/** The target that somebody probably meant: an enabled one on the machine's own hypervisor before any other that covers it. */
function suggestion(machine: Machine, backups: readonly Backup[]): string {
  const rank = (backup: Backup) => Number(backup.isEnabled) + Number(backup.host === machine.hypervisor) * 2;
  const candidates = backups.filter((backup) => backup.name !== '' && covers(backup, machine));
  const [best] = candidates.sort((one, other) => rank(other) - rank(one));
  return best ? `${quote(best.name)} covers this machine` : 'no target covers this machine';
}

export default defineResilienceGate({
  name: 'backup-references-resolve',
  number: 'R2',
  severity: 'medium',
  why: 'When a machine has to be restored, its lifecycle entry says which backup to use. A name that leads nowhere costs time when there is none.',
  fix: "Set the VM's `backup_target:` in vm.lifecycle.yaml to the `name:` of its target in backup.inventory.yaml, as the finding suggests, or add that target.",
  needs: ['vms', 'backups'],

  rules: {
    'backup-target-exists': '{machine} names `{target}`, which is not a target in {inventory}; {suggestion}.',
    'backup-target-exists:several': '`{field}` of {machine} must be one name from {inventory}; {suggestion}.',
  },

  *check(facts, report) {
    const backups = backupsOf(facts);
    const names = new Set(backups.map(({ name }) => name));
    for (const machine of machinesOf(facts)) {
      const target = facts.text(machine.at, 'vm.backup');
      if (target === '' || names.has(target)) continue;
      const reference = facts.value(machine.at, 'vm.backup');
      const values = {
        machine: machine.label,
        inventory: facts.path('backups'),
        suggestion: suggestion(machine, backups),
      };
      if (reference.target.kind === 'scalar') {
        yield report('backup-target-exists', machine.subject, reference, { ...values, target });
      } else {
        yield report('backup-target-exists:several', machine.subject, reference, {
          ...values,
          field: facts.field('vm.backup'),
        });
      }
    }
  },

  examples: {
    pass: [variation('both names are targets', {})],
    fail: [
      variation('another spelling', { 'backup_target: shelf': 'backup_target: vm-200' }, 'backup-target-exists vm:200'),
    ],
    skip: [without('no inventory', 'backups')],
  },
});
