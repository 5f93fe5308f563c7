import { defineGate } from '../../lib/define.ts';
import { absent, notRunnable } from '../../lib/files/files.ts';
import { hasLine, linesOf } from '../../lib/files/lines.ts';
import { isDeclared } from '../../lib/spine/contract-text.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';

const DOCS = [
  'docs/product/AOF_PRODUCT_CONTRACT.md',
  'docs/product/AOF_ACCEPTANCE_GATES.md',
  'docs/product/AOF_DEPLOYMENT_PLAYBOOK.md',
  'docs/product/AOF_SUPPORT_SLO.md',
];
const INDEX = 'docs/README.md';
const SCHEMA = 'ops/bindings/tenant.profile.schema.yaml';
const PRESETS = 'ops/bindings/policy.presets.yaml';
const MAP = 'ops/bindings/capability_map.yaml';
const MANIFEST = 'ops/plugins/MANIFEST.yaml';
const TENANT_CAPABILITIES = ['tenant.profile.validate', 'tenant.provision.dry-run'];
const TOOLS = ['ops/plugins/tenant/bin/tenant-profile-validate', 'ops/plugins/tenant/bin/tenant-provision-dry-run'];
const BINDINGS = [
  { path: SCHEMA, kind: 'section', names: ['identity', 'secrets', 'policy', 'runtime', 'surfaces', 'evidence'] },
  { path: PRESETS, kind: 'preset', names: ['strict', 'balanced', 'permissive'] },
] as const;
const REGISTRIES = [
  { rule: 'capability-is-registered', path: CAPABILITIES },
  { rule: 'capability-is-mapped', path: MAP },
] as const;

function sound(): Readonly<Record<string, string>> {
  const capabilities = TENANT_CAPABILITIES.map((id) => `  ${id}: {}\n`).join('');
  const sections = BINDINGS.map(({ path, names }) => [path, names.map((name) => `  ${name}:\n`).join('')] as const);
  return {
    ...Object.fromEntries([...DOCS.map((path) => [path, 'status: authoritative\n']), ...sections]),
    [CAPABILITIES]: capabilities,
    [MAP]: capabilities,
    [MANIFEST]: '  - name: tenant\n',
    [INDEX]: '[product](product/)\n',
    ...Object.fromEntries(TOOLS.map((path) => [path, ''])),
  };
}

export default defineGate({
  name: 'aof-product-foundation-lock',
  mirrors: ['58d3494e1a21cf524756fd3587b60d0ffe06edd9'],
  why: 'When a part of the product layer is missing, the next tenant cannot be checked or set up, and whoever looks for the manual finds none.',
  fix: 'Bring back what is missing: the document with `status: authoritative`, the section or preset, the capability in registry and map, the executable tool, the plugin entry, the link.',
  limits: 'Files are searched for words, not parsed.',
  needs: {},
  alsoReads: [...DOCS, INDEX, SCHEMA, PRESETS, CAPABILITIES, MAP, MANIFEST],

  rules: {
    'doc-is-authoritative': 'No line of {path} starts with `status: authoritative`.',
    'section-is-declared': 'The section `{name}` is missing: no line of {path} reads `␣␣{name}:`.',
    'preset-is-declared': 'The preset `{name}` is missing: no line of {path} reads `␣␣{name}:`.',
    'capability-is-registered': 'The capability `{id}` is missing: no line of {path} reads `␣␣{id}:`.',
    'capability-is-mapped': 'The capability `{id}` is missing: no line of {path} reads `␣␣{id}:`.',
    'plugin-is-listed': 'No line of {path} has `name: tenant`.',
    'index-links-product-docs': '{path} does not mention `product/`.',
  },

  *check(_, report, { repo }) {
    for (const path of DOCS) {
      if (!repo.isFile(path)) yield absent(repo, path);
      else if (!hasLine(repo, path, /^status: authoritative/)) {
        yield report('doc-is-authoritative', path, repo.at(path), { path });
      }
    }
    for (const { path, kind, names } of BINDINGS) {
      if (!repo.isFile(path)) yield absent(repo, path);
      for (const name of repo.isFile(path) ? names : []) {
        if (isDeclared(repo.lines(path), name)) continue;
        yield report(`${kind}-is-declared`, `${kind}:${name}`, repo.at(path), { name, path });
      }
    }
    for (const id of TENANT_CAPABILITIES) {
      for (const { rule, path } of REGISTRIES) {
        if (!isDeclared(linesOf(repo, path), id)) yield report(rule, `capability:${id}`, repo.at(path), { id, path });
      }
    }
    for (const path of TOOLS) if (!repo.isExecutable(path)) yield notRunnable(repo, path);
    if (!hasLine(repo, MANIFEST, /name: tenant/)) {
      yield report('plugin-is-listed', MANIFEST, repo.at(MANIFEST), { path: MANIFEST });
    }
    if (!repo.isFile(INDEX)) yield absent(repo, INDEX);
    else if (!hasLine(repo, INDEX, /product\//)) {
      yield report('index-links-product-docs', INDEX, repo.at(INDEX), { path: INDEX });
    }
  },

  examples: {
    pass: [{ title: 'everything in place', files: sound(), executable: TOOLS }],
    fail: [
      {
        title: 'empty files',
        files: Object.fromEntries(Object.keys(sound()).map((path) => [path, ''])),
        executable: TOOLS,
        finds: [
          ...DOCS.map((path) => `doc-is-authoritative ${path}`),
          ...BINDINGS.flatMap(({ kind, names }) => names.map((name) => `${kind}-is-declared ${kind}:${name}`)),
          ...TENANT_CAPABILITIES.flatMap((id) => REGISTRIES.map(({ rule }) => `${rule} capability:${id}`)),
          `plugin-is-listed ${MANIFEST}`,
          `index-links-product-docs ${INDEX}`,
        ],
      },
    ],
  },
});
