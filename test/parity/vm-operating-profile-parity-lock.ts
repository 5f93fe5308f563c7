import { VM_LIFECYCLE } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/vm-operating-profile-parity-lock.ts';
import { nearMisses, variationsOn } from './near-misses.ts';

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
const VM = '  - { vmid: "200", status: active, net: { ip: x } }\n';
const vary = variationsOn(gate);
const allFields = (rule: string) => Object.keys(CHOICES).map((field) => `${rule} vm:200#${field}`);

export default nearMisses(gate, {
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
});
