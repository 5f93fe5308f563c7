import type { Example } from '../../src/core/gate.ts';
import { PLACEMENT_POLICY as POLICY, RELOCATION_PLAN, SSH_TARGETS } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/infra-identity-cohesion-lock.ts';
import { nearMisses } from './near-misses.ts';

/** Their scripts go through the interpreter, so they need no executable bit. */
const PARTS = [
  { gate: 'infra-placement-policy-lock', script: 'surfaces/verify/d37-infra-placement-policy-lock.sh' },
  { gate: 'infra-hypervisor-identity-lock', script: 'surfaces/verify/d39-infra-hypervisor-identity-lock.sh' },
];
const CHECKERS = [
  'ops/plugins/infra/bin/infra-placement-policy-check',
  'ops/plugins/infra/bin/infra-hypervisor-identity-status',
];
const [PLACEMENT, IDENTITY] = PARTS.map(({ gate }) => `part-passes gate:${gate}`);
const scripts = Object.fromEntries([...PARTS.map(({ script }) => script), ...CHECKERS].map((path) => [path, '']));

function world(
  title: string,
  files: Readonly<Record<string, string>>,
  ...finds: readonly (string | undefined)[]
): Example {
  const found = finds.filter((find) => find !== undefined);
  return { title, files: { ...scripts, ...files }, executable: CHECKERS, finds: found };
}

export default nearMisses(gate, {
  pass: [
    world('no plan, no move', { [POLICY]: '' }),
    world('idle, the policy agrees', { [RELOCATION_PLAN]: 'active_relocation: null\n', [POLICY]: 'hosts: {}\n' }),
    world('moving: who the hypervisor really is stays open', {
      [RELOCATION_PLAN]: 'active_relocation: { state: cutover }\n',
      [POLICY]: 'hosts: { pve: { kind: proxmox } }\n',
      [SSH_TARGETS]: 'ssh: { targets: [{ id: pve, host: 10.0.0.1 }] }\n',
    }),
  ],
  fail: [
    world('the policy is gone while idle', { [RELOCATION_PLAN]: 'active_relocation:\n' }, PLACEMENT),
    world('an unreadable plan fails both', { [RELOCATION_PLAN]: 'services: [\n' }, PLACEMENT, IDENTITY),
    world(
      'nobody to log in to',
      {
        [RELOCATION_PLAN]: 'active_relocation: { state: cutover }\n',
        [POLICY]: 'hosts: { pve: { kind: proxmox } }\n',
        [SSH_TARGETS]: '',
      },
      IDENTITY,
    ),
    { ...world('checkers that cannot run', {}, PLACEMENT, IDENTITY), executable: [] },
    { title: 'the scripts of both parts are gone', files: {}, finds: [`${PLACEMENT}`, `${IDENTITY}`] },
  ],
});
