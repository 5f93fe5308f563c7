import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { absent } from '../../lib/files/files.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';

const NEEDS_NO_CHECKS = 'infra.proxmox.node_path.migrate';
const POWER = [
  'infra.proxmox.maintenance.precheck',
  'infra.proxmox.maintenance.shutdown',
  'infra.proxmox.maintenance.startup',
  'infra.post_power.recovery.status',
  'infra.post_power.recovery',
  'infra.maintenance.window',
  NEEDS_NO_CHECKS,
];

/** The seven as they should be; an edit may give one of them another body, or leave it out. */
function capabilities(edit: Readonly<Record<string, string>> = {}): Record<string, string> {
  const sound = '{ description: x, plane: fabric, domain: "infra", requires: [a.b] }';
  const lines = POWER.map((name) => `  ${name}: ${edit[name] ?? sound}\n`);
  return {
    [CAPABILITIES]: `base: &base { description: x, plane: fabric, domain: infra }\ncapabilities:\n${lines.join('')}`,
  };
}

const WINDOW = 'infra.maintenance.window';
const ok = (title: string, body: string, name = WINDOW) => ({ title, files: capabilities({ [name]: body }) });
const bad = (title: string, body: string, ...rules: readonly string[]) => ({
  ...ok(title, body),
  finds: rules.map((rule) => `${rule} capability:${WINDOW}`),
});

export default defineGate({
  name: 'infra-capability-metadata-parity',
  mirrors: ['8f0e6879dfe325e0bf65b60ad2e28f8b01700b19'],
  why: 'Seven capabilities switch machines off and on. One that does not name what must be checked first lets somebody shut a hypervisor down with a backup still running. Whether the named checks exist is not looked at.',
  fix: 'In ops/capabilities.yaml, give the capability a description, `plane: fabric`, `domain: infra` and its prerequisites under `requires`.',
  reads: [CAPABILITIES],

  *check({ repo }) {
    if (!repo.isFile(CAPABILITIES)) return yield absent(repo, CAPABILITIES);
    const file = repo.yamlOrEmpty(CAPABILITIES);
    const all = file.kind === 'list' ? file : file.get('capabilities');
    for (const name of POWER) {
      const subject = `capability:${name}`;
      const capability = all.kind === 'list' ? undefined : all.get(name);
      if (!capability?.has('description')) {
        yield problem('capability-exists', subject, capability ?? all, `There is no described capability \`${name}\`.`);
        continue;
      }
      for (const [field, wanted] of [
        ['plane', 'fabric'],
        ['domain', 'infra'],
      ] as const) {
        const value = capability.get(field);
        if (value.raw === wanted) continue;
        const given = value.isBlank ? 'nothing' : `\`${value.raw}\``;
        yield problem(
          `capability-is-of-${field}-${wanted}`,
          subject,
          value,
          `\`${field}\` of \`${name}\` says ${given}.`,
        );
      }
      const requires = capability.get('requires');
      if (name !== NEEDS_NO_CHECKS && (requires.isBlank || requires.raw === '[]'))
        yield problem(
          'capability-names-prerequisites',
          subject,
          requires,
          `\`${name}\` requires nothing to be checked first.`,
        );
    }
  },

  examples: {
    pass: [
      { title: 'all seven are classified', files: capabilities() },
      ok('the path migration needs no checks', '{ description: x, plane: fabric, domain: infra }', NEEDS_NO_CHECKS),
      ok('a description may be null', '{ description: ~, plane: fabric, domain: infra, requires: x }'),
      ok('merged fields are read', '{ <<: *base, description: y, requires: {} }'),
      ok('`~` as prerequisites', '{ description: x, plane: fabric, domain: infra, requires: ~ }'),
      ok(
        'an empty list with a comment is not empty to the script',
        '\n    description: x\n    plane: fabric\n    domain: infra\n    requires: []  # none yet',
      ),
    ],
    fail: [
      { title: 'no file', files: {}, finds: [`file-exists ${CAPABILITIES}`] },
      {
        title: 'not YAML',
        files: { [CAPABILITIES]: 'capabilities: [' },
        finds: POWER.map((name) => `capability-exists capability:${name}`),
      },
      bad('not described, nothing else counts', '{ plane: x }', 'capability-exists'),
      bad('a merged description is not its own', '{ <<: *base }', 'capability-exists'),
      bad('an alias has no keys', '*base', 'capability-exists'),
      bad(
        'nothing but a description',
        '{ description: x }',
        ...['capability-is-of-plane-fabric', 'capability-is-of-domain-infra', 'capability-names-prerequisites'],
      ),
      bad(
        'capitals',
        '{ description: x, plane: Fabric, domain: infra, requires: [a] }',
        'capability-is-of-plane-fabric',
      ),
      bad(
        'the last of two',
        '{ description: x, plane: fabric, domain: infra, domain: home, requires: [a] }',
        'capability-is-of-domain-infra',
      ),
      bad(
        'an empty list',
        '{ description: x, plane: fabric, domain: infra, requires: [ ] }',
        'capability-names-prerequisites',
      ),
      bad(
        'nothing after the colon',
        '\n    description: x\n    plane: fabric\n    domain: infra\n    requires:',
        'capability-names-prerequisites',
      ),
    ],
  },
});
