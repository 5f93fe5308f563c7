import {
  RELOCATION_PLAN as PLAN,
  PLACEMENT_POLICY as POLICY,
  SSH_TARGETS,
} from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/infra-hypervisor-identity-lock.ts';
import { nearMisses, variationsOn } from './near-misses.ts';

const CHECKER = 'ops/plugins/infra/bin/infra-hypervisor-identity-status';
const vary = variationsOn(gate);

export default nearMisses(gate, {
  pass: [
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
      'a comma splits',
      { 'proxmox_host: pve }]': 'proxmox_host: "pve, pv e2" }]' },
      'hypervisor-is-known hypervisor:pve2',
    ),
    vary('not among the targets', { 'id: pve,': 'id: PVE,' }, 'hypervisor-has-address hypervisor:pve'),
  ],
});
