import { CAPABILITIES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/infra-capability-metadata-parity.ts';
import { nearMisses } from './near-misses.ts';

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

export default nearMisses(gate, {
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
    bad('capitals', '{ description: x, plane: Fabric, domain: infra, requires: [a] }', 'capability-is-of-plane-fabric'),
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
});
