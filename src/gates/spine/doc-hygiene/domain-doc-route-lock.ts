import { joinRaw } from '../../../core/yaml/value.ts';
import { INVOLVED_PATTERNS, wholeLine } from '../../lib/bash/basic-regexp.ts';
import { column } from '../../lib/bash/joins.ts';
import { tabRows } from '../../lib/bash/tab-rows.ts';
import { defineGate } from '../../lib/define.ts';
import { fromRoot } from '../../lib/files/files.ts';
import { hasLine } from '../../lib/files/lines.ts';
import { yaml } from '../../lib/needs.ts';
import { needsWorkbench } from '../../lib/spine/host-paths.ts';
import { BOUNDARY } from '../../lib/spine/known-files.ts';
import { variationsOf } from '../../lib/variations.ts';

const ROUTES = 'ops/bindings/domain.docs.routes.yaml';
const DOMAIN_DOCS = 'docs/governance/domains/**.md';
const FIELDS = ['domain', 'spine_source', 'workbench_target', 'spine_stub'];

const MARKER = 'spine_pointer_stub: true';
const STUB = 'docs/governance/domains/n8n/R.md';
const ROUTE = `{ domain: n8n, spine_source: docs/R.md, workbench_target: n8n/R.md, spine_stub: ${STUB} }`;
const SOUND = {
  [BOUNDARY]: `docs_boundary: { spine_stub_marker: "${MARKER}" }\n`,
  [ROUTES]: `routes: [${ROUTE}]\n`,
  'docs/R.md': `---\n${MARKER}\n---\n`,
  [STUB]: `# R\n${MARKER}\n`,
};
const WORKBENCH = { workbench: { 'n8n/R.md': '' } };
const changed = variationsOf(SOUND, { siblings: WORKBENCH });

export default defineGate({
  name: 'domain-doc-route-lock',
  mirrors: ['1999ceb488f055cd34a11c95fe2256407e1f7d38'],
  why: 'Domain documents moved to the workbench and left pointers behind. A pointer without a target, or one that no route mentions, leads the reader nowhere in the middle of a recovery.',
  fix: 'Give the route in domain.docs.routes.yaml all four fields and existing files, put the stub marker on a line of its own into source and stub, and register every marked stub.',
  limits: 'A list in place of a field of one route switches off the check of all routes.',
  needs: { routes: yaml(ROUTES), boundary: yaml(BOUNDARY) },
  alsoReads: [DOMAIN_DOCS],
  stopsAtFirst: true,
  deviates: [
    'A symbolic link to a marked file needs a route too, which the script does not ask for.',
    INVOLVED_PATTERNS,
  ],

  rules: {
    'marker-is-stated': 'The contract names no stub marker.',
    'route-is-complete': 'A route needs a domain, a spine_source, a workbench_target and a spine_stub.',
    'source-exists': 'A route names the source `{path}`, which does not exist.',
    'target-exists': 'A route names the target `{path}`, which does not exist in the workbench.',
    'stub-exists': 'A route names the stub `{path}`, which does not exist.',
    'source-is-marked': 'A route names the source `{path}`, which is not marked as a stub.',
    'stub-is-marked': 'A route names the stub `{path}`, which is not marked as a stub.',
    'marked-file-has-route': '{path} is a pointer stub, but no route mentions it.',
  },

  *check({ routes: file, boundary }, report, { repo, sibling }) {
    const stated = boundary.get('docs_boundary', 'spine_stub_marker');
    if (stated.isBlank) yield report('marker-is-stated', 'docs_boundary.spine_stub_marker', stated);
    const marker = wholeLine(stated.raw);
    const workbench = sibling('workbench');

    const routes = file.get('routes');
    const rows = tabRows(routes, FIELDS);
    repo.prefetch(rows.flatMap(({ values: [, source = '', , stub = ''] }) => [source, stub]));
    for (const { values, item } of rows) {
      const [, source = '', target = '', stub] = values.map(fromRoot);
      if (stub === undefined) {
        yield report('route-is-complete', `route:${values.at(-1) ?? ''}`, item);
        continue;
      }
      if (!repo.isFile(source)) yield report('source-exists', source, item, { path: source });
      if (workbench && !workbench.isFile(target)) {
        yield report('target-exists', `workbench:${target}`, item, { path: target });
      }
      if (!repo.isFile(stub)) yield report('stub-exists', stub, item, { path: stub });
      if (!hasLine(repo, source, marker)) yield report('source-is-marked', source, item, { path: source });
      if (!hasLine(repo, stub, marker)) yield report('stub-is-marked', stub, item, { path: stub });
    }
    const hasList = routes.items.some(({ kind }) => kind === 'list');
    const routed = hasList ? [] : joinRaw(column(routes, 'spine_stub')).split('\n');
    for (const path of repo.glob(DOMAIN_DOCS)) {
      if (/(?:^|\/)README\.md$/.test(path) || routed.includes(path) || !hasLine(repo, path, marker)) continue;
      yield report('marked-file-has-route', path, repo.at(path), { path });
    }
    if (!workbench) yield needsWorkbench('where each route leads');
  },

  examples: {
    pass: [{ title: 'a route with source, target and stub', files: SOUND, siblings: WORKBENCH }],
    fail: [
      {
        title: 'a contract without marker',
        files: { ...SOUND, [BOUNDARY]: '' },
        finds: ['marker-is-stated docs_boundary.spine_stub_marker'],
      },
      { title: 'no routes', files: { ...SOUND, [ROUTES]: '' }, finds: ['route-is-complete route:'] },
      changed('a source that is gone', { 'docs/R.md': 'docs/S.md' }, 'source-exists docs/S.md'),
      { ...changed('a target that is gone', {}, 'target-exists workbench:n8n/R.md'), siblings: { workbench: {} } },
      changed('a stub that is gone', { [STUB]: 'docs/n8n.md' }, 'stub-exists docs/n8n.md'),
      { title: 'an unmarked source', files: { ...SOUND, 'docs/R.md': '' }, finds: ['source-is-marked docs/R.md'] },
      { title: 'an unmarked stub', files: { ...SOUND, [STUB]: '' }, finds: [`stub-is-marked ${STUB}`] },
      {
        title: 'a stub without a route',
        files: { ...SOUND, 'docs/governance/domains/new.md': `${MARKER}\n` },
        finds: ['marked-file-has-route docs/governance/domains/new.md'],
      },
    ],
    blind: [{ title: 'no workbench to look into', files: SOUND }],
  },
});
