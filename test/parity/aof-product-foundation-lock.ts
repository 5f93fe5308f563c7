import { CAPABILITIES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/process-hygiene/aof-product-foundation-lock.ts';
import { nearMisses } from './near-misses.ts';

const SLO = 'docs/product/AOF_SUPPORT_SLO.md';
const DOCS = [
  'docs/product/AOF_PRODUCT_CONTRACT.md',
  'docs/product/AOF_ACCEPTANCE_GATES.md',
  'docs/product/AOF_DEPLOYMENT_PLAYBOOK.md',
  SLO,
];
const INDEX = 'docs/README.md';
const SCHEMA = 'ops/bindings/tenant.profile.schema.yaml';
const PRESETS = 'ops/bindings/policy.presets.yaml';
const MAP = 'ops/bindings/capability_map.yaml';
const MANIFEST = 'ops/plugins/MANIFEST.yaml';
const TENANT_CAPABILITIES = ['tenant.profile.validate', 'tenant.provision.dry-run'];
const VALIDATE = 'ops/plugins/tenant/bin/tenant-profile-validate';
const DRY_RUN = 'ops/plugins/tenant/bin/tenant-provision-dry-run';
const BINDINGS = [
  [SCHEMA, { kind: 'section', names: ['identity', 'secrets', 'policy', 'runtime', 'surfaces', 'evidence'] }],
  [PRESETS, { kind: 'preset', names: ['strict', 'balanced', 'permissive'] }],
] as const;

function files(validate = VALIDATE): Readonly<Record<string, string>> {
  const capabilities = TENANT_CAPABILITIES.map((id) => `  ${id}: {}\n`).join('');
  const sections = BINDINGS.map(([path, { names }]) => [path, names.map((name) => `  ${name}:\n`).join('')] as const);
  return {
    ...Object.fromEntries(DOCS.map((path) => [path, 'status: authoritative\n'])),
    ...Object.fromEntries(sections),
    [CAPABILITIES]: capabilities,
    [MAP]: capabilities,
    [MANIFEST]: '  - name: tenant\n',
    [INDEX]: '[product](product/)\n',
    [validate]: '',
    [DRY_RUN]: '',
  };
}

export default nearMisses(gate, {
  pass: [
    { title: 'everything in place', files: files(), executable: [VALIDATE, DRY_RUN] },
    {
      title: 'longer words pass, and a folder passes for a tool',
      files: {
        ...files(`${VALIDATE}/README`),
        [SLO]: 'text\nstatus: authoritative-pending\n',
        [MANIFEST]: 'plugins:\n  - rename: tenants\n',
        [CAPABILITIES]: '  tenant-profile-validate: {}\n  tenant.provision.dry-run: [\n',
      },
      executable: [DRY_RUN],
    },
  ],
  fail: [
    {
      title: 'nothing is there',
      files: {},
      finds: [
        ...[...DOCS, SCHEMA, PRESETS].map((path) => `file-exists ${path}`),
        ...TENANT_CAPABILITIES.flatMap((id) => [
          `capability-is-registered capability:${id}`,
          `capability-is-mapped capability:${id}`,
        ]),
        ...[VALIDATE, DRY_RUN].map((path) => `program-can-run ${path}`),
        `plugin-is-listed ${MANIFEST}`,
        `file-exists ${INDEX}`,
      ],
    },
    {
      title: 'near misses: quotes, indentation, a blank before the colon, a comment, no executable bit',
      files: {
        ...files(),
        [SLO]: 'status: "authoritative"\n  status: authoritative\n',
        [SCHEMA]: '    identity:\n  secrets:\n  policy:\n  runtime:\n  surfaces:\n  evidence:\n',
        [PRESETS]: '  "strict":\n  balanced :\n  # permissive:\n',
        [MANIFEST]: 'plugins:\n  - name: "tenant"\n  - name:  tenant\n',
        [INDEX]: 'See Product/ and products.\n',
      },
      executable: [DRY_RUN],
      finds: [
        `doc-is-authoritative ${SLO}`,
        'section-is-declared section:identity',
        'preset-is-declared preset:strict',
        'preset-is-declared preset:balanced',
        'preset-is-declared preset:permissive',
        `program-can-run ${VALIDATE}`,
        `plugin-is-listed ${MANIFEST}`,
        `index-links-product-docs ${INDEX}`,
      ],
    },
  ],
});
