import type { YamlValue } from '../../../core/yaml/value.ts';
import { column, entriesBy, type PrintedLine, printedLines, textOf } from '../../lib/bash/joins.ts';
import { saysNothing } from '../../lib/bash/unset.ts';
import { defineGate } from '../../lib/define.ts';
import { onDemand, optional, program, yaml } from '../../lib/needs.ts';
import { RELOCATION_PLAN as PLAN, PLACEMENT_POLICY as POLICY, SSH_TARGETS } from '../../lib/spine/known-files.ts';
import { MOVING } from '../../lib/spine/relocation.ts';
import { variationsOf } from '../../lib/variations.ts';

const CHECKER = 'ops/plugins/infra/bin/infra-hypervisor-identity-status';

/** The hypervisors that the plan's machines sit on, each once, or all of the policy where the plan names none. */
function wantedHypervisors(plan: YamlValue, known: readonly PrintedLine[]): readonly PrintedLine[] {
  const hosts = column(plan.get('vm_targets'), 'proxmox_host').filter(({ kind }) => !['null', 'absent'].includes(kind));
  const stated = printedLines(hosts).filter(({ text }) => text.trim() !== '');
  const wanted = (stated.length > 0 ? stated : known).flatMap(({ text, at }) => {
    const ids = text.replace(/\s/g, '').split(',');
    return ids.filter((id) => id !== '').map((id) => [id, { text: id, at }] as const);
  });
  return [...new Map(wanted).values()];
}

const vary = variationsOf(
  {
    [CHECKER]: '',
    [PLAN]: 'active_relocation: { state: cutover }\nvm_targets: [{ proxmox_host: pve }, { proxmox_host: pve }]\n',
    [POLICY]: 'hosts:\n  pve: { kind: proxmox }\n  pve-home: { kind: proxmox }\n  nas: { kind: storage }\n',
    [SSH_TARGETS]: 'ssh: { targets: [{ id: pve, host: 10.0.0.1 }, { id: pve-home }] }\n',
  },
  { executable: [CHECKER] },
);

export default defineGate({
  name: 'infra-hypervisor-identity-lock',
  mirrors: ['1251c35f70db5dfccc0bf588892626a0a08d3752'],
  why: 'While services move, commands run on hypervisors by name. If a name leads to another machine, the wrong one is changed.',
  fix: 'In vm_targets, use ids that the placement policy has with `kind: proxmox`, and give each an address in ssh.targets.yaml.',
  limits:
    'Names and addresses are compared only while machines are being moved. Which machine answers at an address, only a login can tell.',
  needs: {
    checker: program(CHECKER),
    plan: optional(yaml(PLAN)),
    policy: onDemand(yaml(POLICY)),
    ssh: onDemand(yaml(SSH_TARGETS)),
  },

  rules: {
    'policy-has-hypervisor': 'The placement policy has no host of `kind: proxmox`.',
    'hypervisor-is-known': '`{host}` is to host a machine, but is not a hypervisor in the placement policy.',
    'hypervisor-has-address': 'The hypervisor `{host}` has no address among the SSH targets.',
  },

  *check({ plan, policy, ssh }, report) {
    if (!plan || !MOVING.includes(plan.get('active_relocation', 'state').or('none'))) return;
    const [places, addresses] = [policy(), ssh()];
    const hosts = places.get('hosts');
    const known = hosts.entries.filter(([, host]) => host.get('kind').is('proxmox'));
    if (known.length === 0) return yield report('policy-has-hypervisor', 'hosts', hosts);

    const wanted = wantedHypervisors(
      plan,
      known.map(([text, at]) => ({ text, at })),
    );
    const stranger = wanted.find(({ text }) => !known.some(([id]) => id === text));
    if (stranger) {
      const host = stranger.text;
      return yield report('hypervisor-is-known', `hypervisor:${host}`, stranger.at, { host });
    }
    const targetsOf = entriesBy(addresses.get('ssh', 'targets'), 'id');
    const unreachable = wanted.filter(({ text }) => saysNothing(textOf(targetsOf(text), 'host')));
    if (unreachable.length < wanted.length) {
      return yield { unverified: 'whether each hypervisor answers under its own name and machine id' };
    }
    for (const { text: host, at } of unreachable) {
      const place = targetsOf(host)[0]?.get('host') ?? at;
      yield report('hypervisor-has-address', `hypervisor:${host}`, place, { host });
    }
  },

  examples: {
    pass: [vary('every hypervisor has an address', {})],
    fail: [
      vary(
        'no hypervisor left',
        { 'pve: { kind: proxmox }': 'pve: { kind: vm }', 'pve-home: { kind: proxmox }': 'pve-home: { kind: Proxmox }' },
        'policy-has-hypervisor hosts',
      ),
      vary(
        'a host that is none',
        { 'proxmox_host: pve }]': 'proxmox_host: nas }]' },
        'hypervisor-is-known hypervisor:nas',
      ),
      vary('no address', { 'host: 10.0.0.1': 'host: null' }, 'hypervisor-has-address hypervisor:pve'),
    ],
  },
});
