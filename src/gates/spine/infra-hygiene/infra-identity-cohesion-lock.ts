import { problem } from '../../../core/finding.ts';
import { defineGate, type Example } from '../../../core/gate.ts';
import { PLACEMENT_POLICY as POLICY, RELOCATION_PLAN, SSH_TARGETS } from '../../lib/spine/known-files.ts';

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

export default defineGate({
  name: 'infra-identity-cohesion-lock',
  mirrors: ['27bd4803b445025f9c34491a5ea4b093defedcfa'],
  why: 'One stop sign before machines are moved: virtual machines are where policy wants them, and hypervisors are who they claim to be. With either in doubt, a move may hit the wrong host.',
  fix: 'Clear the findings of the gate that fails: infra-placement-policy-lock or infra-hypervisor-identity-lock.',
  reads: [RELOCATION_PLAN],

  *check({ repo, verdictOf }) {
    for (const { gate, script } of PARTS) {
      if (!repo.isFile(script)) {
        yield problem('part-passes', `gate:${gate}`, repo.at(script), `${script} does not exist.`);
        continue;
      }
      const { verdict, unverified, reason } = verdictOf(gate);
      for (const part of unverified) yield { unverified: part };
      if (verdict === 'fail') yield problem('part-passes', `gate:${gate}`, repo.at(script), `The gate ${gate} fails.`);
      else if (verdict !== 'pass') yield { blind: `the gate ${gate} has no verdict: ${reason ?? verdict}` };
    }
  },

  examples: {
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
  },
});
