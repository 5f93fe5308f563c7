import { variation } from '../../../src/gates/lib/resilience/examples.ts';
import gate from '../../../src/gates/resilience/backups-do-not-outlive-their-vm.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
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
});
