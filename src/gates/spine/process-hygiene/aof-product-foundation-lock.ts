import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { absent, notRunnable } from '../../lib/files/files.ts';
import { hasLine, linesOf } from '../../lib/files/lines.ts';
import { declaresSections, isDeclared } from '../../lib/spine/contract-text.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';

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

export default defineGate({
  name: 'aof-product-foundation-lock',
  mirrors: ['58d3494e1a21cf524756fd3587b60d0ffe06edd9'],
  why: 'When a piece of the product layer goes missing, the next tenant cannot be checked or set up, and whoever looks for the manual finds none. Files are searched for words, not parsed.',
  fix: 'Bring back what is missing: the document with `status: authoritative`, the section or preset, the capability in registry and map, the executable tool, the plugin entry, the link.',
  reads: [...DOCS, INDEX, SCHEMA, PRESETS, CAPABILITIES, MAP, MANIFEST],

  *check({ repo }) {
    for (const path of DOCS) {
      if (!repo.isFile(path)) yield absent(repo, path);
      else if (!hasLine(repo, path, /^status: authoritative/)) {
        yield problem(
          'doc-is-authoritative',
          path,
          repo.at(path),
          `No line of ${path} starts with \`status: authoritative\`.`,
        );
      }
    }
    for (const [path, sections] of BINDINGS) {
      if (repo.isFile(path)) yield* declaresSections(repo, path, sections);
      else yield absent(repo, path);
    }
    for (const id of TENANT_CAPABILITIES) {
      for (const [rule, path] of [
        ['capability-is-registered', CAPABILITIES],
        ['capability-is-mapped', MAP],
      ] as const) {
        if (isDeclared(linesOf(repo, path), id)) continue;
        yield problem(
          rule,
          `capability:${id}`,
          repo.at(path),
          `No line of ${path} is \`${id}:\` indented by two blanks.`,
        );
      }
    }
    for (const path of [VALIDATE, DRY_RUN]) {
      if (!repo.isExecutable(path)) yield notRunnable(repo, path);
    }
    if (!hasLine(repo, MANIFEST, /name: tenant/)) {
      yield problem('plugin-is-listed', MANIFEST, repo.at(MANIFEST), `No line of ${MANIFEST} holds \`name: tenant\`.`);
    }
    if (!repo.isFile(INDEX)) yield absent(repo, INDEX);
    else if (!hasLine(repo, INDEX, /product\//)) {
      yield problem('index-links-product-docs', INDEX, repo.at(INDEX), `${INDEX} does not mention \`product/\`.`);
    }
  },

  examples: {
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
  },
});

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
