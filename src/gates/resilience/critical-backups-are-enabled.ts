import { backupsOf, isAbout } from '../lib/resilience/backups.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { machinesOf } from '../lib/resilience/machines.ts';

export default defineResilienceGate({
  name: 'critical-backups-are-enabled',
  number: 'R4',
  severity: 'high',
  why: 'Nobody watches a critical backup that is switched off. Its entry looks like protection, and when the data is lost the folder is empty or years old.',
  fix: 'Set `enabled: true` on the target in backup.inventory.yaml once the backup runs, give it a lower `classification:` if it is not critical, or remove the entry.',
  needs: ['vms', 'backups'],

  rules: {
    'critical-backup-is-enabled': 'The critical backup `{target}` is not enabled (`{field}` is `{value}`, not `true`).',
  },

  *check(facts, report) {
    const machines = machinesOf(facts);
    for (const backup of backupsOf(facts)) {
      if (backup.class !== 'critical' || backup.isEnabled) continue;
      const about = machines.filter((machine) => isAbout(backup, machine));
      if (about.length > 0 && about.every(({ isDecommissioned }) => isDecommissioned)) continue;
      const enabled = facts.value(backup.at, 'backup.enabled');
      const field = facts.field('backup.enabled');
      yield report('critical-backup-is-enabled', backup.subject, enabled, {
        target: backup.name,
        field,
        value: enabled,
      });
    }
  },

  examples: {
    pass: [
      variation('all are on', {}),
      variation('an important one may be off', { 'name: names, enabled: true': 'name: names, enabled: false' }),
      variation('its machine is decommissioned', {
        'status: active': 'status: decommissioned',
        'enabled: true': 'enabled: false',
      }),
      variation('the last archive of a decommissioned machine', {
        'status: active': 'status: decommissioned',
        'enabled: true': 'enabled: false',
        'qemu-200-*': 'qemu-200-2026_02_15-*',
      }),
    ],
    fail: [
      variation('off', { 'enabled: true': 'enabled: false' }, 'critical-backup-is-enabled target:shelf'),
      variation('neither on nor off is off', { 'enabled: true, ': '' }, 'critical-backup-is-enabled target:shelf'),
      variation('`yes` is no `true`', { 'enabled: true': 'enabled: yes' }, 'critical-backup-is-enabled target:shelf'),
      variation(
        'a stopped machine may start again',
        { 'status: active': 'status: stopped', 'enabled: true': 'enabled: false' },
        'critical-backup-is-enabled target:shelf',
      ),
      variation(
        'a wildcard covers living machines, too',
        { 'status: stopped': 'status: decommissioned', 'enabled: true': 'enabled: false', 'qemu-200-*': 'qemu-*' },
        'critical-backup-is-enabled target:shelf',
      ),
      variation(
        'no archive of a machine',
        {
          'classification: important, stale_after_hours: 24': 'classification: critical',
          'notes, enabled: true': 'notes, enabled: false',
        },
        'critical-backup-is-enabled target:notes',
      ),
    ],
    skip: [without('no inventory', 'backups')],
  },
});
