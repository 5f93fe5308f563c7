import { variation } from '../../../src/gates/lib/resilience/examples.ts';
import gate from '../../../src/gates/resilience/critical-backups-are-enabled.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
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
});
