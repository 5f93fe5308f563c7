import { problem } from '../../core/finding.ts';
import { backupsOf, isAbout } from '../lib/resilience/backups.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { machinesOf } from '../lib/resilience/machines.ts';

export default defineResilienceGate({
  name: 'critical-backups-are-enabled',
  number: 'R4',
  severity: 'high',
  why: 'A critical backup that is switched off is watched by nobody: its entry looks like protection, and on the day of the loss its folder is empty or years old.',
  fix: 'Set `enabled: true` on the target in backup.inventory.yaml once the backup runs, give it a lower `classification:` if it is not critical, or remove the entry.',
  needs: ['vms', 'backups'],

  *check(facts) {
    const machines = machinesOf(facts);
    for (const backup of backupsOf(facts)) {
      if (backup.class !== 'critical' || backup.isEnabled) continue;
      const about = machines.filter((machine) => isAbout(backup, machine));
      if (about.length > 0 && about.every(({ isDecommissioned }) => isDecommissioned)) continue;
      const enabled = facts.value(backup.at, 'backup.enabled');
      const said = facts.text(backup.at, 'backup.enabled');
      const why = said === '' ? '' : `: \`enabled\` says \`${said}\``;
      const message = `The critical target \`${backup.name}\` is not enabled${why}.`;
      yield problem('critical-backup-is-enabled', backup.subject, enabled, message);
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
