import { variation, without } from '../../../src/gates/lib/resilience/examples.ts';
import gate from '../../../src/gates/resilience/every-active-vm-has-an-enabled-backup.ts';
import { nearMisses } from '../../parity/near-misses.ts';

const RULE = 'vm-has-an-enabled-backup';

export default nearMisses(gate, {
  pass: [
    variation('the hypervisor is that of the defaults', { 'status: active, proxmox_host: pve': 'status: active' }),
    variation('the number by its other name', { 'id: 200': 'vmid: 200' }),
    variation('a wildcard covers', { 'vzdump-qemu-200-*': 'vzdump-qemu-2*' }),
    variation('a class of numbers covers', { 'vzdump-qemu-200-*': 'vzdump-qemu-[!3-9]0[0-5]-*' }),
    variation('the pattern may lead through a folder', { 'vzdump-qemu-200-*': '*/vzdump-qemu-200-*' }),
    variation('any file of a vzdump folder', { '"vzdump-qemu-200-*.vma.zst"': '"*"' }),
    variation('a machine that is switched off needs none', {
      'enabled: true': 'enabled: false',
      'status: active': 'status: stopped',
    }),
  ],
  blind: [variation('facts in a second document', { '\nvms:': '\n---\nvms:' })],
  fail: [
    variation('off is the default', { 'enabled: true, ': '' }, `${RULE} vm:200`),
    variation('only another host holds it', { 'true, host: pve': 'true, host: nas' }, `${RULE} vm:200`),
    variation('the form of a VM for a container', { 'lxc-105-*.tar': 'qemu-105-*.vma' }, `${RULE} vm:105`),
    variation('a number that only begins alike', { 'vzdump-qemu-200-*': 'vzdump-qemu-20-*' }, `${RULE} vm:200`),
    variation('a class without this number', { 'qemu-200-*': 'qemu-20[1-9]-*' }, `${RULE} vm:200`),
    variation('the last archive is none of tonight', { 'qemu-200-*': 'qemu-200-2026_02_15-*' }, `${RULE} vm:200`),
    variation(
      'any file of some other folder',
      { '/tank/dump': '/tank', '"vzdump-qemu-200-*.vma.zst"': '"*"' },
      `${RULE} vm:200`,
    ),
    variation('a number on two hypervisors', { 'id: 105': 'id: 200', ', vm_type: lxc': '' }, `${RULE} vm:200@home-pve`),
    variation('machines that are no list', { 'vms:': 'machines:' }, 'unreadable vms'),
  ],
  skip: [without('no lifecycle', 'vms')],
});
