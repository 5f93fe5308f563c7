import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import { joinTexts, type YamlValue } from '../../../core/yaml/value.ts';
import { INVOLVED_PATTERNS, wholeLine } from '../../lib/bash/basic-regexp.ts';
import { column, entriesBy, named, printedLines, textOf } from '../../lib/bash/joins.ts';
import { saysNothing } from '../../lib/bash/unset.ts';
import { filesExist } from '../../lib/files/files.ts';
import {
  BACKUPS,
  SERVICE_REGISTRY as REGISTRY,
  SSH_TARGETS as SSH,
  VM_LIFECYCLE,
} from '../../lib/spine/known-files.ts';
import { reachableIds } from '../../lib/spine/ssh-targets.ts';
import { variationsOf } from '../../lib/variations.ts';

const PROBES = 'ops/bindings/services.health.yaml';
const STACKS = 'docs/governance/STACK_REGISTRY.yaml';
const FILES = [VM_LIFECYCLE, SSH, REGISTRY, BACKUPS, PROBES, STACKS];

/** Machines that are no virtual machines of the lifecycle file. */
const NO_VMS = ['pve', 'proxmox-home', 'nas', 'vault', 'ha', 'pihole-home', 'download-home'];

function isRunningInShop(vm: YamlValue): boolean {
  const isInShop = vm.get('site_scope').or('shop') !== 'home' && vm.get('proxmox_host').raw === 'pve';
  return vm.get('status').raw === 'active' && isInShop;
}

function* vmIsGoverned(repo: Repo, vm: YamlValue): Generator<Problem> {
  const [registry, backups, probes] = [repo.yaml(REGISTRY), repo.yaml(BACKUPS), repo.yaml(PROBES)];
  const vmid = vm.get('id').otherwise(vm.get('vmid')).raw;
  const [host, address] = [vm.get('hostname').raw, vm.get('tailscale_ip').or('')];
  const wrong = (rule: string, message: string, at = vm) => problem(rule, `vm:${vmid}`, at, message);

  if (host.startsWith('PENDING_') || address.startsWith('PENDING_'))
    yield wrong('vm-has-no-placeholder', `VM ${vmid} is active with a placeholder for its name or address.`);

  const targets = entriesBy(repo.yaml(SSH).get('ssh', 'targets'), 'id')(host);
  const reached = textOf(targets, 'host');
  if (targets.length === 0) yield wrong('vm-has-ssh-target', `No SSH target has the id \`${host}\`.`);
  else if (address !== '' && reached !== address && reached !== 'null') {
    const message = `The SSH target of \`${host}\` leads to \`${reached}\`, not to \`${address}\`.`;
    yield wrong('ssh-target-has-address', message, targets[0]?.get('host'));
  }

  const records = named(registry.get('hosts'), host);
  if (joinTexts(records.map((record) => record.or(''))) === '') {
    yield wrong('vm-is-registered', `SERVICE_REGISTRY.yaml has no host \`${host}\`.`);
  } else {
    const [ip, number] = [textOf(records, 'tailscale_ip'), textOf(records, 'vmid')];
    const registered = (field: string) => records[0]?.get(field);
    if (address !== '' && !saysNothing(ip) && ip !== address)
      yield wrong(
        'registry-has-address',
        `SERVICE_REGISTRY.yaml has \`${host}\` at \`${ip}\`, not at \`${address}\`.`,
        registered('tailscale_ip'),
      );
    if (!saysNothing(number) && number !== vmid)
      yield wrong(
        'registry-has-vmid',
        `SERVICE_REGISTRY.yaml says that \`${host}\` is VM ${number}, not ${vmid}.`,
        registered('vmid'),
      );
  }

  const archives = entriesBy(backups.get('targets'), 'glob')(`vzdump-qemu-${vmid}-*.vma.zst`);
  if (saysNothing(textOf(archives, 'name'))) yield wrong('vm-has-backup', `No backup target covers VM ${vmid}.`);

  if (vm.get('has_docker').or('true') !== 'true') return;
  if (entriesBy(probes.get('endpoints'), 'host')(host).length === 0)
    yield wrong('vm-has-probe', `No health probe looks at \`${host}\`.`);
  // A missing stack is only worth a warning to the script, but it dies if it cannot read the file.
  repo.yaml(STACKS);
}

const vary = variationsOf({
  [VM_LIFECYCLE]: `vms:
  - { id: 210, hostname: media, status: active, proxmox_host: pve, tailscale_ip: 100.1.1.1 }
  - { id: 100, hostname: ha-vm, status: active, proxmox_host: proxmox-home }
  - { id: 201, hostname: old, status: decommissioned }
`,
  [SSH]: 'ssh:\n  targets:\n    - { id: media, host: 100.1.1.1 }\n    - { id: nas }\n    - { id: old }\n',
  [REGISTRY]: 'hosts: { media: { tailscale_ip: 100.1.1.1, vmid: "210" } }\n',
  [BACKUPS]: 'targets: [{ name: media, glob: "vzdump-qemu-210-*.vma.zst", enabled: false }]\n',
  [PROBES]: 'endpoints: [{ host: media }]\n',
  [STACKS]: '',
});
const VM = 'vm:210';
const TARGET = '    - { id: media, host: 100.1.1.1 }\n';
const UNPROBED = { 'host: media }]': 'host: x }]' };

export default defineGate({
  name: 'vm-creation-governance-lock',
  mirrors: ['dc6ba583774d1801b2d9abf371859462408f43bc'],
  why: 'A running shop VM that is missing from one registry cannot be reached, is not documented, not backed up or not watched, and nobody notices until it is needed. `has_docker: false` exempts nothing, as the script takes false for unset; write "false".',
  fix: 'Give the VM an SSH target, a host in SERVICE_REGISTRY.yaml, a vzdump target in backup.inventory.yaml and a health probe, all with the name, number and address of vm.lifecycle.yaml; remove SSH targets of VMs that no longer exist.',
  reads: FILES,
  deviates: [INVOLVED_PATTERNS],

  *check({ repo }) {
    const [missing] = filesExist(repo, ...FILES);
    if (missing) return yield missing;
    const vms = repo.yaml(VM_LIFECYCLE).get('vms');
    const targets = repo.yaml(SSH).get('ssh', 'targets');
    for (const vm of vms.items) if (isRunningInShop(vm)) yield* vmIsGoverned(repo, vm);

    const hostnames = printedLines(column(vms, 'hostname'));
    for (const { text: id, at } of printedLines(reachableIds(targets))) {
      if (NO_VMS.includes(id) || hostnames.some(({ text }) => wholeLine(id).test(text))) continue;
      yield problem(
        'target-belongs-to-vm',
        `ssh:${id}`,
        at,
        `The SSH target \`${id}\` leads to no VM we keep track of.`,
      );
    }
  },

  examples: {
    pass: [
      vary('in all registries', {}),
      vary('a more specific archive name', { '210-*': '210-daily-*' }),
      vary('a target without an address', { '{ id: media, host: 100.1.1.1 }': '{ id: media }' }),
      vary('an unknown target on the LAN', { 'id: nas': 'id: switch, access_method: lan_only' }),
      vary('"false" exempts from probes', { '1.1.1 }\n': '1.1.1, has_docker: "false" }\n', ...UNPROBED }),
      vary('another status, another site', { 'status: active': 'status: Active', 'targets: [{ name': 'x: [{ name' }),
    ],
    fail: [
      { title: 'no file', files: { [VM_LIFECYCLE]: '', [REGISTRY]: '' }, finds: [`file-exists ${SSH}`] },
      vary(
        'a placeholder',
        { 'tailscale_ip: 100.1.1.1 }\n': 'tailscale_ip: PENDING_JOIN }\n' },
        ...[`vm-has-no-placeholder ${VM}`, `ssh-target-has-address ${VM}`, `registry-has-address ${VM}`],
      ),
      vary(
        'renamed in one place',
        { 'hostname: media': 'hostname: films' },
        ...[
          `vm-has-ssh-target ${VM}`,
          `vm-is-registered ${VM}`,
          `vm-has-probe ${VM}`,
          'target-belongs-to-vm ssh:media',
        ],
      ),
      vary('two equal SSH targets', { [TARGET]: TARGET + TARGET }, `ssh-target-has-address ${VM}`),
      vary('an empty address', { 'host: 100.1.1.1 }': 'host: "" }' }, `ssh-target-has-address ${VM}`),
      vary('numbers compare as texts', { '"210"': '0210' }, `registry-has-vmid ${VM}`),
      vary('a container archive is none of a VM', { 'qemu-210': 'lxc-210' }, `vm-has-backup ${VM}`),
      vary('false does not', { '1.1.1 }\n': '1.1.1, has_docker: false }\n', ...UNPROBED }, `vm-has-probe ${VM}`),
      vary('a target of nobody', { 'id: nas': 'id: nas2' }, 'target-belongs-to-vm ssh:nas2'),
      vary('a list that is no YAML stops the script', { '[{ name': '[{ [name' }, `unreadable ${BACKUPS}`),
    ],
  },
});
