import { problem } from '../../core/finding.ts';
import { type Backup, backupsOf, covers } from '../lib/resilience/backups.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { type Machine, machinesOf } from '../lib/resilience/machines.ts';

/** The target that somebody probably meant: an enabled one on the machine's own hypervisor before any other that covers it. */
function suggestion(machine: Machine, backups: readonly Backup[]): string {
  const rank = (backup: Backup) => Number(backup.isEnabled) + Number(backup.host === machine.hypervisor) * 2;
  const candidates = backups.filter((backup) => backup.name !== '' && covers(backup, machine));
  const [best] = candidates.sort((one, other) => rank(other) - rank(one));
  return best ? `\`${best.name}\` covers it` : 'no target covers it either';
}

export default defineResilienceGate({
  name: 'backup-references-resolve',
  number: 'R2',
  severity: 'medium',
  why: 'When a machine has to be restored, its lifecycle entry says where its backup is. A name that leads nowhere costs the hour in which nobody has time to search.',
  fix: "Set the VM's `backup_target:` in vm.lifecycle.yaml to the `name:` of its target in backup.inventory.yaml, as the finding suggests, or add that target.",
  needs: ['vms', 'backups'],

  *check(facts) {
    const backups = backupsOf(facts);
    const names = new Set(backups.map(({ name }) => name));
    for (const machine of machinesOf(facts)) {
      const reference = facts.value(machine.at, 'vm.backup');
      const name = facts.text(machine.at, 'vm.backup');
      if (name === '' || names.has(name)) continue;
      const wrong =
        reference.target.kind === 'scalar' ? `names \`${name}\`, which is no target` : 'names no single target';
      const message = `${machine.label} ${wrong} in ${facts.path('backups')}; ${suggestion(machine, backups)}.`;
      yield problem('backup-target-exists', machine.subject, reference, message);
    }
  },

  examples: {
    pass: [
      variation('both names are targets', {}),
      variation('a machine may name none: whether it has a backup is another question', {
        'backup_target: shelf': 'backup_target: ~',
      }),
      variation('a disabled target exists', { 'enabled: true': 'enabled: false' }),
    ],
    fail: [
      variation('another spelling', { 'backup_target: shelf': 'backup_target: vm-200' }, 'backup-target-exists vm:200'),
      variation(
        'a switched-off machine counts',
        { 'backup_target: null': 'backup_target: bench' },
        'backup-target-exists vm:209',
      ),
      variation(
        'a list',
        { 'backup_target: shelf': 'backup_target: [shelf, shelf-away]' },
        'backup-target-exists vm:200',
      ),
      variation('capitals matter', { 'backup_target: names': 'backup_target: Names' }, 'backup-target-exists vm:105'),
    ],
    skip: [without('no inventory', 'backups')],
  },
});
