import { defineGate, type Example } from '../../../core/gate.ts';
import { absent, isProgram, notRunnable, unparsable } from '../../lib/files/files.ts';
import { RELOCATION_PLAN as PLAN, PLACEMENT_POLICY as POLICY, SERVICE_REGISTRY } from '../../lib/spine/known-files.ts';
import { readPolicy } from '../../lib/spine/placement-policy.ts';
import { servicesSitWell } from '../../lib/spine/service-placement.ts';
import { vmsSitWell } from '../../lib/spine/vm-placement.ts';
import { variationsOf } from '../../lib/variations.ts';

const CHECKER = 'ops/plugins/infra/bin/infra-placement-policy-check';

const vary = variationsOf(
  {
    [CHECKER]: '',
    [PLAN]: `vm_targets:
  - { hostname: core, vm_id: "200", proxmox_host: pve }
services:
  - { service: dns, to_host: core, status: applied, rollback_to: hut }
`,
    [POLICY]: `sites:
  shop: { proxmox_hosts: [pve], vmid_min: 200, vmid_max: 299 }
  home: { proxmox_hosts: [pve-home], vmid_min: 0100, vmid_max: 199 }
hosts:
  pve: { site: shop, kind: proxmox }
  pve-home: { site: home, kind: proxmox }
  core: { site: shop }
  hut: { site: home }
vm_target_requirements:
  core: { required_site: shop, required_proxmox_host: pve }
service_placement:
  dns: { primary_site: shop, dr_sites: [home] }
guards:
  enforce_vmid_ranges: true
  require_explicit_vm_target_requirements: true
  require_service_policy_for_manifest_services: true
  enforce_service_primary_site: true
  enforce_vm_site_matches_hypervisor_site: true
`,
    [SERVICE_REGISTRY]: 'services: { dns: { host: core } }\n',
  },
  { executable: [CHECKER] },
);
const VM = '  - { hostname: core, vm_id: "200", proxmox_host: pve }\n';
const SERVICE = '  - { service: dns, to_host: core, status: applied, rollback_to: hut }\n';

function vm(title: string, edits: Readonly<Record<string, string>>, ...rules: readonly string[]): Example {
  return vary(title, edits, ...rules.map((rule) => `${rule} vm:core`));
}

function service(title: string, edits: Readonly<Record<string, string>>, ...rules: readonly string[]): Example {
  return vary(title, edits, ...rules.map((rule) => `${rule} service:dns`));
}

export default defineGate({
  name: 'infra-placement-policy-lock',
  mirrors: ['5a4e85a85e0511aed55d637910d2278b38574275'],
  why: 'The plan decides on which hypervisor a machine is built and where a service goes. Against the placement policy, a machine ends up at the wrong site, or with a number that the other site hands out too. A guard of the policy counts only when it reads exactly `true`.',
  fix: 'Correct vm_targets or services in infra.relocation.plan.yaml, or decide on the new place in infra.placement.policy.yaml (and, for services that have moved, in SERVICE_REGISTRY.yaml).',
  reads: [PLAN, POLICY, SERVICE_REGISTRY],

  *check({ repo }) {
    if (!isProgram(repo, CHECKER)) return yield notRunnable(repo, CHECKER);
    if (!repo.isFile(POLICY)) return yield absent(repo, POLICY);
    if (!repo.isFile(PLAN)) return;
    for (const path of [POLICY, PLAN]) if (!repo.isYaml(path)) return yield unparsable(repo, path);

    const policy = readPolicy(repo.yaml(POLICY));
    yield* vmsSitWell(policy, repo.yaml(PLAN));
    const registry = repo.isFile(SERVICE_REGISTRY) ? repo.yamlOrEmpty(SERVICE_REGISTRY) : undefined;
    yield* servicesSitWell(policy, repo.yaml(PLAN), registry);
  },

  examples: {
    pass: [
      vary('everything where it belongs', {}),
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
      vm(
        'unplaced: nothing else is judged',
        { '  core: { site': '  x: { site', '"200"': '7', [SERVICE]: '' },
        'vm-has-site',
      ),
      vm('no hypervisor', { ', proxmox_host: pve }': ' }' }, 'hypervisor-has-site'),
      vm('listed twice', { [VM]: VM + VM }, 'hypervisor-has-site', 'hypervisor-has-site'),
      vm('not a hypervisor', { 'shop, kind: proxmox': 'shop, kind: vm' }, 'hypervisor-is-proxmox'),
      vm('a scalar lists none', { '[pve]': 'pve' }, 'site-lists-hypervisor'),
      vm(
        'the hypervisor of the other site',
        { 'proxmox_host: pve }': 'proxmox_host: pve-home }' },
        ...['vm-shares-site', 'vm-is-on-required-host', 'vmid-is-in-range'],
      ),
      vm('the wrong site', { 'required_site: shop': 'required_site: home' }, 'vm-is-at-required-site'),
      vm('no requirements', { '  core: { required': '  other: { required' }, 'vm-has-requirements'),
      vm('leading zeros are octal', { '"200"': '0204' }, 'vmid-is-in-range'),
      vm('no lower bound', { 'vmid_min: 200, ': '' }, 'vmid-is-a-number'),
      service('no placement', { '  dns: { primary': '  other: { primary' }, 'service-has-placement'),
      service('unplaced target', { 'to_host: core': 'to_host: x', 'host: core }': 'host: x }' }, 'target-has-site'),
      service('not the primary site', { 'primary_site: shop': 'primary_site:' }, 'service-is-at-primary-site'),
      service('unplaced way back', { 'rollback_to: hut': 'rollback_to: x' }, 'rollback-host-has-site'),
      service('forbidden way back', { '[home]': '[]' }, 'rollback-site-is-allowed'),
      service('no way back', { 'applied, rollback_to: hut': 'rolled-back' }, 'rolled-back-service-has-host'),
      service('moved, but not registered', { '{ dns: { host': '{ x: { host' }, 'moved-service-is-registered'),
      service('`Planned` has moved', { applied: 'Planned', 'host: core }': 'host: old }' }, 'registry-names-host'),
      service(
        'listed twice',
        { [SERVICE]: SERVICE + SERVICE },
        ...['target-has-site', 'registry-names-host', 'target-has-site', 'registry-names-host'],
      ),
      vary('a blank in a host', { 'to_host: core': 'to_host: the core' }, 'unreadable the core'),
    ],
  },
});
