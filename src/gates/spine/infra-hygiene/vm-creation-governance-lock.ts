import type { YamlValue } from '../../../core/yaml/value.ts';
import { INVOLVED_PATTERNS } from '../../lib/bash/basic-regexp.ts';
import { column, printedLines } from '../../lib/bash/joins.ts';
import { defineGate } from '../../lib/define.ts';
import { later, yamlOrDie } from '../../lib/needs.ts';
import { BACKUPS, SERVICE_REGISTRY, SSH_TARGETS, VM_LIFECYCLE } from '../../lib/spine/known-files.ts';
import { strayTargets } from '../../lib/spine/ssh-targets.ts';
import { hasDocker, REGISTRATION_RULES, vmIsRegistered } from '../../lib/spine/vm-registrations.ts';
import { variationsOf } from '../../lib/variations.ts';

const PROBES = 'ops/bindings/services.health.yaml';
const STACKS = 'docs/governance/STACK_REGISTRY.yaml';

/** Machines that are not virtual machines of the lifecycle file. */
const NO_VMS = ['pve', 'proxmox-home', 'nas', 'vault', 'ha', 'pihole-home', 'download-home'];

function isRunningInShop(vm: YamlValue): boolean {
  const isInShop = vm.get('site_scope').or('shop') !== 'home' && vm.get('proxmox_host').raw === 'pve';
  return vm.get('status').raw === 'active' && isInShop;
}

const vary = variationsOf({
  [VM_LIFECYCLE]: `vms:
  - { id: 210, hostname: media, status: active, proxmox_host: pve, tailscale_ip: 100.1.1.1 }
  - { id: 100, hostname: ha-vm, status: active, proxmox_host: proxmox-home }
  - { id: 201, hostname: old, status: decommissioned }
`,
  [SSH_TARGETS]: 'ssh:\n  targets:\n    - { id: media, host: 100.1.1.1 }\n    - { id: nas }\n    - { id: old }\n',
  [SERVICE_REGISTRY]: 'hosts: { media: { tailscale_ip: 100.1.1.1, vmid: "210" } }\n',
  [BACKUPS]: 'targets: [{ name: media, glob: "vzdump-qemu-210-*.vma.zst", enabled: false }]\n',
  [PROBES]: 'endpoints: [{ host: media }]\n',
  [STACKS]: '',
});

const unknown = ['vm-has-no-placeholder', 'vm-has-ssh-target', 'vm-is-registered', 'vm-has-probe'];

export default defineGate({
  name: 'vm-creation-governance-lock',
  mirrors: ['dc6ba583774d1801b2d9abf371859462408f43bc'],
  why: 'A running shop VM that is missing from one registry cannot be reached, is not documented, not backed up or not watched, and nobody notices until it is needed.',
  fix: 'Give the VM an SSH target, a host in SERVICE_REGISTRY.yaml, a vzdump target in backup.inventory.yaml and a health probe, all with the name, number and address of vm.lifecycle.yaml; remove SSH targets of VMs that no longer exist.',
  limits: '`has_docker: false` exempts nothing, since the script takes false for unset; write `"false"`.',
  needs: {
    lifecycle: yamlOrDie(VM_LIFECYCLE),
    ssh: yamlOrDie(SSH_TARGETS),
    registry: later(yamlOrDie(SERVICE_REGISTRY)),
    backups: later(yamlOrDie(BACKUPS)),
    probes: later(yamlOrDie(PROBES)),
    stacks: later(yamlOrDie(STACKS)),
  },
  deviates: [INVOLVED_PATTERNS],

  rules: {
    ...REGISTRATION_RULES,
    'target-belongs-to-vm': 'The SSH target `{host}` leads to a machine that vm.lifecycle.yaml does not have.',
  },

  *check({ lifecycle, ssh, ...given }, report) {
    const vms = lifecycle.get('vms');
    const targets = ssh.get('ssh', 'targets');
    for (const vm of vms.items.filter(isRunningInShop)) {
      const [registry, backups, probes] = [given.registry(), given.backups(), given.probes()];
      yield* vmIsRegistered(vm, { ssh: targets, registry, backups, probes });
      // A missing stack is only worth a warning to the script, but it dies if it cannot read the file.
      if (hasDocker(vm)) given.stacks();
    }
    for (const { text: host, at } of strayTargets(targets, printedLines(column(vms, 'hostname')))) {
      if (!NO_VMS.includes(host)) yield report('target-belongs-to-vm', `ssh:${host}`, at, { host });
    }
  },

  examples: {
    pass: [vary('in all registries', {})],
    fail: [
      vary(
        'a placeholder for a name',
        { 'hostname: media': 'hostname: PENDING_MEDIA' },
        ...unknown.map((rule) => `${rule} vm:210`),
        'target-belongs-to-vm ssh:media',
      ),
      vary('another address to log in to', { 'host: 100.1.1.1': 'host: 100.1.1.2' }, 'ssh-target-has-address vm:210'),
      vary(
        'another address',
        { '{ tailscale_ip: 100.1.1.1': '{ tailscale_ip: 100.1.1.2' },
        'registry-has-address vm:210',
      ),
      vary('another number', { '"210"': '211' }, 'registry-has-vmid vm:210'),
      vary('no backup', { 'qemu-210': 'qemu-211' }, 'vm-has-backup vm:210'),
    ],
  },
});
