import { variation } from '../../../src/gates/lib/resilience/examples.ts';
import gate from '../../../src/gates/resilience/backup-schedule-covers-every-active-vm.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
    variation('all but another one', { 'vmid 200.': 'all guests, exclude vmid 209.' }),
    variation('a range', { 'vmid 200.': 'vmid 190-205.' }),
    variation('semicolons', { 'vmid 200.': 'vmid 201;200;202.' }),
    variation('one machine in two jobs, lists with blanks', { 'vmid 200.': 'vmids: 200, 201.' }),
    variation('a job without numbers says nothing about its machines', { '; vmid 200': '; all machines' }),
    variation('a machine at rest may be left out', { 'status: active': 'status: stopped', 'vmid 200': 'vmid 209' }),
    variation('machines of a hypervisor that the lifecycle does not know', {
      'pve job': 'other job',
      'vmid 200': 'vmid 300',
    }),
    variation('the summary names the hypervisor', {
      'summary: Shop': 'summary: "Nightly (pve)"',
      '"pve job': '"Job',
    }),
  ],
  fail: [
    variation(
      'left out in another sentence',
      { 'vmid 200.': 'vmid 209. Not in the job: vmid 200.' },
      'active-vm-is-scheduled vm:200',
    ),
    variation('listed, then left out', { 'vmid 200.': 'vmid 200-210 (except 200).' }, 'active-vm-is-scheduled vm:200'),
    variation('all but this one', { 'vmid 200.': 'all guests, exclude vmid 200.' }, 'active-vm-is-scheduled vm:200'),
    variation(
      'its number in the job of the other hypervisor',
      { 'tank; vmid 200': 'tank; vmid 105', 'nas; vmid 105': 'nas; vmid 200' },
      'active-vm-is-scheduled vm:200',
      'active-vm-is-scheduled vm:105',
    ),
    variation(
      'a number in the remark behind the list',
      { 'vmid 105. (VM 102': 'vmid 106. (VM 105' },
      'active-vm-is-scheduled vm:105',
    ),
  ],
  skip: [variation('a calendar that leaves the numbers to the inventory', { '; vmid 200': '', '; vmid 105': '' })],
});
