import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { Repo, TextLine } from '../../../core/repo.ts';
import { Abort } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { basicRegExp, INVOLVED_PATTERNS } from '../../lib/bash/basic-regexp.ts';
import { absent, filesExist, unparsable } from '../../lib/files/files.ts';
import { stretches } from '../../lib/files/lines.ts';
import { DEVICES, VM_LIFECYCLE } from '../../lib/spine/known-files.ts';

const CONTRACT = 'ops/bindings/vm.lifecycle.contract.yaml';
const MINILAB = 'docs/governance/MINILAB_SSOT.md';

interface Machine {
  readonly name: string;
  readonly address: string;
  readonly at: YamlValue;
}

export default defineGate({
  name: 'vm-ip-parity-lock',
  mirrors: ['ca01402610f5a4fbc29340c95e3980eac763fa64'],
  why: 'Mounts and routes follow the LAN address written down for a VM; where the lifecycle record and the documents differ, they lead to the wrong machine. A VM without a recorded address is not checked, and neither is anything when no VM has one. At home an address counts as documented when it is part of a longer one.',
  fix: 'Ask the VM for its address, then write it in the lifecycle binding and in its one row of the table "Shop VM LAN IPs" (at home: in MINILAB_SSOT.md).',
  reads: [CONTRACT, VM_LIFECYCLE, DEVICES, MINILAB],
  deviates: [INVOLVED_PATTERNS],

  *check({ repo }) {
    if (!repo.isFile(CONTRACT)) return yield absent(repo, CONTRACT);
    if (!repo.isYaml(CONTRACT)) return yield unparsable(repo, CONTRACT);
    const canonical = repo.yaml(CONTRACT).get('canonical');
    const lifecycle = canonical.or('');
    if (lifecycle === '') {
      return yield problem('contract-names-lifecycle', 'canonical', canonical, 'The contract names no lifecycle file.');
    }
    const [missing] = filesExist(repo, lifecycle, DEVICES);
    if (missing) return yield missing;

    const vms = repo.yaml(lifecycle).get('vms').items;
    const table = addressTable(repo);
    for (const machine of machinesOn('pve', vms)) yield* rowProblems(machine, table);
    if (!repo.isFile(MINILAB)) return;
    for (const { name, address, at } of machinesOn('proxmox-home', vms)) {
      const pattern = basicRegExp(address);
      if (address === '' || repo.lines(MINILAB).some(({ text }) => pattern.test(text))) continue;
      const message = `${MINILAB} does not mention ${address}, the address of \`${name}\`.`;
      yield problem('home-address-is-documented', `vm:${name}`, at, message);
    }
  },

  examples: {
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
  },
});

/** Running VMs with an address on one hypervisor. A colon in the name moves the rest of it to the address. */
function machinesOn(hypervisor: string, vms: readonly YamlValue[]): readonly Machine[] {
  return vms.flatMap((vm) => {
    const address = vm.get('lan_ip');
    const runsHere = vm.get('status').is('active') && vm.get('proxmox_host').is(hypervisor);
    if (!runsHere || address.kind === 'absent' || address.kind === 'null') return [];
    const [name = '', ...rest] = `${vm.get('hostname').raw}:${address.raw}`.split(':');
    return [{ name, address: rest.join(':'), at: address }];
  });
}

function addressTable(repo: Repo): readonly TextLine[] {
  const section = stretches(repo.lines(DEVICES), /^### Shop VM LAN IPs/, /^###/);
  const rows = section.filter(({ text }) => /^\|(?!--| VM(?!\w))/.test(text));
  if (rows.length === 0) throw new Abort('the table "Shop VM LAN IPs" is missing or empty', repo.at(DEVICES), DEVICES);
  return rows;
}

function* rowProblems({ name, address, at }: Machine, table: readonly TextLine[]): Generator<Problem> {
  if (name === '' || address === '') return;
  const quoted = basicRegExp(`\`${name}\``);
  const anyhow = new RegExp(basicRegExp(name).source, 'isu');
  const exact = table.filter(({ text }) => quoted.test(text));
  const rows = exact.length > 0 ? exact : table.filter(({ text }) => anyhow.test(text));
  const [row] = rows;
  if (!row) {
    const message = `\`${name}\` (${address}) has no row in the table "Shop VM LAN IPs".`;
    return yield problem('vm-is-in-table', `vm:${name}`, at, message);
  }
  const documented = rows.map(({ text }) => (text.split('|')[3] ?? '').replace(/^ +| +$/g, ''));
  if (documented.join('\n') === address) return;
  const message = `\`${name}\` is recorded at ${address}; the table has ${documented.join(' and ')}.`;
  yield problem('addresses-agree', `vm:${name}`, row, message);
}

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
