import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { Abort } from '../../../core/signals.ts';
import { joinRaw, type YamlValue } from '../../../core/yaml/value.ts';
import { wholeLine } from '../../lib/bash/basic-regexp.ts';
import { entriesBy, type PrintedLine, printedLines, textOf } from '../../lib/bash/joins.ts';
import { saysNothing } from '../../lib/bash/unset.ts';
import { absent, filesExist, unparsable } from '../../lib/files/files.ts';
import { VM_LIFECYCLE } from '../../lib/spine/known-files.ts';
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

function numberOf(record: YamlValue): YamlValue {
  return record.get('id').otherwise(record.get('vmid'));
}

function numbersOf(records: readonly YamlValue[]): readonly PrintedLine[] {
  return printedLines(records.map(numberOf));
}

/** Finds records by VM number. The script puts the number into a query without quotes: `null` means those without one, any other word breaks it. */
function recordsBy(list: YamlValue) {
  const byNumber = entriesBy(list, numberOf);
  const unnumbered = () => list.items.filter((record) => ['null', 'absent'].includes(numberOf(record).kind));
  return ({ text, at }: PrintedLine): readonly YamlValue[] => {
    if (/^(?:null|~)$/i.test(text)) return unnumbered();
    if (/^-?\d+(?:\.\d+)?$/.test(text)) return byNumber(text);
    throw new Abort(`\`${text}\` is no VM number`, at, `vm:${text}`);
  };
}

function* lifecycleIsComplete(
  vm: string,
  records: readonly YamlValue[],
  fields: readonly string[],
): Generator<Problem> {
  for (const field of fields) {
    const values = records.map((record) => record.get(...field.split('.')));
    if (!saysNothing(joinRaw(values))) continue;
    const message = `VM ${vm} has no \`${field}\`, which the lifecycle contract requires.`;
    yield problem('vm-has-required-field', `vm:${vm}#${field}`, values[0], message);
  }
}

function* profileIsComplete(vm: string, profiles: readonly YamlValue[]): Generator<Problem> {
  for (const [field, choices] of Object.entries(CHOICES)) {
    const text = textOf(profiles, field);
    const at = profiles[0]?.get(field);
    if (saysNothing(text)) {
      yield problem('profile-has-field', `vm:${vm}#${field}`, at, `The profile of VM ${vm} has no \`${field}\`.`);
    } else if (!choices.includes(text)) {
      const message = `\`${text}\` is no ${field} of VM ${vm}; choose from ${choices.join(', ')}.`;
      yield problem('profile-field-is-known', `vm:${vm}#${field}`, at, message);
    }
  }
}

function* profileHasActiveVm(vm: string, at: YamlValue, records: readonly YamlValue[]): Generator<Problem> {
  const status = textOf(records, 'status');
  if (saysNothing(status))
    yield problem('profile-has-vm', `vm:${vm}`, at, `The profile of VM ${vm} is of no known VM.`);
  else if (status !== 'active')
    yield problem('profile-vm-is-active', `vm:${vm}`, at, `VM ${vm} has a profile, but is \`${status}\`.`);
}

const PROFILE =
  '  - { id: 200, ssh_mode: none, runtime_inspection_mode: none, health_probe_policy: full, startup_policy: auto, diagnostic_user_policy: sudo-only, backup_policy: none }\n';
const VM = '  - { vmid: "200", status: active, net: { ip: x } }\n';
const vary = variationsOf({
  [CONTRACT]: `canonical: ${VM_LIFECYCLE}\nrequired_vm_fields: [vmid, net.ip]\n`,
  [VM_LIFECYCLE]: `vms:\n${VM}  - { id: 201, status: retired }\n`,
  [PROFILES]: `profiles:\n${PROFILE}`,
});
const allFields = (rule: string) => Object.keys(CHOICES).map((field) => `${rule} vm:200#${field}`);

export default defineGate({
  name: 'vm-operating-profile-parity-lock',
  mirrors: ['4a4cb6e6e4d84e1e6fcb05df44b66ae23f21b3af'],
  why: 'The operating profile says how to log in to a VM, look inside, restart and back it up. Without a complete one, somebody guesses on a machine that runs. A required field counts by its exact name: a record with `id` lacks a required `vmid`, and `~` counts as filled in.',
  fix: 'Complete the record in vm.lifecycle.yaml and the profile in vm.operating.profile.yaml, or take a field that nobody needs out of `required_vm_fields`; delete profiles of VMs that are gone.',
  reads: [CONTRACT, VM_LIFECYCLE, PROFILES],

  *check({ repo }) {
    const [missing] = filesExist(repo, CONTRACT, PROFILES);
    if (missing) return yield missing;
    if (!repo.isYaml(CONTRACT)) return yield unparsable(repo, CONTRACT);
    const canonical = repo.yaml(CONTRACT).get('canonical');
    const path = canonical.or('');
    if (path === '')
      return yield problem('contract-names-lifecycle', 'canonical', canonical, 'The contract names no lifecycle file.');
    if (!repo.isFile(path)) return yield absent(repo, path);

    const required = printedLines(repo.yaml(CONTRACT).get('required_vm_fields').items).map(({ text }) => text);
    const vms = repo.yaml(path).get('vms');
    const profiles = repo.yaml(PROFILES).get('profiles');
    const [vmsOf, profilesOf] = [recordsBy(vms), recordsBy(profiles)];
    const profiled = numbersOf(profiles.items);

    for (const line of numbersOf(vms.items.filter((vm) => vm.get('status').is('active')))) {
      const vm = line.text;
      const records = vmsOf(line);
      yield* lifecycleIsComplete(vm, records, required);
      if (profiled.some(({ text }) => wholeLine(vm).test(text))) yield* profileIsComplete(vm, profilesOf(line));
      else yield problem('vm-has-profile', `vm:${vm}`, line.at, `VM ${vm} is active, but has no operating profile.`);
    }
    for (const line of profiled) yield* profileHasActiveVm(line.text, line.at, vmsOf(line));
  },

  examples: {
    pass: [
      vary('an active VM with its profile', {}),
      vary('`~` is a value to the script', { 'ip: x': 'ip: ~' }),
      vary('nothing is required', { 'required_vm_fields: [vmid, net.ip]\n': '', 'net: { ip: x } ': '' }),
      vary('a retired VM needs nothing', { 'status: active': 'status: Active', [PROFILE]: '' }),
    ],
    fail: [
      { title: 'no contract', files: {}, finds: [`file-exists ${CONTRACT}`] },
      { title: 'no profiles', files: { [CONTRACT]: '' }, finds: [`file-exists ${PROFILES}`] },
      vary('a contract that is no YAML', { '[vmid': '[[vmid' }, `file-is-yaml ${CONTRACT}`),
      vary('a contract that names no file', { 'canonical:': 'canon:' }, 'contract-names-lifecycle canonical'),
      vary('a contract that names a missing file', { [`: ${VM_LIFECYCLE}`]: ': vms.yaml' }, 'file-exists vms.yaml'),
      vary('id where vmid is required', { 'vmid: "200"': 'id: 200' }, 'vm-has-required-field vm:200#vmid'),
      vary('a nested field', { 'ip: x': 'ip: null' }, 'vm-has-required-field vm:200#net.ip'),
      vary('no profile', { [PROFILE]: '' }, 'vm-has-profile vm:200'),
      vary('a missing field', { 'ssh_mode: none, ': '' }, 'profile-has-field vm:200#ssh_mode'),
      vary('another spelling', { 'policy: auto': 'policy: Auto' }, 'profile-field-is-known vm:200#startup_policy'),
      vary('a profile listed twice', { [PROFILE]: PROFILE + PROFILE }, ...allFields('profile-field-is-known')),
      vary('a profile of nobody', { '"200"': '202' }, 'vm-has-profile vm:202', 'profile-has-vm vm:200'),
      vary('a profile of a stopped VM', { active: 'stopped' }, 'profile-vm-is-active vm:200'),
      vary('a VM listed twice', { [VM]: VM + VM }, 'profile-vm-is-active vm:200'),
      vary(
        'no number at all',
        { 'vmid: "200", ': '' },
        ...['vm-has-required-field vm:null#vmid', 'vm-has-profile vm:null', 'profile-has-vm vm:200'],
      ),
      vary('a word as number stops the script', { '"200"': 'vm-200' }, 'unreadable vm:vm-200'),
    ],
  },
});
