import type { TextLine } from '../../../core/repo.ts';
import { Abort } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { basicRegExp, INVOLVED_PATTERNS } from '../../lib/bash/basic-regexp.ts';
import { defineGate } from '../../lib/define.ts';
import { filesExist } from '../../lib/files/files.ts';
import { stretches } from '../../lib/files/lines.ts';
import { quote } from '../../lib/message.ts';
import { yaml } from '../../lib/needs.ts';
import { DEVICES, VM_LIFECYCLE } from '../../lib/spine/known-files.ts';
import { variationsOf } from '../../lib/variations.ts';

const CONTRACT = 'ops/bindings/vm.lifecycle.contract.yaml';
const MINILAB = 'docs/governance/MINILAB_SSOT.md';

/** Running VMs with an address on one hypervisor. A colon in the name moves the rest of it to the address. */
function machinesOn(hypervisor: string, vms: readonly YamlValue[]) {
  return vms.flatMap((vm) => {
    const address = vm.get('lan_ip');
    const runsHere = vm.get('status').is('active') && vm.get('proxmox_host').is(hypervisor);
    if (!runsHere || address.kind === 'absent' || address.kind === 'null') return [];
    const [name = '', ...rest] = `${vm.get('hostname').raw}:${address.raw}`.split(':');
    return [{ name, address: rest.join(':'), at: address }];
  });
}

/** The rows that name a machine: in code quotes if there is one, else in any way and case. */
function rowsFor(name: string, table: readonly TextLine[]): readonly TextLine[] {
  const quoted = basicRegExp(`\`${name}\``);
  const exact = table.filter(({ text }) => quoted.test(text));
  if (exact.length > 0) return exact;
  const anyhow = basicRegExp(name, { ignoreCase: true });
  return table.filter(({ text }) => anyhow.test(text));
}

const vary = variationsOf({
  [CONTRACT]: 'canonical: vms.yaml\n',
  'vms.yaml': `vms:
  - { status: active, proxmox_host: pve, hostname: nfs, lan_ip: 10.1.0.5 }
  - { status: active, proxmox_host: proxmox-home, hostname: ha, lan_ip: 10.0.0.7 }
`,
  [DEVICES]: '### Shop VM LAN IPs\n| VM | Name | LAN IP |\n|----|---|---|\n| NFS | `nfs` | 10.1.0.5 |\n',
  [MINILAB]: 'Home Assistant: 10.0.0.7\n',
});

export default defineGate({
  name: 'vm-ip-parity-lock',
  mirrors: ['ca01402610f5a4fbc29340c95e3980eac763fa64'],
  why: 'Mounts and routes follow the LAN address that is written down for a VM. Where the lifecycle record and the documents differ, they lead to the wrong machine.',
  fix: 'Ask the VM for its address, then write it in the lifecycle binding and in its one row of the table "Shop VM LAN IPs" (at home: in MINILAB_SSOT.md).',
  limits:
    'A VM without a recorded address is not checked. At home an address counts as documented when it is part of a longer one.',
  needs: { contract: yaml(CONTRACT) },
  alsoReads: [VM_LIFECYCLE, DEVICES, MINILAB],
  deviates: [INVOLVED_PATTERNS],

  rules: {
    'contract-names-lifecycle': 'The contract names no lifecycle file.',
    'vm-is-in-table': '`{vm}` ({address}) has no row in the table "Shop VM LAN IPs".',
    'addresses-agree': '`{vm}` is recorded at `{address}`, but its row has {documented}.',
    'addresses-agree:several': '`{vm}` is recorded at `{address}`, but has several rows, with {documented}.',
    'home-address-is-documented': '{document} does not mention {address}, the address of `{vm}`.',
  },

  *check({ contract }, report, { repo }) {
    const canonical = contract.get('canonical');
    const lifecycle = canonical.or('');
    if (lifecycle === '') return yield report('contract-names-lifecycle', 'canonical', canonical);
    const [missing] = filesExist(repo, lifecycle, DEVICES);
    if (missing) return yield missing;
    const vms = repo.yaml(lifecycle).get('vms').items;
    const section = stretches(repo.lines(DEVICES), /^### Shop VM LAN IPs/, /^###/);
    const table = section.filter(({ text }) => /^\|(?!--| VM(?!\w))/.test(text));
    if (table.length === 0) {
      throw new Abort('The table "Shop VM LAN IPs" is missing or empty.', repo.at(DEVICES), DEVICES);
    }
    for (const { name: vm, address, at } of machinesOn('pve', vms)) {
      if (vm === '' || address === '') continue;
      const rows = rowsFor(vm, table);
      const [row, ...others] = rows;
      if (!row) {
        yield report('vm-is-in-table', `vm:${vm}`, at, { vm, address });
        continue;
      }
      const cells = rows.map(({ text }) => (text.split('|')[3] ?? '').replace(/^ +| +$/g, ''));
      if (cells.join('\n') === address) continue;
      const rule = others.length > 0 ? 'addresses-agree:several' : 'addresses-agree';
      yield report(rule, `vm:${vm}`, row, { vm, address, documented: cells.map(quote).join(' and ') });
    }
    if (!repo.isFile(MINILAB)) return;
    for (const { name: vm, address, at } of machinesOn('proxmox-home', vms)) {
      const pattern = basicRegExp(address);
      if (address === '' || repo.lines(MINILAB).some(({ text }) => pattern.test(text))) continue;
      yield report('home-address-is-documented', `vm:${vm}`, at, { document: MINILAB, address, vm });
    }
  },

  examples: {
    pass: [vary('the documents have both addresses', {})],
    fail: [
      vary('a contract that names nothing', { 'canonical: vms.yaml': '' }, 'contract-names-lifecycle canonical'),
      vary('no row', { '| NFS | `nfs`': '| WEB | `web`' }, 'vm-is-in-table vm:nfs'),
      vary('not quite the address', { '10.1.0.5 |': '`10.1.0.5` |' }, 'addresses-agree vm:nfs'),
      vary('at home, not mentioned', { ': 10.0.0.7\n': ': ?' }, 'home-address-is-documented vm:ha'),
    ],
  },
});
