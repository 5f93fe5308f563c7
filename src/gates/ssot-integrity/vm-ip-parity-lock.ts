import { type Problem, problem } from '../../core/finding.ts';
import { defineGate } from '../../core/gate.ts';
import type { Repo, TextLine } from '../../core/repo.ts';
import { Abort } from '../../core/signals.ts';
import type { YamlValue } from '../../core/yaml.ts';
import { basicRegExp } from '../_shapes/basic-regexp.ts';
import { absent, unparsable } from '../_shapes/files.ts';
import { stretches } from '../_shapes/lines.ts';

const CONTRACT = 'ops/bindings/vm.lifecycle.contract.yaml';
const LIFECYCLE = 'ops/bindings/vm.lifecycle.yaml';
const DEVICES = 'docs/governance/DEVICE_IDENTITY_SSOT.md';
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
  reads: [CONTRACT, LIFECYCLE, DEVICES, MINILAB],

  *check({ repo }) {
    if (!repo.isFile(CONTRACT)) return yield absent(repo, CONTRACT);
    if (!repo.isYaml(CONTRACT)) return yield unparsable(repo, CONTRACT);
    const canonical = repo.yaml(CONTRACT).get('canonical');
    const lifecycle = canonical.or('');
    if (lifecycle === '') {
      return yield problem('contract-names-lifecycle', 'canonical', canonical, 'It names no lifecycle file.');
    }
    if (!repo.isFile(lifecycle)) return yield absent(repo, lifecycle);
    if (!repo.isFile(DEVICES)) return yield absent(repo, DEVICES);

    const vms = repo
      .yaml(lifecycle)
      .get('vms')
      .items.filter((vm) => vm.get('status').is('active'));
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
      { title: 'the row has the address', files: shop(['nfs', '10.1.0.5'], '| NFS | `nfs` | 10.1.0.5 | 205 |') },
      {
        title: 'a row without code quotes is found by its name in capitals',
        files: shop(['nfs', '10.1.0.5'], '| x | NFS | 10.1.0.5 | |'),
      },
      {
        title: 'the name without code quotes in another row does not matter',
        files: shop(['nfs', '10.1.0.5'], '| x | `nfs` | 10.1.0.5 | |\n| y | `web` | 10.1.0.6 | mounts nfs |'),
      },
      {
        title: 'nobody has an address, or runs: nothing is checked',
        files: {
          ...shop(['nfs', '~'], '| x | `web` | 10.1.0.6 | |'),
          'vms.yaml':
            'vms:\n  - { status: active, proxmox_host: pve, hostname: nfs, lan_ip: ~ }\n  - { status: stopped, proxmox_host: pve, hostname: old, lan_ip: 10.1.0.9 }\n  - { status: active, hostname: lost, lan_ip: 10.1.0.8 }\n',
        },
      },
      {
        title: 'a home address that is part of a longer one counts as documented',
        files: {
          ...shop(['ha', '10.0.0.10', 'proxmox-home'], '| x | y | z |'),
          [MINILAB]: 'Home Assistant: 10.0.0.100\n',
        },
      },
      { title: 'no home document', files: shop(['ha', '10.0.0.10', 'proxmox-home'], '| x | y | z |') },
    ],
    fail: [
      { title: 'no contract', files: {}, finds: [`file-exists ${CONTRACT}`] },
      { title: 'a contract that is not YAML', files: { [CONTRACT]: '[' }, finds: [`file-is-yaml ${CONTRACT}`] },
      {
        title: 'a contract that names nothing',
        files: { [CONTRACT]: 'canonical:\n' },
        finds: ['contract-names-lifecycle canonical'],
      },
      {
        title: 'a lifecycle file that is gone',
        files: { [CONTRACT]: 'canonical: vms.yaml\n' },
        finds: ['file-exists vms.yaml'],
      },
      {
        title: 'no device document',
        files: { [CONTRACT]: 'canonical: vms.yaml\n', 'vms.yaml': '' },
        finds: [`file-exists ${DEVICES}`],
      },
      {
        title: 'a table whose only row looks like a header',
        files: shop(['nfs', '10.1.0.5'], '| VM-nfs | `nfs` | 10.1.0.5 | |'),
        finds: [`unreadable ${DEVICES}`],
      },
      {
        title: 'no row: a deeper heading has cut the table',
        files: shop(['nfs', '10.1.0.5'], '| x | `web` | 10.1.0.6 | |\n#### Storage\n| x | `nfs` | 10.1.0.5 | |'),
        finds: ['vm-is-in-table vm:nfs'],
      },
      {
        title: 'another address',
        files: shop(['nfs', '10.1.0.5'], '| x | `nfs` | `10.1.0.5` | |'),
        finds: ['addresses-agree vm:nfs'],
      },
      {
        title: 'two rows disagree with everything, even with the right address in both',
        files: shop(['nfs', '10.1.0.5'], '| x | `nfs` | 10.1.0.5 | |\n| y | `web` | 10.1.0.5 | was `nfs` |'),
        finds: ['addresses-agree vm:nfs'],
      },
      {
        title: 'a home address that no line mentions',
        files: { ...shop(['ha', '10.0.0.77', 'proxmox-home'], '| x | y | z |'), [MINILAB]: 'ha: 10.0.0.7\n' },
        finds: ['home-address-is-documented vm:ha'],
      },
    ],
  },
});

/** Running VMs with an address on one hypervisor. A colon in the name moves the rest of it to the address. */
function machinesOn(hypervisor: string, vms: readonly YamlValue[]): readonly Machine[] {
  return vms.flatMap((vm) => {
    const address = vm.get('lan_ip');
    if (!vm.get('proxmox_host').is(hypervisor) || address.kind === 'absent' || address.kind === 'null') return [];
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

function shop([name, address, hypervisor = 'pve']: readonly string[], rows: string): Record<string, string> {
  return {
    [CONTRACT]: 'canonical: vms.yaml\n',
    'vms.yaml': `vms: [{ status: active, proxmox_host: ${hypervisor}, hostname: ${name}, lan_ip: ${address} }]\n`,
    [DEVICES]: `### Shop VM LAN IPs (static)\n\n| VM | Name | LAN IP | VMID |\n|----|------|--------|------|\n${rows}\n### Next\n`,
  };
}
