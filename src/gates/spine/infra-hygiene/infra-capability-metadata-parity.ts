import { defineGate } from '../../lib/define.ts';
import { yamlOrEmpty } from '../../lib/needs.ts';
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
const FIELDS = [
  { rule: 'capability-is-of-plane-fabric', field: 'plane', wanted: 'fabric' },
  { rule: 'capability-is-of-domain-infra', field: 'domain', wanted: 'infra' },
] as const;

/** The seven as they should be; an edit may give one of them another body, or leave it out. */
function capabilities(edit: Readonly<Record<string, string>> = {}): Record<string, string> {
  const sound = '{ description: x, plane: fabric, domain: "infra", requires: [a.b] }';
  const lines = POWER.map((name) => `  ${name}: ${edit[name] ?? sound}\n`);
  return {
    [CAPABILITIES]: `base: &base { description: x, plane: fabric, domain: infra }\ncapabilities:\n${lines.join('')}`,
  };
}

export default defineGate({
  name: 'infra-capability-metadata-parity',
  mirrors: ['8f0e6879dfe325e0bf65b60ad2e28f8b01700b19'],
  why: 'Seven capabilities switch machines off and on. If one does not name what must be checked first, somebody can shut down a hypervisor while a backup is running.',
  fix: 'In ops/capabilities.yaml, give the capability a description, `plane: fabric`, `domain: infra` and its prerequisites under `requires`.',
  limits: 'It is not checked whether the named prerequisites exist.',
  needs: { file: yamlOrEmpty(CAPABILITIES) },

  rules: {
    'capability-exists': 'There is no capability `{capability}` with a description.',
    'capability-is-of-plane-fabric': '`{field}` of `{capability}` is `{value}`; it must be `{wanted}`.',
    'capability-is-of-domain-infra': '`{field}` of `{capability}` is `{value}`; it must be `{wanted}`.',
    'capability-names-prerequisites': '`{capability}` names nothing under `requires` that must be checked first.',
  },

  *check({ file }, report) {
    const all = file.kind === 'list' ? file : file.get('capabilities');
    for (const capability of POWER) {
      const subject = `capability:${capability}`;
      const entry = all.kind === 'list' ? undefined : all.get(capability);
      if (!entry?.has('description')) {
        yield report('capability-exists', subject, entry ?? all, { capability });
        continue;
      }
      for (const { rule, field, wanted } of FIELDS) {
        const value = entry.get(field);
        if (value.raw !== wanted) yield report(rule, subject, value, { field, capability, value, wanted });
      }
      const requires = entry.get('requires');
      if (capability !== NEEDS_NO_CHECKS && (requires.isBlank || requires.raw === '[]')) {
        yield report('capability-names-prerequisites', subject, requires, { capability });
      }
    }
  },

  examples: {
    pass: [{ title: 'all seven are classified', files: capabilities() }],
    fail: [
      {
        title: 'one without description, one with nothing else',
        files: capabilities({ [POWER[4] ?? '']: '{}', [POWER[5] ?? '']: '{ description: x }' }),
        finds: [
          `capability-exists capability:${POWER[4]}`,
          `capability-is-of-plane-fabric capability:${POWER[5]}`,
          `capability-is-of-domain-infra capability:${POWER[5]}`,
          `capability-names-prerequisites capability:${POWER[5]}`,
        ],
      },
    ],
  },
});
