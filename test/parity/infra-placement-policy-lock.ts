import type { Example } from '../../src/core/gate.ts';
import { RELOCATION_PLAN as PLAN, PLACEMENT_POLICY as POLICY } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/infra-placement-policy-lock.ts';
import { nearMisses, variationsOn } from './near-misses.ts';

const CHECKER = 'ops/plugins/infra/bin/infra-placement-policy-check';
const vary = variationsOn(gate);
const VM = '  - { hostname: core, vm_id: "200", proxmox_host: pve }\n';

function vm(title: string, edits: Readonly<Record<string, string>>, ...rules: readonly string[]): Example {
  return vary(title, edits, ...rules.map((rule) => `${rule} vm:core`));
}

function service(title: string, edits: Readonly<Record<string, string>>, ...rules: readonly string[]): Example {
  return vary(title, edits, ...rules.map((rule) => `${rule} service:dns`));
}

export default nearMisses(gate, {
  pass: [
    { title: 'no plan', files: { [CHECKER]: '', [POLICY]: 'sites: [' }, executable: [CHECKER] },
    vary('a number at the bound', { '"200"': '299' }),
    vary('a guard counts as on only when it reads `true`', { '"200"': '"100"', 'ranges: true': 'ranges: True' }),
    vary('09 cannot be compared', { '"200"': '09' }),
    vary('planned services are not looked up', { applied: 'planned', 'host: core }': 'host: hut }' }),
    vary('rolled back to where it was', { applied: 'rolled-back', 'host: core }': 'host: hut }' }),
    vary('entries without their names', { 'hostname: core, ': '', 'service: dns, ': '' }),
    vary('no requirements, but none demanded', {
      '  core: { required': '  other: { required',
      'requirements: true': 'requirements: yes',
    }),
  ],
  fail: [
    { title: 'no checker', files: {}, finds: [`program-can-run ${CHECKER}`] },
    { title: 'no policy', files: { [CHECKER]: '' }, executable: [CHECKER], finds: [`file-exists ${POLICY}`] },
    {
      title: 'policy not YAML',
      files: { [CHECKER]: '', [POLICY]: '[', [PLAN]: '[' },
      executable: [CHECKER],
      finds: [`file-is-yaml ${POLICY}`],
    },
    vm('listed twice', { [VM]: VM + VM }, 'hypervisor-has-site', 'hypervisor-has-site'),
    vm('leading zeros are octal', { '"200"': '0204' }, 'vmid-is-in-range'),
    service('unplaced target', { 'to_host: core': 'to_host: x', 'host: core }': 'host: x }' }, 'target-has-site'),
    service('`Planned` has moved', { applied: 'Planned', 'host: core }': 'host: old }' }, 'registry-names-host'),
    vary('a blank in a host', { 'to_host: core': 'to_host: the core' }, 'unreadable the core'),
  ],
});
