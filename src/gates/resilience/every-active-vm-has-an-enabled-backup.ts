import { quote } from '../lib/message.ts';
import { type Backup, backupsOf, covers } from '../lib/resilience/backups.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { type Machine, machinesOf, numberTwins } from '../lib/resilience/machines.ts';

/** States in which nobody expects a backup yet or any more, beside those that the layout names. */
const AT_REST = ['planning', 'planned', 'provisioned', 'registered', 'abandoned', 'template'];

/** What comes closest to a backup of the machine, as the start of a sentence. */
function nearest(machine: Machine, backups: readonly Backup[]): string {
  const near = backups.filter((backup) => covers(backup, machine));
  const disabled = near.find(({ host, isEnabled }) => host === machine.hypervisor && !isEnabled);
  if (disabled) return `${quote(disabled.name)} covers it but is disabled`;
  const elsewhere = near.find(({ isEnabled }) => isEnabled);
  return elsewhere
    ? `${quote(elsewhere.name)} only looks on ${quote(elsewhere.host)}`
    : 'no target looks for its archives';
}

const RULE = 'vm-has-an-enabled-backup';

export default defineResilienceGate({
  name: 'every-active-vm-has-an-enabled-backup',
  number: 'R1',
  severity: 'critical',
  why: 'If the disk of the hypervisor dies tonight, a machine without an enabled backup is gone for good, and nobody is told that it has none.',
  fix: "Give the VM a target in backup.inventory.yaml with `enabled: true`, its hypervisor as `host:` and a `glob:` that fits its archives, such as `vzdump-qemu-203-*.vma.zst`. If it needs none, correct the VM's `status:`.",
  needs: ['vms', 'backups'],

  rules: {
    'status-is-known:none': '{machine} has no status, so nobody can tell whether it needs a backup.',
    'status-is-known':
      '{machine} has the status `{status}`, which Lanekeeper does not know. Only a machine that is `{active}` needs a backup.',
    'vm-has-a-number': '{machine} is active but has no number, so no archive can be assigned to it.',
    'number-is-used-once':
      '{machine} and {other} have the same number on `{hypervisor}`, so their archives cannot be told apart.',
    'vm-type-is-known': '{machine} is active but of the type `{type}`, for which vzdump makes no archives.',
    'vm-has-an-enabled-backup':
      '{machine} is active but has no enabled backup on its hypervisor `{hypervisor}`: {nearest}.',
  },

  *check(facts, report) {
    const backups = backupsOf(facts);
    const { active, stopped, decommissioned } = facts.words;
    const machines = machinesOf(facts);
    for (const [machine, other] of numberTwins(machines)) {
      const { id, hypervisor } = machine;
      const values = { machine: machine.label, other: other.label, hypervisor };
      yield report('number-is-used-once', `number:${id}@${hypervisor}`, other.at, values);
    }
    for (const machine of machines) {
      const { at, subject, label, status, isActive, id, hypervisor, archive } = machine;
      if (!isActive) {
        if ([stopped, decommissioned, ...AT_REST].includes(status)) continue;
        const rule = status === '' ? 'status-is-known:none' : 'status-is-known';
        yield report(rule, subject, facts.value(at, 'vm.status'), { machine: label, status, active });
      } else if (id === '') {
        yield report('vm-has-a-number', subject, at, { machine: label });
      } else if (!archive) {
        const type = facts.value(at, 'vm.type');
        yield report('vm-type-is-known', subject, type, { machine: label, type });
      } else if (!backups.some((backup) => backup.isEnabled && backup.host === hypervisor && covers(backup, machine))) {
        const values = { machine: label, hypervisor, nearest: nearest(machine, backups) };
        yield report('vm-has-an-enabled-backup', subject, at, values);
      }
    }
  },

  examples: {
    pass: [variation('a VM and a container with archives of their forms', {})],
    fail: [
      variation('a number twice on one host', { 'id: 209': 'id: 200' }, 'number-is-used-once number:200@pve'),
      variation('disabled', { 'enabled: true': 'enabled: false' }, `${RULE} vm:200`),
      variation(
        'a status in capitals, and none',
        { 'status: active': 'status: Active', ' status: active,': '' },
        'status-is-known vm:200',
        'status-is-known vm:105',
      ),
      variation(
        'no number, a strange type',
        { 'id: 200, ': '', 'vm_type: lxc': 'vm_type: jail' },
        'vm-has-a-number vm:shelf',
        'vm-type-is-known vm:105',
      ),
    ],
    skip: [without('no inventory', 'backups')],
  },
});
