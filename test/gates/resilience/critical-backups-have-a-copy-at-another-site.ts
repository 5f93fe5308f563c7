import { variation } from '../../../src/gates/lib/resilience/examples.ts';
import gate from '../../../src/gates/resilience/critical-backups-have-a-copy-at-another-site.ts';
import { nearMisses } from '../../parity/near-misses.ts';

const RULE = 'critical-backup-has-a-copy-elsewhere';

export default nearMisses(gate, {
  pass: [
    variation('a wildcard covers', {
      'glob: "vzdump-qemu-200-*.vma.zst", classification: critical }': 'glob: "vzdump-qemu-*.vma.zst" }',
    }),
    variation('what is merely important may stay', {
      'classification: critical, stale': 'classification: important, stale',
      'critical }': 'important, enabled: false }',
    }),
    variation('a machine at rest is not asked for', {
      'status: active': 'status: stopped',
      'name: shelf-away, enabled: true': 'name: shelf-away',
    }),
    variation('a critical backup of something else than a machine', {
      'classification: important, stale_after_hours: 24': 'classification: critical',
    }),
    variation('two critical copies at one site and a third elsewhere', {
      'name: notes, enabled: true, host: nas, base_path: /volume1/notes, glob: "*.tar.gz"':
        'name: again, enabled: true, host: pve, base_path: /tank/dump, glob: "vzdump-qemu-200-*.vma.zst"',
    }),
  ],
  fail: [
    variation('both at one site are one finding', { 'host: nas': 'host: pve' }, `${RULE} vm:200`),
    variation(
      'the copy is one of another number',
      { 'vzdump, glob: "vzdump-qemu-200': 'vzdump, glob: "vzdump-qemu-201' },
      `${RULE} vm:200`,
    ),
    variation(
      'two hypervisors give one number each: neither archive is a copy of the other',
      {
        'id: 105': 'id: 200',
        ', vm_type: lxc': '',
        'host: nas': 'host: home-pve',
        '"vzdump-lxc-105-*.tar.zst", classification: important':
          '"vzdump-qemu-200-*.vma.zst", classification: critical',
      },
      `${RULE} vm:200@pve`,
      `${RULE} vm:200@home-pve`,
    ),
  ],
});
