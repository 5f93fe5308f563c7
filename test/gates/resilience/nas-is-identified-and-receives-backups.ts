import { variation } from '../../../src/gates/lib/resilience/examples.ts';
import gate from '../../../src/gates/resilience/nas-is-identified-and-receives-backups.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
    variation('reachable by its address in the house', { 'id: nas, host: 100.64.0.5': 'id: box, host: 10.0.0.5' }),
    variation('a class that nobody backs up is not asked for', {
      'classification: important, stale_after_hours: 48': 'classification: rebuildable, enabled: false',
    }),
  ],
  fail: [
    variation(
      'a host that nothing knows has to be some device',
      { 'notes, enabled: true, host: nas': 'notes, enabled: true, host: cellar' },
      'device-receives-each-class device:nas#important',
      'device-is-registered device:cellar',
      'device-receives-each-class device:cellar#critical',
    ),
  ],
  skip: [variation('no backup lies on a storage device', { 'kind: storage': 'kind: server' })],
});
