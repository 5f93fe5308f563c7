import type { Example } from '../../../core/gate.ts';
import { defineGate } from '../../lib/define.ts';
import { later, onDemand, program, yaml } from '../../lib/needs.ts';
import { RELOCATION_PLAN as PLAN, PLACEMENT_POLICY as POLICY, SERVICE_REGISTRY } from '../../lib/spine/known-files.ts';
import { readPolicy } from '../../lib/spine/placement-policy.ts';
import { SERVICE_RULES, servicesSitWell } from '../../lib/spine/service-placement.ts';
import { VM_RULES, vmsSitWell } from '../../lib/spine/vm-placement.ts';
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
  why: 'A relocation that contradicts the placement policy builds a machine at the wrong site, or with a number that the other site also uses.',
  fix: 'Correct vm_targets or services in infra.relocation.plan.yaml, or change the placement in infra.placement.policy.yaml (and, for services that have moved, in SERVICE_REGISTRY.yaml).',
  limits: 'A guard of the policy counts only when it reads exactly `true`.',
  needs: { checker: program(CHECKER), policy: later(yaml(POLICY)), plan: onDemand(yaml(PLAN)) },
  alsoReads: [SERVICE_REGISTRY],
  rules: { ...VM_RULES, ...SERVICE_RULES },

  *check(given, _, { repo }) {
    if (!repo.isFile(PLAN)) return;
    const policy = readPolicy(given.policy());
    const plan = given.plan();
    yield* vmsSitWell(policy, plan);
    yield* servicesSitWell(
      policy,
      plan,
      repo.isFile(SERVICE_REGISTRY) ? repo.yamlOrEmpty(SERVICE_REGISTRY) : undefined,
    );
  },

  examples: {
    pass: [vary('everything where it belongs', {})],
    fail: [
      vm(
        'unplaced: nothing else is judged',
        { '  core: { site': '  x: { site', '"200"': '7', [SERVICE]: '' },
        'vm-has-site',
      ),
      vm('no hypervisor', { ', proxmox_host: pve }': ' }' }, 'hypervisor-has-site'),
      vm('not a hypervisor', { 'shop, kind: proxmox': 'shop, kind: vm' }, 'hypervisor-is-proxmox'),
      vm('a scalar lists none', { '[pve]': 'pve' }, 'site-lists-hypervisor'),
      vm(
        'the hypervisor of the other site',
        { 'proxmox_host: pve }': 'proxmox_host: pve-home }' },
        ...['vm-shares-site', 'vm-is-on-required-host', 'vmid-is-in-range'],
      ),
      vm('the wrong site', { 'required_site: shop': 'required_site: home' }, 'vm-is-at-required-site'),
      vm('no requirements', { '  core: { required': '  other: { required' }, 'vm-has-requirements'),
      vm('no lower bound', { 'vmid_min: 200, ': '' }, 'vmid-is-a-number'),
      service('no placement', { '  dns: { primary': '  other: { primary' }, 'service-has-placement'),
      service('not the primary site', { 'primary_site: shop': 'primary_site:' }, 'service-is-at-primary-site'),
      service('unplaced way back', { 'rollback_to: hut': 'rollback_to: x' }, 'rollback-host-has-site'),
      service('forbidden way back', { '[home]': '[]' }, 'rollback-site-is-allowed'),
      service('no way back', { 'applied, rollback_to: hut': 'rolled-back' }, 'rolled-back-service-has-host'),
      service('moved, but not registered', { '{ dns: { host': '{ x: { host' }, 'moved-service-is-registered'),
      service(
        'listed twice',
        { [SERVICE]: SERVICE + SERVICE },
        ...['target-has-site', 'registry-names-host', 'target-has-site', 'registry-names-host'],
      ),
    ],
  },
});
