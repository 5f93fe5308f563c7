import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { column, entriesBy, type PrintedLine, printedLines, textOf } from '../../lib/bash/joins.ts';
import { saysNothing } from '../../lib/bash/unset.ts';
import { absent, isProgram, notRunnable, unparsable } from '../../lib/files/files.ts';
import { RELOCATION_PLAN as PLAN, PLACEMENT_POLICY as POLICY, SSH_TARGETS } from '../../lib/spine/known-files.ts';
import { MOVING } from '../../lib/spine/relocation.ts';
import { variationsOf } from '../../lib/variations.ts';

const CHECKER = 'ops/plugins/infra/bin/infra-hypervisor-identity-status';

/** The hypervisors that the plan's machines sit on, each once, or all of the policy where the plan names none. */
function wantedHypervisors(plan: YamlValue, known: readonly PrintedLine[]): readonly PrintedLine[] {
  const hosts = column(plan.get('vm_targets'), 'proxmox_host').filter(({ kind }) => !['null', 'absent'].includes(kind));
  const lines = printedLines(hosts).filter(({ text }) => text.trim() !== '');
  const wanted = (lines.length > 0 ? lines : known).flatMap(({ text, at }) =>
    text
      .replace(/\s/g, '')
      .split(',')
      .filter((id) => id !== '')
      .map((id) => [id, { text: id, at }] as const),
  );
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
  why: 'While services move, commands run on hypervisors by name. If a name leads to another machine, the wrong one is changed. Only the names and addresses are judged here; who answers at an address, only a login can tell.',
  fix: 'Use ids in vm_targets that the placement policy knows with `kind: proxmox`, and give each an address in ssh.targets.yaml.',
  reads: [PLAN, POLICY, SSH_TARGETS],

  *check({ repo }) {
    if (!isProgram(repo, CHECKER)) return yield notRunnable(repo, CHECKER);
    if (!repo.isFile(PLAN)) return;
    if (!repo.isYaml(PLAN)) return yield unparsable(repo, PLAN);
    const plan = repo.yaml(PLAN);
    if (!MOVING.includes(plan.get('active_relocation', 'state').or('none'))) return;

    for (const path of [POLICY, SSH_TARGETS]) {
      if (!repo.isFile(path)) return yield absent(repo, path);
      if (!repo.isYaml(path)) return yield unparsable(repo, path);
    }
    const hosts = repo.yaml(POLICY).get('hosts');
    const known = hosts.entries.filter(([, host]) => host.get('kind').is('proxmox'));
    if (known.length === 0) {
      const message = 'No host of the placement policy is of `kind: proxmox`.';
      return yield problem('policy-has-hypervisor', 'hosts', hosts, message);
    }
    const wanted = wantedHypervisors(
      plan,
      known.map(([text, at]) => ({ text, at })),
    );
    const stranger = wanted.find(({ text }) => !known.some(([id]) => id === text));
    if (stranger) {
      const message = `\`${stranger.text}\` is to host a machine, but is no hypervisor of the placement policy.`;
      return yield problem('hypervisor-is-known', `hypervisor:${stranger.text}`, stranger.at, message);
    }
    const targetsOf = entriesBy(repo.yaml(SSH_TARGETS).get('ssh', 'targets'), 'id');
    const unreachable = wanted.filter(({ text }) => saysNothing(textOf(targetsOf(text), 'host')));
    if (unreachable.length < wanted.length) {
      return yield { unverified: 'whether each hypervisor answers under its own name and machine id' };
    }
    for (const { text, at } of unreachable) {
      const place = targetsOf(text)[0]?.get('host') ?? at;
      yield problem('hypervisor-has-address', `hypervisor:${text}`, place, `\`${text}\` has no SSH address.`);
    }
  },

  examples: {
    pass: [
      vary('every hypervisor has an address', {}),
      vary('one address is enough to leave it to the login', {
        '[{ proxmox_host: pve }, {': '[{ proxmox_host: pve-home }, {',
      }),
      vary('no machines: every hypervisor of the policy', { '[{ proxmox_host: pve }, { proxmox_host: pve }]': '[{}]' }),
      vary('`Cutover` is idle', { cutover: 'Cutover', '  pve: { kind: proxmox }': '  pve: {}' }),
      vary('a scalar is no state', { '{ state: cutover }': 'cutover', '  pve: { kind: proxmox }': '  pve: {}' }),
      {
        title: 'idle: the rest may be broken',
        files: { [CHECKER]: '', [PLAN]: '', [POLICY]: '[' },
        executable: [CHECKER],
      },
      { title: 'no plan', files: { [CHECKER]: '' }, executable: [CHECKER] },
    ],
    fail: [
      { title: 'the checker comes first', files: { [CHECKER]: '' }, finds: [`program-can-run ${CHECKER}`] },
      vary('a plan that is no YAML', { '{ state: cutover }': '{' }, `file-is-yaml ${PLAN}`),
      vary('a list of moves', { '{ state: cutover }': '[{ state: cutover }]' }, `unreadable ${PLAN}`),
      {
        title: 'no policy',
        files: { [CHECKER]: '', [PLAN]: 'active_relocation: { state: preflight }\n' },
        executable: [CHECKER],
        finds: [`file-exists ${POLICY}`],
      },
      vary('SSH targets that are no YAML', { '10.0.0.1': '"' }, `file-is-yaml ${SSH_TARGETS}`),
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
      vary(
        'a comma splits',
        { 'proxmox_host: pve }]': 'proxmox_host: "pve, pv e2" }]' },
        'hypervisor-is-known hypervisor:pve2',
      ),
      vary('no address', { 'host: 10.0.0.1': 'host: null' }, 'hypervisor-has-address hypervisor:pve'),
      vary('not among the targets', { 'id: pve,': 'id: PVE,' }, 'hypervisor-has-address hypervisor:pve'),
    ],
  },
});
