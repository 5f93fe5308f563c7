import {
  BACKUPS,
  SERVICE_REGISTRY as REGISTRY,
  SSH_TARGETS as SSH,
  VM_LIFECYCLE,
} from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/vm-creation-governance-lock.ts';
import { nearMisses, variationsOn } from './near-misses.ts';

const vary = variationsOn(gate);
const VM = 'vm:210';
const TARGET = '    - { id: media, host: 100.1.1.1 }\n';
const UNPROBED = { 'host: media }]': 'host: x }]' };

export default nearMisses(gate, {
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
      ...[`vm-has-ssh-target ${VM}`, `vm-is-registered ${VM}`, `vm-has-probe ${VM}`, 'target-belongs-to-vm ssh:media'],
    ),
    vary('two equal SSH targets', { [TARGET]: TARGET + TARGET }, `ssh-target-has-address ${VM}`),
    vary('an empty address', { 'host: 100.1.1.1 }': 'host: "" }' }, `ssh-target-has-address ${VM}`),
    vary('numbers compare as texts', { '"210"': '0210' }, `registry-has-vmid ${VM}`),
    vary('a container archive is none of a VM', { 'qemu-210': 'lxc-210' }, `vm-has-backup ${VM}`),
    vary('false does not', { '1.1.1 }\n': '1.1.1, has_docker: false }\n', ...UNPROBED }, `vm-has-probe ${VM}`),
    vary('a target of nobody', { 'id: nas': 'id: nas2' }, 'target-belongs-to-vm ssh:nas2'),
    vary('a list that is no YAML stops the script', { '[{ name': '[{ [name' }, `unreadable ${BACKUPS}`),
  ],
});
