import { problem } from '../../../core/finding.ts';
import { defineGate, type GateContext, type Remark } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import { joinRaw } from '../../../core/yaml/value.ts';
import { INVOLVED_PATTERNS, wholeLine } from '../../lib/bash/basic-regexp.ts';
import { column } from '../../lib/bash/joins.ts';
import { type Row, tabRows } from '../../lib/bash/tab-rows.ts';
import { filesExist, fromRoot, unparsable } from '../../lib/files/files.ts';
import { first } from '../../lib/files/first.ts';
import { hasLine } from '../../lib/files/lines.ts';
import { needsWorkbench } from '../../lib/spine/host-paths.ts';
import { BOUNDARY } from '../../lib/spine/known-files.ts';

const ROUTES = 'ops/bindings/domain.docs.routes.yaml';
const DOMAIN_DOCS = 'docs/governance/domains/**.md';

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

export default defineGate({
  name: 'domain-doc-route-lock',
  mirrors: ['1999ceb488f055cd34a11c95fe2256407e1f7d38'],
  why: 'Domain documents moved to the workbench and left pointers behind. A pointer without a target, or one that no route mentions, sends the reader nowhere in the middle of a recovery. A list in place of one field of one route silences the look at all routes.',
  fix: 'Give the route in domain.docs.routes.yaml all four fields and existing files, put the stub marker on a line of its own into source and stub, and register every marked stub.',
  reads: [ROUTES, BOUNDARY, DOMAIN_DOCS],
  deviates: [
    'A symbolic link to a marked file needs a route too, which the script does not ask for.',
    INVOLVED_PATTERNS,
  ],

  check: (context) => first(remarks(context)),

  examples: {
    pass: [
      { title: 'a route with source, stub and an empty target', files: SOUND, siblings: WORKBENCH },
      {
        title: 'no domain, a slash before the source; a file without the marker or called README.md needs no route',
        files: {
          ...SOUND,
          [ROUTES]: SOUND[ROUTES].replace('domain: n8n, ', '').replace('docs/R', '/docs/R'),
          'docs/governance/domains/README.md': `${MARKER}\n`,
          'docs/governance/domains/n8n/.draft.md': ` ${MARKER}\n`,
          'docs/governance/domains/n8n/old.MD': `${MARKER}\n`,
        },
        siblings: WORKBENCH,
      },
      {
        title: 'a list in place of a field hides that the route leads nowhere',
        files: { ...SOUND, [ROUTES]: `routes:\n  - { domain: [n8n], spine_stub: ${STUB} }\n` },
        siblings: WORKBENCH,
      },
    ],
    fail: [
      { title: 'nothing', files: {}, finds: [`file-exists ${ROUTES}`] },
      { title: 'unreadable routes', files: { ...SOUND, [ROUTES]: '{' }, finds: [`file-is-yaml ${ROUTES}`] },
      {
        title: 'a contract without marker',
        files: { ...SOUND, [BOUNDARY]: '' },
        finds: ['marker-is-stated docs_boundary.spine_stub_marker'],
      },
      { title: 'no routes', files: { ...SOUND, [ROUTES]: '' }, finds: ['route-is-complete route:'] },
      {
        title: 'an empty domain moves the other fields up',
        files: { ...SOUND, [ROUTES]: SOUND[ROUTES].replace('n8n', '""') },
        finds: [`route-is-complete route:${STUB}`],
      },
      {
        title: 'a missing source fails without any workbench',
        files: { ...SOUND, [ROUTES]: SOUND[ROUTES].replace('R.md', 'S.md') },
        finds: ['source-exists docs/S.md'],
      },
      {
        title: 'the target became a folder',
        files: SOUND,
        siblings: { workbench: { 'n8n/R.md/x': '' } },
        finds: ['target-exists workbench:n8n/R.md'],
      },
      {
        title: 'a missing stub',
        files: { ...SOUND, [ROUTES]: SOUND[ROUTES].replace(STUB, 'docs/n8n.md') },
        finds: ['stub-exists docs/n8n.md'],
      },
      {
        title: 'a blank after the marker of the source',
        files: { ...SOUND, 'docs/R.md': `${MARKER} \n` },
        finds: ['source-is-marked docs/R.md'],
      },
      { title: 'Windows line ends', files: { ...SOUND, [STUB]: `${MARKER}\r\n` }, finds: [`stub-is-marked ${STUB}`] },
      {
        title: 'a marked file without a route, even a hidden one',
        files: { ...SOUND, 'docs/governance/domains/.new.md': `${MARKER}\n` },
        finds: ['marked-file-has-route docs/governance/domains/.new.md'],
      },
      {
        title: 'one item that is a list leaves every marked file without a route',
        files: { ...SOUND, [ROUTES]: `routes: [${ROUTE}, []]\n` },
        finds: [`marked-file-has-route ${STUB}`],
      },
    ],
    blind: [{ title: 'everything here is right, but there is no workbench to look into', files: SOUND }],
  },
});

function* remarks(context: GateContext): Generator<Remark> {
  const { repo } = context;
  yield* filesExist(repo, ROUTES, BOUNDARY);
  for (const path of [ROUTES, BOUNDARY]) if (!repo.isYaml(path)) yield unparsable(repo, path);
  const stated = repo.yaml(BOUNDARY).get('docs_boundary', 'spine_stub_marker');
  if (stated.isBlank) {
    yield problem('marker-is-stated', 'docs_boundary.spine_stub_marker', stated, 'No marker of stubs is stated.');
  }
  const marker = wholeLine(stated.raw);

  const routes = repo.yaml(ROUTES).get('routes');
  const rows = tabRows(routes, ['domain', 'spine_source', 'workbench_target', 'spine_stub']);
  repo.prefetch(rows.flatMap(({ values: [, source = '', , stub = ''] }) => [source, stub]));
  for (const row of rows) yield* brokenRoute(row, marker, repo, context.sibling('workbench'));

  const routed = routes.items.some(({ kind }) => kind === 'list')
    ? []
    : joinRaw(column(routes, 'spine_stub')).split('\n');
  for (const path of repo.glob(DOMAIN_DOCS)) {
    if (/(?:^|\/)README\.md$/.test(path) || routed.includes(path) || !hasLine(repo, path, marker)) continue;
    yield problem('marked-file-has-route', path, repo.at(path), `${path} is a pointer stub, but no route mentions it.`);
  }
  if (!context.sibling('workbench')) yield needsWorkbench('Where each route leads');
}

function* brokenRoute({ values, item }: Row, marker: RegExp, repo: Repo, workbench?: Repo): Generator<Remark> {
  const [, source = '', target = '', stub] = values.map(fromRoot);
  if (stub === undefined) {
    const message = 'A route needs a domain, a spine_source, a workbench_target and a spine_stub.';
    return yield problem('route-is-complete', `route:${values.at(-1) ?? ''}`, item, message);
  }
  const lost = (rule: string, path: string, trouble: string) =>
    problem(rule, path, item, `A route names \`${path}\`, which ${trouble}.`);
  if (!repo.isFile(source)) yield lost('source-exists', source, 'is not there');
  if (workbench && !workbench.isFile(target)) yield lost('target-exists', `workbench:${target}`, 'is not there');
  if (!repo.isFile(stub)) yield lost('stub-exists', stub, 'is not there');
  if (!hasLine(repo, source, marker)) yield lost('source-is-marked', source, 'is not marked as a stub');
  if (!hasLine(repo, stub, marker)) yield lost('stub-is-marked', stub, 'is not marked as a stub');
}
