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
    pass: [variation('all are on', {})],
    fail: [variation('off', { 'enabled: true': 'enabled: false' }, 'critical-backup-is-enabled target:shelf')],
    skip: [without('no inventory', 'backups')],
  },
});
