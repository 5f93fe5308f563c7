import { variation } from '../../../src/gates/lib/resilience/examples.ts';
import gate from '../../../src/gates/resilience/every-active-vm-starts-in-a-phase.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
    variation('by its name in the SSH address book', { 'hostname: shelf,': 'hostname: box, ssh_target: shelf,' }),
    variation('what is switched off needs no phase', {
      'status: active': 'status: stopped',
      '{ target: shelf }': '{ target: nas }',
    }),
    variation('twice within one phase', {
      '[{ target: shelf }]': '[{ target: shelf }, { target: pve, vm_ids: [200] }]',
    }),
    variation('of two machines of one name, the active one', { 'hostname: bench': 'hostname: shelf' }),
  ],
  fail: [
    variation('a hypervisor without numbers starts none', { ', vm_ids: [105]': '' }, 'active-vm-is-started vm:105'),
    variation(
      'the number under another hypervisor',
      { 'target: home-pve': 'target: pve' },
      'active-vm-is-started vm:105',
    ),
    variation('no phases at all', { 'phases:': 'steps:' }, 'unreadable phases'),
  ],
});
