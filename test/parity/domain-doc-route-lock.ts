import { BOUNDARY } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/doc-hygiene/domain-doc-route-lock.ts';
import { nearMisses } from './near-misses.ts';

const ROUTES = 'ops/bindings/domain.docs.routes.yaml';
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

export default nearMisses(gate, {
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
});
