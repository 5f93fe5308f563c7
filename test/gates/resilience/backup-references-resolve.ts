import { variation } from '../../../src/gates/lib/resilience/examples.ts';
import gate from '../../../src/gates/resilience/backup-references-resolve.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
    variation('a machine may name none: whether it has a backup is another question', {
      'backup_target: shelf': 'backup_target: ~',
    }),
    variation('a disabled target exists', { 'enabled: true': 'enabled: false' }),
  ],
  fail: [
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
});
