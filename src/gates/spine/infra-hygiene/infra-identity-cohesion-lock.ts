import type { Example } from '../../../core/gate.ts';
import { defineGate } from '../../lib/define.ts';
import {
  PLACEMENT_POLICY as POLICY,
  RELOCATION_PLAN,
  SERVICE_REGISTRY,
  SSH_TARGETS,
} from '../../lib/spine/known-files.ts';

/** Their scripts go through the interpreter, so they need no executable bit. */
const PARTS = [
  { gate: 'infra-placement-policy-lock', script: 'surfaces/verify/d37-infra-placement-policy-lock.sh' },
  { gate: 'infra-hypervisor-identity-lock', script: 'surfaces/verify/d39-infra-hypervisor-identity-lock.sh' },
];
const CHECKERS = [
  'ops/plugins/infra/bin/infra-placement-policy-check',
  'ops/plugins/infra/bin/infra-hypervisor-identity-status',
];
const [PLACEMENT] = PARTS.map(({ gate }) => `part-passes gate:${gate}`);
const SCRIPTS = Object.fromEntries([...PARTS.map(({ script }) => script), ...CHECKERS].map((path) => [path, '']));

function world(
  title: string,
  files: Readonly<Record<string, string>>,
  ...finds: readonly (string | undefined)[]
): Example {
  const found = finds.filter((find) => find !== undefined);
  return { title, files: { ...SCRIPTS, ...files }, executable: CHECKERS, finds: found };
}

export default defineGate({
  name: 'infra-identity-cohesion-lock',
  mirrors: ['27bd4803b445025f9c34491a5ea4b093defedcfa'],
  why: 'It stops a move before it starts: as long as a machine is planned in the wrong place, or a hypervisor is not the one it claims to be, the move can hit the wrong host.',
  fix: 'Clear the findings of the gate that fails: infra-placement-policy-lock or infra-hypervisor-identity-lock.',
  needs: {},
  // What its parts read.
  alsoReads: [RELOCATION_PLAN, POLICY, SERVICE_REGISTRY, SSH_TARGETS],

  rules: {
    'part-passes': 'The gate {gate} fails.',
    'part-passes:absent': '{script} does not exist, so the gate {gate} cannot run.',
  },

  *check(_, report, { repo, verdictOf }) {
    for (const { gate, script } of PARTS) {
      const [subject, at] = [`gate:${gate}`, repo.at(script)];
      if (!repo.isFile(script)) {
        yield report('part-passes:absent', subject, at, { gate, script });
        continue;
      }
      const { verdict, unverified, reason } = verdictOf(gate);
      for (const part of unverified) yield { unverified: part };
      if (verdict === 'fail') yield report('part-passes', subject, at, { gate });
      else if (verdict !== 'pass') yield { blind: `the gate ${gate} has no verdict: ${reason ?? verdict}` };
    }
  },

  examples: {
    pass: [world('no plan, no move', { [POLICY]: '' })],
    fail: [world('the policy is gone', { [RELOCATION_PLAN]: 'active_relocation:\n' }, PLACEMENT)],
  },
});
