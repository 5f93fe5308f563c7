import { DEVICES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/ssot-integrity/vm-ip-parity-lock.ts';
import { nearMisses } from './near-misses.ts';

const CONTRACT = 'ops/bindings/vm.lifecycle.contract.yaml';
const MINILAB = 'docs/governance/MINILAB_SSOT.md';

function shop(rows: string): Record<string, string> {
  return {
    [CONTRACT]: 'canonical: vms.yaml\n',
    'vms.yaml': 'vms: [{ status: active, proxmox_host: pve, hostname: nfs, lan_ip: 10.1.0.5 }]\n',
    [DEVICES]: `### Shop VM LAN IPs (static)\n| VM | Name | LAN IP | VMID |\n|----|---|---|---|\n${rows}\n### Next\n`,
  };
}

function home(address: string, document: string): Record<string, string> {
  const vms = `vms: [{ status: active, proxmox_host: proxmox-home, hostname: ha, lan_ip: ${address} }]\n`;
  return { ...shop('| x | y | z |'), 'vms.yaml': vms, [MINILAB]: document };
}

export default nearMisses(gate, {
  pass: [
    { title: 'the row has the address', files: shop('| NFS | `nfs` | 10.1.0.5 | 205 |') },
    { title: 'a row without code quotes is found by its name in capitals', files: shop('| x | NFS | 10.1.0.5 | |') },
    { title: 'bare mentions elsewhere do not matter', files: shop('| x | `nfs` | 10.1.0.5 | |\n| y | nfs 2 | | |') },
    {
      title: 'nobody who runs has an address: nothing is checked',
      files: {
        ...shop('| x | y | z |'),
        'vms.yaml': `vms:
            - { status: active, proxmox_host: pve, hostname: nfs, lan_ip: ~ }
            - { status: stopped, proxmox_host: pve, hostname: old, lan_ip: 10.1.0.9 }`,
      },
    },
    { title: 'part of a longer address counts at home', files: home('10.0.0.10', 'Home Assistant: 10.0.0.100') },
  ],
  fail: [
    { title: 'a broken contract', files: { [CONTRACT]: '[' }, finds: [`file-is-yaml ${CONTRACT}`] },
    {
      title: 'a contract that names nothing',
      files: { [CONTRACT]: '' },
      finds: ['contract-names-lifecycle canonical'],
    },
    { title: 'no lifecycle file', files: { [CONTRACT]: 'canonical: x.yaml' }, finds: ['file-exists x.yaml'] },
    {
      title: 'only headers, it seems',
      files: shop('| VM-1 | `nfs` | 10.1.0.5 | |'),
      finds: [`unreadable ${DEVICES}`],
    },
    {
      title: 'no row: a deeper heading has cut the table',
      files: shop('| x | y | z |\n#### Storage\n| x | `nfs` | 10.1.0.5 | |'),
      finds: ['vm-is-in-table vm:nfs'],
    },
    {
      title: 'not quite the address',
      files: shop('| x | `nfs` | `10.1.0.5` | |'),
      finds: ['addresses-agree vm:nfs'],
    },
    {
      title: 'two rows disagree with everything, even with the right address in both',
      files: shop('| x | `nfs` | 10.1.0.5 | |\n| y | `web` | 10.1.0.5 | was `nfs` |'),
      finds: ['addresses-agree vm:nfs'],
    },
    {
      title: 'no line has it',
      files: home('10.0.0.77', 'HA: 10.0.0.7'),
      finds: ['home-address-is-documented vm:ha'],
    },
  ],
});
