import { joinRaw } from '../../../core/yaml/value.ts';
import { wholeLine } from '../../lib/bash/basic-regexp.ts';
import { printedLines, textOf } from '../../lib/bash/joins.ts';
import { saysNothing } from '../../lib/bash/unset.ts';
import { defineGate } from '../../lib/define.ts';
import { absent } from '../../lib/files/files.ts';
import { later, yaml, yamlOrDie } from '../../lib/needs.ts';
import { VM_LIFECYCLE } from '../../lib/spine/known-files.ts';
import { numberOf, recordsByNumber } from '../../lib/spine/vm-numbers.ts';
import { variationsOf } from '../../lib/variations.ts';

const CONTRACT = 'ops/bindings/vm.lifecycle.contract.yaml';
const PROFILES = 'ops/bindings/vm.operating.profile.yaml';

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  ssh_mode: ['standard', 'non-standard', 'haos', 'lxc-root', 'none'],
  runtime_inspection_mode: ['docker-group', 'docker-sudo', 'docker-none', 'haos-supervisor', 'none'],
  health_probe_policy: ['full', 'selective', 'none'],
  startup_policy: ['auto', 'manual', 'template'],
  diagnostic_user_policy: ['docker-group-member', 'sudo-only', 'no-docker-access', 'not-applicable'],
  backup_policy: ['vzdump-scheduled', 'vzdump-manual', 'none'],
};

const PROFILE =
  '  - { id: 200, ssh_mode: none, runtime_inspection_mode: none, health_probe_policy: full, startup_policy: auto, diagnostic_user_policy: sudo-only, backup_policy: none }\n';
const vary = variationsOf({
  [CONTRACT]: `canonical: ${VM_LIFECYCLE}\nrequired_vm_fields: [vmid, net.ip]\n`,
  [VM_LIFECYCLE]: 'vms:\n  - { vmid: "200", status: active, net: { ip: x } }\n  - { id: 201, status: retired }\n',
  [PROFILES]: `profiles:\n${PROFILE}`,
});

export default defineGate({
  name: 'vm-operating-profile-parity-lock',
  mirrors: ['4a4cb6e6e4d84e1e6fcb05df44b66ae23f21b3af'],
  why: 'The operating profile says how to log in to a VM, look inside it, restart it and back it up. Without a complete one, somebody has to guess on a running machine.',
  fix: 'Complete the record in vm.lifecycle.yaml and the profile in vm.operating.profile.yaml, or take a field that nobody needs out of `required_vm_fields`; delete profiles of VMs that are gone.',
  limits:
    'A required field counts by its exact name: a record with `id` lacks a required `vmid`, and `~` counts as filled in.',
  needs: { contract: yaml(CONTRACT), profiles: later(yamlOrDie(PROFILES)) },
  alsoReads: [VM_LIFECYCLE],

  rules: {
    'contract-names-lifecycle': 'The contract names no lifecycle file.',
    'vm-has-required-field': 'VM {vm} has no `{field}`, which the lifecycle contract requires.',
    'vm-has-profile': 'VM {vm} is active but has no operating profile.',
    'profile-has-field': 'The profile of VM {vm} has no `{field}`.',
    'profile-field-is-known': 'VM {vm} has the {field} `{value}`; use one of {choices}.',
    'profile-has-vm': 'There is a profile for VM {vm}, which does not exist.',
    'profile-vm-is-active': 'VM {vm} has a profile, but its status is `{status}`.',
  },

  *check({ contract, ...given }, report, { repo }) {
    const canonical = contract.get('canonical');
    const path = canonical.or('');
    if (path === '') return yield report('contract-names-lifecycle', 'canonical', canonical);
    if (!repo.isFile(path)) return yield absent(repo, path);
    const required = printedLines(contract.get('required_vm_fields').items);
    const vms = repo.yaml(path).get('vms');
    const profiles = given.profiles().get('profiles');
    const [vmsOf, profilesOf] = [recordsByNumber(vms), recordsByNumber(profiles)];
    const profiled = printedLines(profiles.items.map(numberOf));
    const active = vms.items.filter((vm) => vm.get('status').is('active')).map(numberOf);

    for (const line of printedLines(active)) {
      const vm = line.text;
      const records = vmsOf(line);
      for (const { text: field } of required) {
        const values = records.map((record) => record.get(...field.split('.')));
        if (!saysNothing(joinRaw(values))) continue;
        yield report('vm-has-required-field', `vm:${vm}#${field}`, values[0], { vm, field });
      }
      if (!profiled.some(({ text }) => wholeLine(vm).test(text))) {
        yield report('vm-has-profile', `vm:${vm}`, line.at, { vm });
        continue;
      }
      const found = profilesOf(line);
      for (const [field, choices] of Object.entries(CHOICES)) {
        const [subject, at, value] = [`vm:${vm}#${field}`, found[0]?.get(field), textOf(found, field)];
        const values = { vm, field, value, choices: choices.join(', ') };
        if (saysNothing(value)) yield report('profile-has-field', subject, at, values);
        else if (!choices.includes(value)) yield report('profile-field-is-known', subject, at, values);
      }
    }
    for (const line of profiled) {
      const [vm, status] = [line.text, textOf(vmsOf(line), 'status')];
      if (saysNothing(status)) yield report('profile-has-vm', `vm:${vm}`, line.at, { vm });
      else if (status !== 'active') yield report('profile-vm-is-active', `vm:${vm}`, line.at, { vm, status });
    }
  },

  examples: {
    pass: [vary('an active VM with its profile', {})],
    fail: [
      vary('a contract that names no file', { 'canonical:': 'canon:' }, 'contract-names-lifecycle canonical'),
      vary('a required field is missing', { 'ip: x': 'ip: null' }, 'vm-has-required-field vm:200#net.ip'),
      vary('no profile', { [PROFILE]: '' }, 'vm-has-profile vm:200'),
      vary('a missing field', { 'ssh_mode: none, ': '' }, 'profile-has-field vm:200#ssh_mode'),
      vary('another spelling', { 'policy: auto': 'policy: Auto' }, 'profile-field-is-known vm:200#startup_policy'),
      vary('a profile of nobody', { '"200"': '202' }, 'vm-has-profile vm:202', 'profile-has-vm vm:200'),
      vary('a profile of a stopped VM', { active: 'stopped' }, 'profile-vm-is-active vm:200'),
    ],
  },
});
