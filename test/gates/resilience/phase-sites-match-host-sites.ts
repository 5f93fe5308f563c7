import { variation, without } from '../../../src/gates/lib/resilience/examples.ts';
import gate from '../../../src/gates/resilience/phase-sites-match-host-sites.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
    variation('a machine that only the lifecycle knows is where its hypervisor is', {
      '{ target: shelf }': '{ target: shelf }, { target: bench }',
    }),
    variation('the NAS has a phase of its own', { 'vm_ids: [105] }': 'vm_ids: [105] }, { target: nas }' }),
    variation('hosts as mere names', { '[{ target: shelf }]': '[shelf]' }),
    variation('a site whose machines all rest needs no phase', {
      'status: active, proxmox_host: home': 'status: stopped, proxmox_host: home',
      '  - { phase: 10, site: home, hosts: [{ target: home-pve, vm_ids: [105] }] }\n': '',
    }),
  ],
  fail: [
    variation(
      'the naming policy and the hypervisor disagree',
      { 'kind: vm, site: shop': 'kind: vm, site: home' },
      'host-lives-at-the-site phase:1/shelf',
    ),
    variation(
      'sites are case-sensitive',
      { 'site: shop': 'site: Shop' },
      'host-lives-at-the-site phase:1/shelf',
      'site-has-a-phase site:shop',
    ),
  ],
  skip: [without('no naming policy, so no sites', 'hosts')],
});
